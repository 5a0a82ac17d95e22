/*
 * Keys and progress, nothing else. Every page works without this file.
 *   /          to the search box
 *   Enter      in a form's field: on to the next one; in the last one: send
 *   Ctrl+Enter in a form: send, from wherever one is
 *   Up, Down   in a table of results: from row to row; Enter opens the row. Among boxes to tick:
 *              from box to box; the space bar ticks
 *   Escape     leaves the search box
 * [data-refresh]: replaced by what that address of ours gives, every two seconds; when that has no
 * data-refresh any more, the page is loaded again.
 */
(function () {
  "use strict";

  var body = document.body;

  function isTyping(el) {
    return el && (el.tagName === "INPUT" || el.tagName === "TEXTAREA" || el.tagName === "SELECT");
  }

  function searchBox() {
    return document.querySelector(".quick input[type=text]");
  }

  function fieldsOf(form) {
    return Array.prototype.filter.call(form.elements, function (el) {
      return el.type !== "hidden" && !el.disabled && isShown(el) && el.tagName !== "FIELDSET";
    });
  }

  /* What lies in a closed <details> is not on the way. */
  function isShown(el) {
    return el.checkVisibility ? el.checkVisibility() : el.offsetParent !== null;
  }

  /* In a form with several fields Enter moves on; the button and one-field forms send as usual. */
  function moveOn(event) {
    var el = event.target;
    var form = el.form;
    if (!form || el.tagName === "TEXTAREA" || el.tagName === "BUTTON" || form.method === "get") {
      return;
    }
    var fields = fieldsOf(form);
    var typed = fields.filter(isTyping);
    var at = fields.indexOf(el);
    if (typed.length < 2 || at < 0 || typed[typed.length - 1] === el) {
      return;
    }
    event.preventDefault();
    var next = fields[at + 1];
    next.focus();
    if (next.select) {
      next.select();
    }
  }

  function rowsOf(table) {
    return Array.prototype.filter.call(table.querySelectorAll("tbody tr"), function (row) {
      return row.querySelector("a[href]");
    });
  }

  /* From box to box; the boxes of one form are one column. */
  function stepBox(event, by) {
    var el = event.target;
    if (el.type !== "checkbox" || !el.form || !el.closest(".choose")) {
      return false;
    }
    var boxes = fieldsOf(el.form).filter(function (box) {
      return box.type === "checkbox" && box.closest(".choose");
    });
    var next = boxes[boxes.indexOf(el) + by];
    event.preventDefault();
    if (next) {
      next.focus();
    }
    return true;
  }

  function step(event, by) {
    if (stepBox(event, by)) {
      return;
    }
    var row = document.activeElement && document.activeElement.closest("tbody tr");
    var table = row ? row.closest("table") : document.querySelector("table.results");
    if (!table || (isTyping(event.target) && !event.target.closest(".quick, .search"))) {
      return;
    }
    var rows = rowsOf(table);
    var at = row ? rows.indexOf(row) : by > 0 ? -1 : 0;
    var next = rows[at + by];
    if (!next) {
      return;
    }
    event.preventDefault();
    next.querySelector("a[href]").focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.ctrlKey && event.target.form &&
        event.target.form.method === "post") {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) {
      return;
    }
    if (event.key === "/" && !isTyping(event.target) && searchBox()) {
      event.preventDefault();
      searchBox().focus();
      searchBox().select();
    } else if (event.key === "Enter") {
      moveOn(event);
    } else if (event.key === "ArrowDown") {
      step(event, 1);
    } else if (event.key === "ArrowUp") {
      step(event, -1);
    } else if (event.key === "Escape" && event.target === searchBox()) {
      searchBox().blur();
    }
  });

  /* A second click sends nothing; the server would refuse it as well. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") {
      return;
    }
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      form.removeAttribute("data-sent");
    });
  });

  function refresh(el) {
    fetch(el.getAttribute("data-refresh"), { credentials: "same-origin", redirect: "error" })
      .then(function (reply) {
        return reply.ok ? reply.text() : Promise.reject(reply.status);
      })
      .then(function (markup) {
        var parsed = new DOMParser().parseFromString(markup, "text/html");
        var fresh = parsed.body.firstElementChild;
        if (fresh && !fresh.hasAttribute("data-refresh")) {
          window.location.reload(); /* it is over: the results stand on the page now */
          return;
        }
        if (fresh) {
          el.replaceWith(document.adoptNode(fresh));
        }
        schedule();
      })
      .catch(function () {
        window.setTimeout(schedule, 8000);
      });
  }

  function schedule() {
    var el = body.querySelector("[data-refresh]");
    if (el) {
      window.setTimeout(refresh, 2000, el);
    }
  }

  var problems = document.getElementById("problems");
  if (problems) {
    problems.focus();
  }
  schedule();
})();
