#!/bin/sh
# mkmessage: sorted rows out of several files; what is wrong is named with file and line.
set -u
tool=$(realpath "$1") || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n=0

# refuses NAME EXPECTED FILES...: the tool must fail and say EXPECTED
refuses() {
    n=$((n + 1))
    name=$1
    expected=$2
    shift 2
    if "$tool" out.c "$@" 2> err; then
        echo "not ok $n - $name (accepted)"
    elif grep -qF "$expected" err; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        sed 's/^/# /' err
    fi
}

echo 1..7
printf '# comment\nb.second\t二"\\?\t助言\n\na.first\t一\t\n' > one.tsv
printf 'c.third\t三\n' > two.tsv
n=1
if "$tool" out.c one.tsv two.tsv && [ "$(grep -n 'a.first\|b.second\|c.third' out.c | cut -d'"' -f2 |
    tr '\n' ' ')" = 'a.first b.second c.third ' ] && grep -qF '"二\"\\\?"' out.c; then
    echo "ok 1 - rows are sorted and quoted"
else
    echo "not ok 1 - rows are sorted and quoted"
fi
printf 'x.y\t文\t\nb.second\t文\t\n' > twice.tsv
refuses "an id that stands twice names both places" "one.tsv:2" one.tsv twice.tsv
printf 'ok.id\t文\n\nBad.Id\t文\n' > bad.tsv
refuses "a bad id is named with its line" "bad.tsv:3" bad.tsv
printf 'a.b\n' > bad.tsv
refuses "a line without sentence" "bad.tsv:1" bad.tsv
printf 'a.b\t文\t助言\tmore\n' > bad.tsv
refuses "a line with more than three columns" "bad.tsv:1" bad.tsv
printf 'a.b\t文\t助言\r\n' > bad.tsv
refuses "a carriage return" "bad.tsv:1" bad.tsv
refuses "a missing file" "none.tsv" none.tsv
