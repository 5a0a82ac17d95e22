#!/bin/sh
# Writes data/banks.tsv from the registry package zengin-code (MIT licence): banks and branches of
# the transfer system. Run by hand, about monthly; the result is reviewed and committed. Needs npm
# and node. The program reads the file it was built with, never the net.
#
#     tools/import-banks.sh [VERSION]     (default: the newest)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
version=${1:-latest}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"
npm pack --silent "zengin-code@$version" > name
tar xzf "$(cat name)"
node -e '
const banks = require("./package/lib/zengin-code.js");
const version = require("./package/package.json").version;
const today = new Date().toISOString().slice(0, 10);
const lines = [];
const line = (key, x) => {
  if (/[\t\n]/.test(x.name + x.kana)) throw new Error("tab or line end in " + key);
  lines.push(key + "\t" + x.name + "\t" + x.kana);
};
for (const bank of Object.values(banks)) {
  if (!/^\d{4}$/.test(bank.code)) throw new Error("bank code " + bank.code);
  line(bank.code, bank);
  for (const branch of Object.values(bank.branches)) {
    if (!/^\d{3}$/.test(branch.code)) throw new Error("branch code " + branch.code);
    line(bank.code + "-" + branch.code, branch);
  }
}
if (lines.length < 20000) throw new Error("too few lines: " + lines.length);
lines.sort();
require("fs").writeFileSync(process.argv[1], [
  "# Banks and branches, sorted: code TAB name TAB kana; the code of a branch is BANK-BRANCH.",
  "# Source: npm package zengin-code " + version + " (MIT), imported " + today,
  "#         by tools/import-banks.sh.",
].concat(lines).join("\n") + "\n");
' "$work/banks.tsv"
mv "$work/banks.tsv" "$root/data/banks.tsv"
echo "data/banks.tsv: $(grep -vc '^#' "$root/data/banks.tsv") banks and branches"
