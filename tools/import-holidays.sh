#!/bin/sh
# Writes data/holidays.tsv from the registry package @holiday-jp/holiday_jp (MIT licence).
# Run by hand when a law moves a holiday; the result is reviewed and committed. Needs npm and node.
#
#     tools/import-holidays.sh [VERSION]     (default: the newest)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
version=${1:-latest}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
npm pack --silent "@holiday-jp/holiday_jp@$version" > name
tar xzf "$(cat name)"
node -e '
const list = require("./package/lib/holidays.js");
const holidays = list.default || list;
const version = require("./package/package.json").version;
const days = Object.keys(holidays).sort();
if (days.length < 1000) throw new Error("too few days: " + days.length);
const today = new Date().toISOString().slice(0, 10);
const out = [
  "# National holidays of Japan (国民の祝日に関する法律), one per line: day TAB name.",
  "# Source: npm package @holiday-jp/holiday_jp " + version + " (MIT), imported " + today,
  "#         by tools/import-holidays.sh. Days from the year after next on are as computed today:",
  "#         the equinoxes are fixed by the notice of the February before.",
];
for (const day of days) out.push(day + "\t" + holidays[day].name);
require("fs").writeFileSync(process.argv[1], out.join("\n") + "\n");
' "$work/holidays.tsv"
mv "$work/holidays.tsv" "$root/data/holidays.tsv"
echo "data/holidays.tsv: $(grep -vc '^#' "$root/data/holidays.tsv") days"
