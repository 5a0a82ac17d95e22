#!/bin/sh
# mkpage names file, line and column of every mistake, and dies of none:  mkpage.sh MKPAGE
set -u
mkpage=${1:?usage: mkpage.sh MKPAGE}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0

# refuse NAME LINE:COLUMN WORDS: about the page that body or page wrote
refuse() {
    n=$((n + 1))
    if "$mkpage" x "$dir/x.h" "$dir/x.c" "$dir/x.html" 2>"$dir/err"; then
        echo "not ok $n - $1 [F5]"
        echo "# was taken"
    elif grep -q "x.html:$2: error: .*$3" "$dir/err"; then
        echo "ok $n - $1 [F5]"
    else
        echo "not ok $n - $1 [F5]"
        sed 's/^/# /' "$dir/err"
    fi
}

head='page x
title "t"
view
  word text
  where link
  rows_of rows
    a text
  is_on flag
form f post
  a text "A"
---
'
body() { printf '%s%s' "$head" "$1" >"$dir/x.html"; }
page() { printf "$1" >"$dir/x.html"; }

body '<script>alert(1)</script>'; refuse 'a script' 12:9 'may not stand'
body '<p onclick="x">a</p>'; refuse 'a handler' 12:12 'event handler'
body '<p style="x">a</p>'; refuse 'an inline style' 12:10 'inline style'
body '<a href=/x>a</a>'; refuse 'an unquoted attribute' 12:10 'double quotes'
body '<a href="{word}">a</a>'; refuse 'a text that starts a URL' 12:15 'declare it link'
body '<a href="http://x/">a</a>'; refuse 'a foreign address' 12:11 'our own pages'
body '<a href="javascript:x">a</a>'; refuse 'a script as address' 12:11 'our own pages'
body '<a href="/x?{where}">a</a>'; refuse 'an address inside an address' 12:19 'may not stand in a URL'
body '<{word}>'; refuse 'a value as tag name' 12:2 "bare '<'"
body '<p {word}>a</p>'; refuse 'a value as attribute name' 12:9 'may not stand in a tag'
body '<form action="/x"></form>'; refuse 'a form by hand' 12:7 'adds token and id'
body '<input name="x">'; refuse 'a field by hand' 12:8 'declared in the head'
body '<p>{nothing}</p>'; refuse 'a name that is not declared' 12:12 'not declared'
body '<p>{is_on}</p>'; refuse 'a flag put out' 12:10 'cannot be put out'
body '<p>{if is_on}</p>{end}'; refuse 'a block that leaves the markup changed' 12:23 'markup changed'
body '{if is_on}<p>{else}</p>{end}'; refuse 'branches that differ' 12:24 'closes nothing'
body '{if is_on}x'; refuse 'a block without end' 12:11 'no {end}'
body '{for a in word}{end}'; refuse 'a loop over no rows' 12:15 'has no rows'
body '{for a in rows_of}{for a in rows_of}{end}{end}'; refuse 'a loop variable twice' 12:25 'outer loop'
body '<button accesskey="s">a</button>'; refuse 'a letter as access key inside a page' 12:21 'digits'
body '<p>a</b>'; refuse 'elements closed out of order' 12:9 'closes'
body '<p>a'; refuse 'an element left open' 12:5 'ends inside'
body '{form f action="/x"}{end}'; refuse 'a declared field that is not shown' 12:1 'does not show its field a'
body '{form f}{field a}{end}'; refuse 'a form without address' 12:9 'address is missing'
body '{form f action="/x"}{field b}{end}'; refuse 'a field that is not declared' 12:29 'has no field b'
body '{field a}'; refuse 'a field outside of a form' 12:7 'content of a {form}'
page 'page x\n---\n'; refuse 'a page without title' 1:1 'has no title'
page 'page x\ntitle "t"\nview\n  a texxt\n---\n'; refuse 'an unknown type' 4:5 'no type'
page 'page x\ntitle "t"\ncrumb "/a/{b}" "x"\n---\n'; refuse 'a value in the path of a crumb' 3:1 'is fixed'
page 'page x\ntitle "t"\nview\n  a text\n  a text\n---\n'; refuse 'a name twice' 5:3 'declared twice'
page 'page x\ntitle "t"\nview\n  if text\n---\n'; refuse 'a reserved name' 4:3 'means something'
page 'page x\ntitle "t"\nview\n  long text\n---\n'; refuse 'a word of C' 4:3 'means something in C'
page 'page x\ntitle "t"\nform f post\n  a choice "A"\n---\n'; refuse 'a choice without choices' 4:3 'without choices'
page 'page x\ntitle "t"\nform f\n  a text "A"\n---\n'; refuse 'a form neither post nor get' 3:6 'post'
page 'page x\ntitle "t'; refuse 'a quotation mark left open' 2:1 'not closed'
page 'page x\ntitle "t"\n'; refuse 'a head without end' 3:1 'ends with a line'
page 'page x\r\ntitle "t"\r\n---\r\n'; refuse 'CR LF' 1:1 'must be LF'
page ''; refuse 'an empty file' 1:1 'ends with a line'

# Cut after every 7th byte and with bytes changed: refused or taken, never a crash.
sample=$(dirname "$0")/../unit/sample/pages
crashes=0
i=0
size=$(wc -c <"$sample/places.html")
while [ "$i" -lt "$size" ]; do
    head -c "$i" "$sample/places.html" >"$dir/cut.html"
    "$mkpage" x "$dir/x.h" "$dir/x.c" "$dir/cut.html" "$sample/card.html" "$sample/node.html" 2>/dev/null
    [ $? -le 1 ] || crashes=$((crashes + 1))
    { head -c "$i" "$sample/places.html"; printf '{<"'; tail -c +$((i + 1)) "$sample/places.html"; } >"$dir/cut.html"
    "$mkpage" x "$dir/x.h" "$dir/x.c" "$dir/cut.html" "$sample/card.html" "$sample/node.html" 2>/dev/null
    [ $? -le 1 ] || crashes=$((crashes + 1))
    i=$((i + 7))
done
n=$((n + 1))
if [ "$crashes" -eq 0 ]; then echo "ok $n - truncated and damaged pages never crash the compiler [F6]"
else echo "not ok $n - truncated and damaged pages never crash the compiler [F6]"; echo "# $crashes"; fi

# The example of PAGES.md compiles.
n=$((n + 1))
sed -n '/^    page household/,/^The handler/p' "$(dirname "$0")/../../src/page/PAGES.md" | sed 's/^    //; /^The handler/d' >"$dir/example.html"
printf 'part person_card\nview\n  a text\n---\n{a}\n' >"$dir/card.html"
cp "$sample/node.html" "$dir/node.html"
if "$mkpage" party "$dir/x.h" "$dir/x.c" "$dir/example.html" "$dir/card.html" "$dir/node.html" 2>"$dir/err"; then
    echo "ok $n - the example of PAGES.md compiles"
else
    echo "not ok $n - the example of PAGES.md compiles"
    sed 's/^/# /' "$dir/err"
fi
echo "1..$n"
