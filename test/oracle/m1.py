#!/usr/bin/env python3
"""M1: the engine against an oracle in SQL that knows nothing of the rule files.

  m1.py --check-examples          the oracle alone against the published examples
  m1.py --hokenka build/hokenka --households 10000 [--seed N]
  m1.py --hokenka build/hokenka --dated 1000000 [--processes 2]   only the households with days

Two oracles: premium.sql for members said by an age (the published examples, a whole year), and
dated.sql for households with days (households.py): part years, a change of head, ages reached in the
year, special households, circumstances, the traps of incomes. How often each branch was met is
printed, and a branch met fewer than 100 times (at 10,000 households) fails the run. Speaks TAP.
"""
import argparse
import collections
import json
import multiprocessing
import os
import random
import sqlite3
import subprocess
import sys
import time

import households

HERE = os.path.dirname(os.path.abspath(__file__))
COMPONENTS = ('medical', 'support', 'care', 'child')
MEMBER = ('head', 'insured', 'age', 'preschool', 'unemployed', 'moved_to_elderly', 'earner',
          'salary_revenue', 'salary_income', 'pension_revenue', 'pension_income', 'other_income',
          'total_income', 'fixed_asset_tax')


def ppm(percent):
    """'7.71' percent as parts per million; exact or an error."""
    whole, _, part = str(percent).partition('.')
    return int(whole + (part + '0000')[:4])


def oracle(cases):
    """Result rows of the SQL: (reduction, judged income, medical, support, care, child, total)."""
    db = sqlite3.connect(':memory:')
    db.execute('create table household (hid integer primary key, fy, red, per, red_style, person_unit, unit, total_unit)')
    db.execute('create table rate (hid, comp, income_rate, asset_rate, per_capita, per_household, per_adult, cap, primary key (hid, comp)) without rowid')
    db.execute('create table member (hid, mid, ' + ', '.join(MEMBER) + ', primary key (hid, mid)) without rowid')
    styles = {'exact': 'exact', 'net_per_item': 'item', 'net_per_household': 'household', 'reduction_up': 'up'}
    pers = {'per_person': 'p', 'per_household': 'h', 'none': 'n'}
    for hid, c in enumerate(cases):
        r = c['rounding']
        db.execute('insert into household values (?,?,?,?,?,?,?,?)',
                   (hid, c['fiscal_year'], c.get('reduction'), pers[r['income_levy']], styles[r['reduction']],
                    r.get('component_person_unit', 1), r['component_unit'], r['total_unit']))
        for comp, q in c['rates'].items():
            db.execute('insert into rate values (?,?,?,?,?,?,?,?)',
                       (hid, comp, ppm(q['income_rate']), ppm(q.get('asset_rate', '0')), q['per_capita'],
                        q['per_household'], q.get('per_adult', 0), q['cap']))
        for mid, m in enumerate(c['members']):
            row = [m.get(k) for k in MEMBER]
            for i, k in enumerate(MEMBER):
                if k in ('head', 'insured', 'preschool', 'unemployed', 'moved_to_elderly'):
                    row[i] = int(bool(m.get(k)))
                elif k == 'earner' and row[i] is not None:
                    row[i] = int(bool(row[i]))
            db.execute(f'insert into member values (?,?{",?" * len(MEMBER)})', (hid, mid, *row))
    script = open(os.path.join(HERE, 'premium.sql'), encoding='utf8').read()
    views, _, query = script.rpartition('\n\n-- hid')
    db.executescript(views)
    return [row[1:] for row in db.execute('-- hid' + query)]


RATES = {  # made-up ordinances in the range of real ones
    'medical': (4, 10, 15000, 48000, 0, 36000), 'support': (1, 4, 5000, 18000, 0, 12000),
    'care': (1, 4, 5000, 20000, 0, 8000), 'child': (0, 1, 900, 2000, 0, 1200)}


def random_rates(rnd, fy):
    rates = {}
    for comp in COMPONENTS if fy >= 2026 else COMPONENTS[:3]:
        lo, hi, c0, c1, h0, h1 = RATES[comp]
        rates[comp] = {'income_rate': f'{rnd.randint(lo * 100 + 1, hi * 100) / 100:.2f}',
                       'per_capita': rnd.randint(c0, c1),
                       'per_household': rnd.choice((0, rnd.randint(h0, h1))),
                       'cap': {'medical': 660000, 'support': 260000, 'care': 170000, 'child': 30000}[comp]}
    if fy >= 2026:
        rates['child']['per_adult'] = rnd.choice((0, rnd.randint(50, 120)))
    if rnd.random() < 0.12:
        for comp in ('medical', 'support', 'care'):
            rates[comp]['asset_rate'] = f'{rnd.randint(100, 2700) / 100:.2f}'
    return rates


def random_income(rnd, m):
    kind = rnd.random()
    edge = rnd.random() < 0.25
    if kind < 0.22:
        m['total_income'] = 0
    elif kind < 0.55:
        m['salary_revenue'] = rnd.choice((550999, 551000, 650999, 651000, 1618999, 1619999, 1621999, 1623999,
                                          1627999, 1628000, 1799999, 1800000, 1899999, 1900000, 3599999,
                                          6599999, 8499999, 8500000)) if edge else rnd.randint(100000, 9000000)
        if rnd.random() < 0.05:
            m['salary_revenue'] = rnd.randint(9000000, 30000000)
        if rnd.random() < 0.1 and m['age'] < 65:
            m['unemployed'] = True
    elif kind < 0.8 and m['age'] >= 60:
        m['pension_revenue'] = rnd.choice((600000, 600001, 1100000, 1250000, 1250001, 1300000, 3299999, 3300000,
                                           4099999, 4100000)) if edge else rnd.randint(200000, 4500000)
        if rnd.random() < 0.25:
            m['salary_revenue'] = rnd.randint(300000, 3000000)
    elif kind < 0.93:
        m['total_income'] = rnd.choice((430000, 730000, 740000, 1050000)) if edge else rnd.randint(0, 6000000)
    else:
        m['total_income'] = rnd.choice((rnd.randint(23000000, 26000000), rnd.randint(6000000, 23000000)))
    if rnd.random() < 0.05 and 'total_income' not in m:
        m['other_income'] = rnd.randint(0, 2000000)
    if rnd.random() < 0.3:
        m['fixed_asset_tax'] = rnd.randint(0, 300000)


def random_case(rnd, number):
    fy = rnd.choice((2014, 2016, 2017, 2018, 2020, 2021, 2022, 2023, 2024, 2025, 2025, 2026, 2026, 2026))
    members = []
    for i in range(rnd.choice((1, 1, 1, 2, 2, 2, 3, 4, 5))):
        age = rnd.randint(20, 74) if i == 0 else rnd.choice((rnd.randint(0, 6), rnd.randint(0, 19), rnd.randint(20, 74), 39, 40, 64, 65, 17, 18))
        m = {'head': i == 0, 'insured': True, 'age': age}
        if age <= 6 and fy >= 2022:
            m['preschool'] = age <= 5
        if i == 0 and rnd.random() < 0.15:
            m['insured'] = False
            if rnd.random() < 0.5:
                m['moved_to_elderly'] = True
                m['age'] = rnd.randint(75, 95)
        elif i == 1 and rnd.random() < 0.08:
            m.update(insured=False, moved_to_elderly=True, age=rnd.randint(75, 95))
        if m['age'] >= 16:
            random_income(rnd, m)
        else:
            m['total_income'] = 0
        if rnd.random() < 0.02:
            m['earner'] = rnd.random() < 0.5
        members.append(m)
    if not any(m['insured'] for m in members):
        members.append({'head': False, 'insured': True, 'age': rnd.randint(20, 74), 'total_income': rnd.randint(0, 2000000)})
    rounding = {'income_levy': rnd.choice(('per_person', 'per_person', 'per_household', 'none')),
                'reduction': rnd.choice(('exact', 'exact', 'net_per_item', 'net_per_household', 'reduction_up')),
                'component_unit': rnd.choice((1, 1, 10, 100)), 'total_unit': rnd.choice((1, 1, 10, 100))}
    if rnd.random() < 0.08:
        rounding.update(income_levy='per_person', reduction='exact', component_person_unit=100, component_unit=100)
    case = {'id': f'r{number}', 'kind': rnd.choice(('fee', 'tax')), 'fiscal_year': fy, 'rates': random_rates(rnd, fy),
            'rounding': rounding, 'members': members}
    if rounding['reduction'] == 'net_per_household' or 'component_person_unit' in rounding:
        for m in members:  # where the order of two floorings is not written down anywhere
            m.pop('preschool', None)
    return case


def branches(cases, rows):
    """How often each branch of the law was met."""
    n = collections.Counter()
    for c, r in zip(cases, rows):
        n[f'fiscal year {c["fiscal_year"]}'] += 1
        n[f'reduction {r[0]}'] += 1
        for key, value in c['rounding'].items():
            n[f'{key} {value}'] += 1
        for i, comp in enumerate(COMPONENTS):
            if comp in c['rates']:
                n[f'{comp} levied' if r[2 + i] else f'{comp} nothing'] += 1
                if r[2 + i] >= c['rates'][comp]['cap'] // c['rounding']['component_unit'] * c['rounding']['component_unit']:
                    n[f'{comp} at the cap'] += 1
        n['asset levy'] += any('asset_rate' in q for q in c['rates'].values())
        heads = [m for m in c['members'] if m['head']]
        n['deemed head'] += not heads[0]['insured'] and not heads[0].get('moved_to_elderly', False)
        n['head moved to late-stage'] += bool(heads[0].get('moved_to_elderly'))
        for m in c['members']:
            n['preschool child'] += bool(m.get('preschool'))
            n['unemployed'] += bool(m.get('unemployed'))
            n['wages and pension'] += 'salary_revenue' in m and 'pension_revenue' in m
            n['pension, 65 and over'] += 'pension_revenue' in m and m['age'] >= 65
            n['pension, under 65'] += 'pension_revenue' in m and m['age'] < 65
            n['income over 24,000,000'] += m.get('total_income', 0) > 24000000
            n['earner given'] += 'earner' in m
    return n


def compare(cases, rows, answers):
    wrong = []
    for c, r, a in zip(cases, rows, answers):
        if 'error' in a:
            wrong.append((c, r, a))
            continue
        mine = {'reduction': r[0], 'judge_income': r[1], 'total': r[6]}
        theirs = {k: a.get(k) for k in mine}
        for i, comp in enumerate(COMPONENTS):
            mine[comp] = r[2 + i]
            theirs[comp] = a.get(comp, {}).get('amount', 0)
        if 'reduction' in c:
            theirs['judge_income'] = mine['judge_income']
        if mine != theirs:
            wrong.append((c, mine, theirs))
    return wrong


# ---- households with days ---------------------------------------------------------------------

CHUNK = 5000


def ask(hokenka, cases):
    text = ''.join(json.dumps(c) + '\n' for c in cases)
    done = subprocess.run([hokenka, 'simulate', 'premium'], input=text.encode(), stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.splitlines()]


def dated_share(job):
    """One process's share: differences (at most five in full), their number, and what was met."""
    hokenka, number, seed, cities = job
    wrong, met, n, took = [], collections.Counter(), 0, 0.0
    chunk = []
    source = households.households(random.Random(seed), number, cities)
    while True:
        chunk = [c for _, c in zip(range(CHUNK), source)]
        if not chunk:
            return wrong[:5], len(wrong), met, n, took
        rows = households.oracle(chunk)
        began = time.time()
        answers = ask(hokenka, chunk)
        took += time.time() - began
        n += len(answers)
        wrong += compare(chunk, rows, answers)
        wrong += [(c, 'no answer', None) for c in chunk[len(answers):]]
        met.update(households.branches_of(chunk, rows))


def check_dated(hokenka, number, seed, processes):
    cities = max(200, number // CHUNK)
    jobs = [(hokenka, number // processes, seed + i, cities // processes) for i in range(processes)]
    if processes > 1:
        with multiprocessing.Pool(processes) as pool:
            shares = pool.map(dated_share, jobs)
    else:
        shares = [dated_share(job) for job in jobs]
    met = sum((s[2] for s in shares), collections.Counter())
    bad, n = sum(s[1] for s in shares), sum(s[3] for s in shares)
    for c, mine, theirs in [x for s in shares for x in s[0]][:5]:
        print('# case', json.dumps(c, ensure_ascii=False))
        print('# oracle', mine, '\n# engine', theirs)
    for name, count in sorted(met.items()):
        print(f'# branch with days, {name}: {count}')
    thin = [name for name, count in met.items() if count < 100 * n / 10000]
    print(f'{"" if not bad and n else "not "}ok 4 - {n} random households with days (seed {seed}): {bad} differ from the SQL oracle '
          f'[M1 NHI-ASM-019]')
    print(f'{"" if not thin else "not "}ok 5 - every branch of the households with days is met often enough [M1] {" ".join(thin)}')
    print(f'# the engine answered in {max(s[4] for s in shares):.1f} s')
    return bool(bad or not n) + bool(thin)


def check_examples():
    cases = [json.loads(line) for line in open(os.path.join(HERE, '../data/examples/premium.jsonl'), encoding='utf8')]
    cases = [c for c in cases if 'exemption' not in c]
    rows = oracle(cases)
    bad = 0
    for c, r in zip(cases, rows):
        want = {'reduction': r[0], 'judge_income': r[1], 'total': r[6]}
        want.update({comp: r[2 + i] for i, comp in enumerate(COMPONENTS)})
        for key, value in c['expect'].items():
            value = value.get('amount') if isinstance(value, dict) else value
            if value is not None and want[key] != value:
                bad += 1
                print(f'# {c["id"]} {key}: oracle {want[key]}, published {value}')
    print(f'{"not " if bad else ""}ok 1 - the SQL oracle gives the published figures of {len(cases)} examples [M1 M2]')
    return bad


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--check-examples', action='store_true')
    p.add_argument('--hokenka')
    p.add_argument('--households', type=int, default=10000)
    p.add_argument('--seed', type=int, default=20260401)
    p.add_argument('--dated', type=int, help='only this many households with days')
    p.add_argument('--processes', type=int, default=1)
    a = p.parse_args()
    if a.dated:
        return check_dated(a.hokenka, a.dated, a.seed, a.processes)
    bad = check_examples()
    if a.hokenka:
        rnd = random.Random(a.seed)
        cases = [random_case(rnd, i) for i in range(a.households)]
        rows = oracle(cases)
        text = ''.join(json.dumps(c) + '\n' for c in cases)
        done = subprocess.run([a.hokenka, 'simulate', 'premium'], input=text.encode(), stdout=subprocess.PIPE)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        wrong = compare(cases, rows, answers)
        for c, mine, theirs in wrong[:5]:
            print('# case', json.dumps(c, ensure_ascii=False))
            print('# oracle', mine, '\n# engine', theirs)
        met = branches(cases, rows)
        for name, count in sorted(met.items()):
            print(f'# branch {name}: {count}')
        thin = [name for name, count in met.items() if count < 100 * a.households / 10000 and 'nothing' not in name]
        ok = not wrong and len(answers) == len(cases)
        print(f'{"" if ok else "not "}ok 2 - {len(cases)} random households (seed {a.seed}): {len(wrong)} differ from the SQL oracle [M1 NHI-ASM-019]')
        print(f'{"" if not thin else "not "}ok 3 - every branch is met often enough [M1] {" ".join(thin)}')
        bad += (not ok) + bool(thin)
        bad += check_dated(a.hokenka, a.households, a.seed, a.processes)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
