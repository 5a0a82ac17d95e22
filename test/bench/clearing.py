#!/usr/bin/env python3
"""P5: 200,000 receipts in one file, cleared: 5 s; beside the bare loader of the rows that it writes, and beside ledger and hledger adding up the same journal.

    test/bench/clearing.py HOKENKA [--people N] [--receipts N] [--store URL]

Prints what, measured, beside, ratio, separated by tabs.
"""
import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time


def run(command, env=None):
    began = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    if done.returncode not in (0, 1):
        sys.exit(f'{" ".join(command)}: exit {done.returncode}\n{done.stderr}')
    return time.monotonic() - began, done.stdout


def row(*columns):
    print('\t'.join(columns))
    sys.stdout.flush()


def write_file(city, path, receipts):
    """Receipts of instalments as they are due, a thousandth of them wrong in some way."""
    db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
    found = db.execute('''select l.notice_no, i.number, i.charged_yen from liability l join instalment i on i.liability_id = l.liability_id
        where l.levy_year = 2026 and l.known_to is null and i.known_to is null and i.charged_yen > 0
        order by i.number, l.notice_no limit ?''', (receipts,)).fetchall()
    db.close()
    with open(path, 'w', encoding='utf8', newline='') as f:
        f.write('収納方法,相当年度,通知書番号,期,収納額,領収日,収納日\r\n')
        for n, (notice, number, yen) in enumerate(found):
            if n % 1000 == 17:
                notice += 5000000
            if n % 1000 == 18:
                yen += 100
            f.write(f'40,2026,{notice:010d},{number:02d},{yen},2026-06-15,2026-06-16\r\n')
    return len(found)


def made(db, table):
    return db.execute("select sql from city.sqlite_master where type = 'table' and name = ?", (table,)).fetchone()[0]


def bare(city, folder):
    """The limit: the rows that clearing wrote, put by SQLite alone into empty tables with the same indexes, durable."""
    path = os.path.join(folder, 'bare.db')
    db = sqlite3.connect(path, isolation_level=None)
    db.execute('pragma journal_mode=wal')
    db.execute('pragma synchronous=full')
    db.execute('attach ? as city', (os.path.join(city, 'city.db'),))
    last = 'select max(receipt_file_id) from city.receipt_file'
    db.execute('pragma temp_store=memory')
    picked = (('receipt', f'select * from city.receipt where receipt_file_id = ({last})'),
              ('journal_entry', 'select * from city.journal_entry where known_from in (select known_from from temp.t_receipt)'),
              ('posting', 'select * from city.posting where known_from in (select known_from from temp.t_receipt)'))
    for table, wanted in picked:  # finding them is not the loader's work
        db.execute(f'create temp table t_{table} as {wanted}')
        db.execute(made(db, table))
        for (index,) in db.execute("select sql from city.sqlite_master where type = 'index' and tbl_name = ? and sql is not null", (table,)).fetchall():
            db.execute(index)
    began = time.monotonic()
    for table, _ in picked:
        db.execute(f'insert into main.{table} select * from temp.t_{table}')
    took = time.monotonic() - began
    rows = sum(db.execute(f'select count(*) from main.{t}').fetchone()[0] for t in ('receipt', 'journal_entry', 'posting'))
    db.close()
    return took, rows


ACCOUNTS = {1: 'Levied', 2: 'Due', 3: 'Received', 4: 'Overpaid', 12: 'Cash', 15: 'Carried'}


def journal(city, path):
    """The same journal as text for the programs that add up ledgers."""
    db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
    totals = {}
    with open(path, 'w', encoding='utf8') as f:
        before = None
        for entry, day, kind, account, yen in db.execute('''select e.entry_id, e.accounting_ymd, e.kind, p.account, p.yen
                from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
                where e.booked_year = 2026 order by e.entry_id, p.posting_id'''):
            if entry != before:
                f.write(f'\n{day} {kind}\n')
                before = entry
            name = ACCOUNTS.get(account, f'Other{account}')
            totals[name] = totals.get(name, 0) + yen
            f.write(f'    {name}    {yen} JPY\n')
    db.close()
    return totals


def peers(city, folder):
    path = os.path.join(folder, 'journal.ledger')
    totals = journal(city, path)
    began = time.monotonic()
    db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
    ours = dict(db.execute('''select p.account, sum(p.yen) from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
        where e.booked_year = 2026 group by p.account'''))
    took = time.monotonic() - began
    db.close()
    for program, command in (('ledger', ['ledger', '-f', path, 'balance', '--flat', '--no-total']), ('hledger', ['hledger', '-f', path, 'balance', '--flat', '-N'])):
        if not shutil.which(program):
            row(f'totals of the books by {program}', 'not installed', '-', '-')
            continue
        seconds, out = run(command)
        told = {}
        for line in out.splitlines():
            words = line.replace(',', '').split()
            if len(words) == 3:
                told[words[2]] = int(words[0])
        same = {k: v for k, v in totals.items() if v} == told
        row(f'totals of the books by {program}, {sum(1 for _ in open(path, encoding="utf8"))} lines', f'{seconds:.2f} s', f'the ledger here {took:.2f} s', f'{seconds / took:.1f}; {"the same totals" if same else "OTHER TOTALS"}')
    return ours


def main():
    p = argparse.ArgumentParser()
    p.add_argument('hokenka')
    p.add_argument('--people', type=int, default=300000)
    p.add_argument('--receipts', type=int, default=200000)
    p.add_argument('--store')
    p.add_argument('--keep')
    a = p.parse_args()
    folder = a.keep or tempfile.mkdtemp(prefix='hokenka-clearing.')
    city = os.path.join(folder, 'city')
    try:
        if not os.path.exists(city):
            run([a.hokenka, 'demo', '--city', city, '--people', str(a.people), '--seed', '1', '--levy'])
        path = os.path.join(folder, 'receipts.csv')
        n = write_file(city, path, a.receipts)
        took, out = run([a.hokenka, 'job', 'run', 'receive', '--city', city, '--path', path])
        limit, rows = bare(city, folder)
        row(f'{n} receipts read, cleared, durable', f'{took:.2f} s ({took / n * 200000:.2f} s per 200,000)', f'bare loader of the same {rows} rows {limit:.2f} s', f'{took / limit:.1f}')
        print(out)
        peers(city, folder)
    finally:
        if not a.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    main()
