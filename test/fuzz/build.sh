#!/bin/sh
# Builds one fuzz target with libFuzzer, ASan and UBSan (clang):  test/fuzz/build.sh TARGET [OUTPUT]
# TARGET is a line of targets.list: name TAB the parts it needs. Its source is test/fuzz/TARGET.c.
# The parts of all targets are built once, under build/fuzz.
# HOKENKA_FUZZ_BUILD names another folder than build; HOKENKA_JOBS says how many compilers may run.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:?usage: test/fuzz/build.sh TARGET [OUTPUT]}
grep -q "^$target	" "$root/test/fuzz/targets.list" ||
    { echo "$target does not stand in test/fuzz/targets.list" >&2; exit 2; }
parts=$(grep -v '^#' "$root/test/fuzz/targets.list" | cut -f2 | tr , '\n' | sort -u | paste -sd, -)
build=${HOKENKA_FUZZ_BUILD:-$root/build}/fuzz
output=${2:-$build/$target}

# The generators run sanitized as well; what they leave to the end of the process is no finding.
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS
if [ ! -f "$build/build.ninja" ]; then
    CC=clang meson setup "$build" "$root" -Dparts="$parts" -Db_sanitize=address,undefined \
        -Db_lundef=false -Doptimization=1 -Dc_args=-fsanitize=fuzzer-no-link
fi
nice ninja -C "$build" -j"${HOKENKA_JOBS:-2}"

libs=
for lib in libsodium sqlite3 libpq jansson libcurl liboath libmicrohttpd harfbuzz harfbuzz-subset \
    cairo freetype2 zint; do
    if pkg-config --exists "$lib"; then
        libs="$libs $(pkg-config --cflags --libs "$lib")"
    fi
done
pkg-config --exists zint || libs="$libs -lzint"
# shellcheck disable=SC2086,SC2046 # lists of words
clang -std=c17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined \
    -fno-sanitize-recover=undefined -I"$root/src" -I"$build/src" -o "$output" \
    "$root/test/fuzz/$target.c" -Wl,--as-needed \
    -Wl,--start-group $(find "$build/src" -name '*.a') -Wl,--end-group $libs
