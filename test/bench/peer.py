#!/usr/bin/env python3
"""A peer for P1: the yearly levy set-wise in PostgreSQL, by the oracle's SQL over tables of the same facts.

    test/bench/peer.py CITY [--households 100000] [--households 1000000] [--conninfo C]

CITY is a city in SQLite with a draft (hokenka demo --levy). Its debtors, members, periods, incomes and circumstances are put into plain
tables with indexes and statistics; then test/oracle/dated.sql runs as one session with durable commits and its amounts go into a table.
Only that is timed: no explanation is stored, nothing is chained, facts are already where they are wanted. It must give the draft's
amounts. For the larger sizes the same debtors are repeated. One JSON line per size.
"""
import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'oracle'))
import city as cities  # noqa: E402
import households  # noqa: E402

PG = os.path.join(os.path.dirname(HERE), 'pg.sh')
# Sums of bigint are numeric in PostgreSQL, and numeric division does not floor.
SUM = ("create aggregate whole_sum (bigint) (sfunc = int8pl, stype = bigint, initcond = '0', combinefunc = int8pl, parallel = safe);\n")


def translated():
    """dated.sql for PostgreSQL; tables get statistics as they are made."""
    tables, query = households.script()
    text = tables.replace('create index temp.', 'create index ')
    out = []
    for part in re.sub(r'--[^\n]*', '', text).split(';'):
        if part.strip():
            out.append(part.strip() + ';')
            made = re.match(r'create temp table (\w+)', part.strip())
            if made:
                out.append(f'analyze {made.group(1)};')
    answer = 'create table levied as ' + re.sub(r'--[^\n]*', '', query).strip()
    sql = '\n'.join(out) + '\n' + answer
    return re.sub(r'\bsum\(', 'whole_sum(', sql.replace('<< (4 * c.mid)', '<< (4 * c.mid)::int'))


class Peer:
    def __init__(self, conninfo, folder):
        self.conninfo, self.folder = conninfo, folder
        self.psql('postgres', 'drop database if exists hokenka_peer', "create database hokenka_peer template template0 encoding 'UTF8' locale 'C.UTF-8'")

    def psql(self, database, *commands):
        done = subprocess.run(['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', f'{self.conninfo} dbname={database}'],
                              input=';\n'.join(commands) + ';\n', stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit('the peer failed')
        return done.stdout

    def load(self, cases):
        commands = [f'create table {name} ({columns})' for name, columns in households.TABLES.items()]
        for name, rows in households.rows_of(cases).items():
            path = os.path.join(self.folder, name + '.tsv')
            with open(path, 'w', encoding='utf8') as f:
                f.writelines('\t'.join('\\N' if v is None else str(v) for v in row) + '\n' for row in rows)
            commands.append(f"\\copy {name} from '{path}'\n")
        self.psql('hokenka_peer', SUM.rstrip(';\n'), *commands)

    def repeat(self, times, n):
        """The same debtors again under other numbers."""
        commands = []
        for name, columns in households.COLUMNS.items():
            if name != 'month':
                rest = ', '.join(columns.split()[1:])
                commands.append(f'insert into {name} select hid + {n} * i, {rest} from {name}, generate_series(1, {times - 1}) i where hid < {n}')
        self.psql('hokenka_peer', *commands)

    def run(self):
        index = [f'create index on {name} ({", ".join(c.split()[:1 if name == "household" else 2])})'
                 for name, c in households.COLUMNS.items() if name != 'month']
        self.psql('hokenka_peer', 'drop table if exists levied', *index, 'vacuum analyze')
        began = time.monotonic()
        self.psql('hokenka_peer', "set work_mem = '256MB'", 'set jit = off', "set temp_buffers = '256MB'", translated())
        took = time.monotonic() - began
        n, total = self.psql('hokenka_peer', 'select count(*), whole_sum(total) from levied').strip().split('|')
        return took, int(n), int(total)


def measure(city, sizes, conninfo):
    db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
    number, fy, as_of, event = db.execute('select draft_no, fiscal_year, as_of_ymd, known_no from draft where fiscal_year >= 2026 '
                                          'order by draft_no desc limit 1').fetchone()
    cases = [c for _, c in cities.debtors(db, fy, as_of, event)]
    drafted = db.execute('select count(*), sum(total_yen) from draft_assessment where draft_no = ? and total_yen > 0', (number,)).fetchone()
    with tempfile.TemporaryDirectory(prefix='hokenka-peer-') as folder:
        os.chmod(folder, 0o755)
        peer = Peer(conninfo, folder)
        peer.load(cases)
        base, now = len(cases), len(cases)
        for size in [base] + [s for s in sizes if s > base]:
            if size > now:
                times = -(-size // base)
                peer.psql('hokenka_peer', *(f'delete from {t} where hid >= {base}' for t in households.COLUMNS if t != 'month'))
                peer.repeat(times, base)
                now = base * times
            took, n, total = peer.run()
            yield {'bench': 'peer', 'households': n, 'seconds': round(took, 2), 'per_100000': round(took / n * 100000, 2),
                   'total_yen': total, 'same_as_draft': total == drafted[1] * (now // base)}
        peer.psql('postgres', 'drop database hokenka_peer')


def main():
    p = argparse.ArgumentParser()
    p.add_argument('city')
    p.add_argument('--households', type=int, action='append', default=[])
    p.add_argument('--conninfo')
    a = p.parse_args()
    conninfo = a.conninfo
    if not conninfo:
        done = subprocess.run(['sh', PG, 'start'], stdout=subprocess.PIPE, text=True, env=dict(os.environ, HOKENKA_TEST_PG_FSYNC='on'))
        conninfo = done.stdout.strip().splitlines()[-1]
    try:
        for line in measure(a.city, a.households, conninfo):
            print(json.dumps(line), flush=True)
            if not line['same_as_draft']:
                return 1
    finally:
        if not a.conninfo:
            subprocess.run(['sh', PG, 'stop', conninfo], stdout=subprocess.DEVNULL)
    return 0


if __name__ == '__main__':
    sys.exit(main())
