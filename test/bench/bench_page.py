#!/usr/bin/env python3
"""P3 and P8: pages on a clock.

    test/bench/bench_page.py BUILD [--engine sqlite|postgres] [--people N] [--seconds S] [--rate R] [--clients C] [--path PATTERN]

Makes a demo city, serves it, signs in as a clerk, and asks for the pages of real households (PATTERN
with {} for an id found on the search page) at a fixed rate over keep-alive connections, without and
beside a running batch. Prints one JSON line per measurement; figures are compared by test/bench/run.
"""
import argparse
import html.parser
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
PG = os.path.join(os.path.dirname(HERE), "pg.sh")


class Form(html.parser.HTMLParser):
    """The hidden fields of the form in <main>, and six figures standing alone (the demo's code)."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.inside = {}, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "main":
            self.inside = True
        if tag == "input" and self.inside and a.get("name"):
            self.fields.setdefault(a["name"], a.get("value", ""))


class Browser:
    def __init__(self, port):
        self.c = http.client.HTTPConnection("localhost", port, timeout=20)
        self.cookies = {}

    def ask(self, method, path, fields=None):
        body = urllib.parse.urlencode(fields) if fields is not None else None
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.c.request(method, path, body, headers)
        r = self.c.getresponse()
        text = r.read().decode()
        for line in r.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if r.status == 303:
            return self.ask("GET", r.headers["Location"])
        return r.status, text

    def sign_in(self, name):
        _, text = self.ask("GET", "/sign-in")
        fields = Form(text).fields | {"name": name, "password": f"hokenka-{name}"}
        _, text = self.ask("POST", "/sign-in", fields)
        code = re.search(r"\b\d{6}\b", text[text.index("<main"):]).group(0)
        status, text = self.ask("POST", "/sign-in/code", Form(text).fields | {"code": code})
        assert status == 200 and 'class="account"' in text, "signed in"


def serve(program, city, folder):
    port_file = os.path.join(folder, "port")
    p = subprocess.Popen([program, "serve", "--city", city, "--port", "0", "--port-file", port_file],
                         stdout=subprocess.DEVNULL)
    for _ in range(200):
        if os.path.exists(port_file):
            return p, int(open(port_file).read())
        time.sleep(0.05)
    sys.exit("the server did not start")


def pages(browser, pattern, wanted):
    """Addresses of `pattern` that the search pages link to."""
    found, link = [], re.compile('href="(' + re.escape(pattern).replace(r"\{\}", r"\d+") + ')[?"#]')
    for kana in "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨ":
        path = "/party/search?q=" + urllib.parse.quote(kana)
        status, text = browser.ask("GET", path)
        if status != 200:
            continue
        found += [a for a in link.findall(text) if a not in found]
        if len(found) >= wanted:
            break
    return found[:wanted]


def found(city, cluster, statement):
    """The first column of a statement, read beside the program."""
    command = ["psql", "-X", "-A", "-t", "-q", "-c", statement, f"{cluster.conninfo} dbname=bench_page"] if cluster.conninfo else \
        ["sqlite3", "-readonly", os.path.join(city, "city.db"), statement]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def measure(load, port, args, cookie, paths):
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as f:
        f.write("\n".join(paths) + "\n")
        f.flush()
        out = subprocess.run([load, str(port), str(args.clients), str(args.rate), str(args.seconds),
                              cookie, f.name], capture_output=True, text=True)
    return json.loads(out.stdout)


class Cluster:
    """A PostgreSQL cluster of its own with fsync on, and an empty database in it; none for SQLite."""

    def __init__(self, engine):
        self.conninfo, self.options = "", []
        if engine == "postgres":
            out = subprocess.run(["sh", PG, "start"], stdout=subprocess.PIPE, text=True, check=True,
                                 env=dict(os.environ, HOKENKA_TEST_PG_FSYNC="on"))
            self.conninfo = out.stdout.strip().splitlines()[-1]
            subprocess.run(["psql", "-q", f"{self.conninfo} dbname=postgres", "-c", "create database bench_page template template0 "
                            "encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'"], check=True)
            self.options = ["--store", f"postgres:{self.conninfo} dbname=bench_page"]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.conninfo:
            subprocess.run(["sh", PG, "stop", self.conninfo], stdout=subprocess.DEVNULL)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    p.add_argument("--people", type=int, default=20000)
    p.add_argument("--seconds", type=int, default=10)
    p.add_argument("--rate", type=int, default=200)
    p.add_argument("--clients", type=int, default=16)
    p.add_argument("--path", default="/household/{}")
    p.add_argument("--query", help="a statement that gives what stands in {}, instead of the search page's links")
    args = p.parse_args()
    program = os.path.join(args.build, "hokenka")
    with Cluster(args.engine) as cluster, tempfile.TemporaryDirectory(prefix="hokenka-bench-") as folder:
        load, city = os.path.join(folder, "load"), os.path.join(folder, "city")
        subprocess.run(["cc", "-std=c17", "-D_GNU_SOURCE", "-O2", "-o", load,
                        os.path.join(HERE, "load.c")], check=True)
        subprocess.run([program, "demo", "--city", city, "--people", str(args.people), "--seed", "1",
                        "--levy", *cluster.options], check=True, stdout=subprocess.DEVNULL)
        server, port = serve(program, city, folder)
        try:
            b = Browser(port)
            b.sign_in("clerk")
            cookie = "; ".join(f"{k}={v}" for k, v in b.cookies.items())
            paths = [args.path.replace("{}", n) for n in found(city, cluster, args.query)] if args.query else pages(b, args.path, 500)
            if not paths:
                sys.exit(f"no page {args.path} is linked from the search page")
            measure(load, port, argparse.Namespace(clients=args.clients, rate=args.rate, seconds=2),
                    cookie, paths)
            quiet = measure(load, port, args, cookie, paths)
            print(json.dumps({"bench": "page", "figure": "P3", "engine": args.engine, "path": args.path, "beside": "nothing",
                              **quiet}), flush=True)
            batch = subprocess.Popen(
                ["sh", "-c", 'while :; do n=$((n+1)); "$0" job run levy-initial --city "$1" --year 2026 '
                 '--as-of 2026-06-$(printf %02d $((n%28+1))) || exit 1; done', program, city],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(0.5)
            beside = batch.poll() is None
            busy = measure(load, port, args, cookie, paths)
            beside = beside and batch.poll() is None
            print(json.dumps({"bench": "page", "figure": "P3", "engine": args.engine, "path": args.path,
                              "beside": "batch" if beside else "nothing (no batch ran)", **busy}),
                  flush=True)
            if batch.poll() is None:
                os.killpg(batch.pid, signal.SIGTERM)
            batch.wait()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    main()
