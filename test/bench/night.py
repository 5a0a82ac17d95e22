#!/usr/bin/env python3
"""The night of a large city: every daily and monthly batch, one after the other.

    test/bench/night.py BUILD [--people N] [--former M] [--window HOURS] [--tap]

Makes a city of N residents and M people who were insured once (300,000 and 1,000,000: the scale the
five cities give for the business and its files), lets a day happen in the resident register outside,
and runs the night. Prints one line per batch and the sum beside the window. A run at full scale
leaves its result for the coverage of requirements beside those of the tests. With --tap it is the
test of a small city: the window shrinks with the number of residents, and a finding is a failure.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

FULL_PEOPLE, FULL_FORMER = 300000, 1000000
NAME = 'all batches of a night end inside it with 300,000 residents and 1,000,000 former insured [NHI-CMN-007]'


def batches(city, folder):
    changes, everybody = os.path.join(folder, 'changes.csv'), os.path.join(folder, 'everybody.csv')
    at = ['--city', city]
    return [('resident changes of the day', ['import', 'resident-changes', *at, changes]),
            ('name matching', ['job', 'run', 'name-match', *at]),
            ('calendar: birthdays, permits, placements', ['job', 'run', 'pending-calendar', *at]),
            ('judgement of those it concerns', ['job', 'run', 'judge-pending', *at]),
            ('yearly judgement of cost share and division', ['job', 'run', 'judge-yearly', *at, '--year', '2026']),
            ('comparison with the whole register', ['import', 'compare-residents', *at, everybody]),
            ('consistency between the desks', ['job', 'run', 'consistency', *at]),
            ('anchor of the audit log', ['job', 'run', 'audit-anchor', *at]),
            ('verify of every chain and ledger', ['verify', *at]),
            ('backup', ['backup', *at, os.path.join(folder, 'backup')])]


def run(program, arguments):
    began = time.monotonic()
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    took = time.monotonic() - began
    if done.returncode not in (0, 1):
        sys.exit(f'{" ".join(arguments)}: exit {done.returncode}\n{done.stdout[-2000:]}')
    return took, done


def register_outside(program, city, folder):
    residents, register = os.path.join(folder, 'residents.csv'), os.path.join(folder, 'register.db')
    run(program, ['export', 'residents', '--city', city, residents])
    run(program, ['outside', 'register', 'init', '--from', residents, '--file', register, '--day', '2026-06-15'])
    run(program, ['outside', 'register', 'day', '--file', register, '--day', '2026-06-16', '--out', os.path.join(folder, 'changes.csv')])
    run(program, ['outside', 'register', 'residents', '--file', register, '--out', os.path.join(folder, 'everybody.csv')])


def keep(build, status):
    path = os.path.join(build, 'test-results.tsv')
    rows = [r for r in open(path, encoding='utf8') if '\tbench/night\t' not in r] if os.path.exists(path) else []
    with open(path, 'w', encoding='utf8') as f:
        f.writelines(rows)
        f.write(f'{status}\tbench/night\t{NAME}\n')


def tap(a, total, findings):
    """One test: every batch came to its end without a finding, inside its part of the night."""
    window = a.window * 3600 * a.people / FULL_PEOPLE
    good = not findings and total < window
    print('\n'.join(f'# finds something: {what}' for what in findings))
    print(f'{"" if good else "not "}ok 1 - all batches of a night run through, of {a.people} residents and {a.former} former insured, '
          f'within {window:.0f} s [NHI-CMN-007]')
    print(f'# {total:.0f} s\n1..1')
    return 0 if good else 1


def main():
    p = argparse.ArgumentParser()
    p.add_argument('build')
    p.add_argument('--people', type=int, default=FULL_PEOPLE)
    p.add_argument('--former', type=int, default=FULL_FORMER)
    p.add_argument('--window', type=float, default=8.0, help='hours between the last counter and the first')
    p.add_argument('--tap', action='store_true', help='speak TAP, for the tests')
    a = p.parse_args()
    program, folder = os.path.join(a.build, 'hokenka'), tempfile.mkdtemp(prefix='hokenka-night.')
    city = os.path.join(folder, 'city')
    try:
        took, _ = run(program, ['demo', '--city', city, '--people', str(a.people), '--former', str(a.former), '--seed', '1', '--levy'])
        print(f'(city of {a.people} residents and {a.former} former insured made in {took:.0f} s)', flush=True)
        register_outside(program, city, folder)
        total, findings = 0.0, []
        for what, arguments in batches(city, folder):
            took, done = run(program, arguments)
            total += took
            if done.returncode == 1:
                findings.append(what)
            print(f'{what}\t{took:.1f} s' + ('\tWITH FINDINGS' if done.returncode == 1 else ''), flush=True)
        if a.tap:
            return tap(a, total, findings)
        inside = total < a.window * 3600
        print(f'the whole night\t{total:.0f} s\twindow {a.window * 3600:.0f} s\t{total / a.window / 36:.1f} %')
        if a.people >= FULL_PEOPLE and a.former >= FULL_FORMER:
            keep(a.build, 'passed' if inside else 'failed')
        return 0 if inside else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    sys.exit(main())
