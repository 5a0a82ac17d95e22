#!/bin/sh
# A private PostgreSQL cluster for tests: its own folder, a socket and no port, gone afterwards.
#
#   test/pg.sh start [PID]       prints the conninfo (give it to tests as HOKENKA_TEST_PG); with a
#                                process id the cluster goes away when that process does
#   test/pg.sh stop 'CONNINFO'   stops the cluster and removes its folder
#
# fsync is off: what is tested here is the program, not the disk. HOKENKA_TEST_PG_FSYNC=on turns it
# on for measurements. Databases live for seconds here: nothing is vacuumed, compiled or kept for standbys.
set -eu

self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
bin=
for folder in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /usr/bin; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && bin=$folder
done

as_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

start() {
    [ -n "$bin" ] || { echo 'PostgreSQL (initdb) is not installed' >&2; exit 1; }
    if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
        echo 'as root the user postgres is needed' >&2
        exit 1
    fi
    folder=$(mktemp -d "${TMPDIR:-/tmp}/hokenka-pg-XXXXXX")
    [ "$(id -u)" = 0 ] && chown postgres "$folder"
    chmod 700 "$folder"
    fsync=${HOKENKA_TEST_PG_FSYNC:-off}
    cd /
    as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
        --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
    as_owner "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" -o "\
-c listen_addresses= -c unix_socket_directories=$folder -c fsync=$fsync \
-c synchronous_commit=$([ "$fsync" = on ] && echo on || echo off) \
-c full_page_writes=$fsync -c max_connections=60 -c shared_buffers=128MB -c autovacuum=$fsync -c jit=off \
-c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=2GB -c client_min_messages=warning" start >/dev/null 2>&1 ||
        { cat "$folder/server.log" >&2; exit 1; }
    chmod 711 "$folder"
    if [ -n "${1:-}" ]; then
        setsid sh -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; "$2" stop "host=$3"' \
            watch "$1" "$self" "$folder" </dev/null >/dev/null 2>&1 &
    fi
    echo "host=$folder user=postgres"
}

stop() {
    folder=${1#host=}
    folder=${folder%% *}
    case $folder in
    */hokenka-pg-*) ;;
    *) echo "not a cluster of test/pg.sh: $folder" >&2; exit 2 ;;
    esac
    cd /
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}

case ${1:-} in
start) start "${2:-}" ;;
stop) stop "${2:?CONNINFO}" ;;
*) sed -n '2,10p' "$0"; exit 2 ;;
esac
