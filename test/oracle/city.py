#!/usr/bin/env python3
"""M1 in a whole city: what levy-initial drafted from the city's own tables, against dated.sql over the same tables.

    test/oracle/city.py HOKENKA [--people N] [--seed S]

Makes a demo city in SQLite and reads its newest draft. From stays, periods, heads, incomes and circumstances as they stand in the
tables the debtors of the year are put together here once more (who stays with whom, whose debt, from when to when), so that the
desk's own way from tables to facts is looked at too, and not only the rules. Speaks TAP.
"""
import argparse
import collections
import datetime
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

import households

RATES = {  # the demo city's ordinance, from its text
    'medical': {'income_rate': '9.42', 'per_capita': 34700, 'per_household': 33600, 'cap': 660000},
    'support': {'income_rate': '3.04', 'per_capita': 11100, 'per_household': 10700, 'cap': 260000},
    'care': {'income_rate': '2.61', 'per_capita': 18700, 'per_household': 0, 'cap': 170000},
    'child': {'income_rate': '0.28', 'per_capita': 1740, 'per_household': 0, 'per_adult': 96, 'cap': 30000}}
ROUNDING = {'income_levy': 'per_person', 'reduction': 'net_per_item', 'component_unit': 1, 'total_unit': 1,
            'cap_basis': 'segment', 'special_household': 'month'}
CAUSES = {'51': 'move_out', '52': 'employer', '53': 'society', '54': 'death', '55': 'assistance', '56': 'late_stage'}
NEVER, ALWAYS = '9999-12-31', '0000-01-01'  # an open end; before everything


def plus(day, n):
    return str(datetime.date.fromisoformat(day) + datetime.timedelta(n))


def joined(rows):
    """Spans that follow each other without a gap are one; (from, to) or (who, from, to)."""
    out = []
    for row in sorted(rows, key=lambda r: r[-2:]):
        if out and out[-1][:-2] == row[:-2] and out[-1][-1] == row[-2]:
            out[-1] = (*out[-1][:-1], row[-1])
        elif not out or out[-1] != row:
            out.append(tuple(row))
    return out


def tables(db, fy, event):
    """Rows by household and by person, as known at an event."""
    known = f'known_from <= {event:d} and (known_to is null or known_to > {event:d})'
    first, end = f'{fy}-04-01', f'{fy + 1}-04-01'
    stays, heads = collections.defaultdict(lambda: collections.defaultdict(list)), collections.defaultdict(list)
    numbered = {r[0] for r in db.execute(f'select household_id from insured_household where {known} and valid_from < ? '
                                         'and (valid_to is null or valid_to > ?)', (end, first))}
    for h, p, is_head, f, t in db.execute('select household_id, person_id, is_head, valid_from, valid_to from membership '
                                          f'where {known} order by household_id, person_id, valid_from'):
        if h in numbered:
            stays[h][p].append((f, t or NEVER))
            if is_head:
                heads[h].append((p, f, t or NEVER))
    periods = collections.defaultdict(list)
    for p, f, t, by, cause in db.execute('select person_id, valid_from, valid_to, lost_by, lost_cause_ymd from insured_period '
                                         f'where {known}'):
        periods[p].append((f, t or NEVER, by, cause))
    births = dict(db.execute(f'select person_id, birth_ymd from person_identity where {known}'))
    incomes = {}
    db.row_factory = sqlite3.Row
    for r in db.execute(f'select * from income where {known} and income_year = ? order by person_id, source desc', (fy - 1,)):
        if r['source'] < 5:
            incomes[r['person_id']] = dict(r)
    marks = collections.defaultdict(list)
    for r in db.execute(f'select * from circumstance where {known} order by person_id, kind, day'):
        marks[r['person_id']].append(dict(r))
    db.row_factory = None
    return stays, heads, periods, births, incomes, marks


def add_income(m, row, born, fy):
    if row is None:
        m['income_known'] = born > f'{fy - 1 - 18}-12-31'
        return
    m['income_known'] = not row['is_undeclared']
    m['other_income'] = row['business_income'] + row['property_income'] + row['other_income']
    for ours, theirs in (('salary_revenue', 'salary_revenue'), ('pension_revenue', 'pension_revenue'), ('forestry_income', 'forestry_income'),
                         ('separate_income', 'separate_income'), ('separate_deduction', 'separate_deduction'),
                         ('net_loss', 'net_loss_carried'), ('casualty_loss', 'casualty_loss_carried'),
                         ('family_wages_paid', 'family_wages_paid'), ('family_wages_received', 'family_wages_received'),
                         ('fixed_asset_tax', 'fixed_asset_tax')):
        m[ours] = row[theirs]
    for key in ('salary_income', 'pension_income'):
        if row[key] is not None:
            m[key] = row[key]
    m['adjusted'] = row['salary_adjustment'] > 0


def after_month(month):
    y, m = int(month[:4]), int(month[5:7])
    return f'{y + m // 12}-{m % 12 + 1:02d}-01'


def add_marks(m, rows):
    for c in rows:
        if c['kind'] == 1:
            m.setdefault('leavings', []).append({'day': c['day'], 'code': c['code']})
        elif c['kind'] == 2:
            m.setdefault('births', []).append({'due': c['day'], 'multiple': c['code'] >= 2})
        elif c['kind'] == 3:
            m.setdefault('care_exempt', []).append({'from': c['day'], **({'to': after_month(c['last_month'])} if c['last_month'] else {})})
        elif c['kind'] == 4:
            m['former_dependant'] = c['day']
            if c['first_month']:
                m['former_dependant_from'] = c['first_month'] + '-01'
            if c['last_month']:
                m['former_dependant_until'] = after_month(c['last_month'])


def there_and_insured(stay, period):
    """The part of a period spent in the household; a move to another household ends it on the day of moving."""
    (sf, st), (pf, pt, by, cause) = stay, period
    f, t = max(sf, pf), min(st, pt)
    if f >= t:
        return None
    out = {'from': f}
    if st != NEVER and (pt == NEVER or pt > plus(st, 1)):
        out.update(to=st, cause='other')
    elif pt != NEVER:
        out.update(to=pt, cause=CAUSES.get(by, 'other'), cause_day=cause or pt)
    return out


def debtors(db, fy, as_of, event):
    """One case for every debtor of the year, by (household, debtor)."""
    first, end = f'{fy}-04-01', f'{fy + 1}-04-01'
    stays, heads, periods, births, incomes, marks = tables(db, fy, event)
    for h in sorted(stays):
        line = joined(heads[h])
        for who, hf, ht in line:
            if max(hf, first) >= min(ht, end):
                continue
            reign = (ALWAYS if hf <= first else hf, NEVER if ht >= end else ht)
            members = []
            for p in sorted(stays[h]):
                m = {'born': births[p], 'periods': []}
                for stay in joined(stays[h][p]):
                    for period in sorted(periods[p]):
                        x = there_and_insured(stay, period)
                        to = x.get('to', NEVER) if x else ''
                        if x and x['from'] < end and to > first and x['from'] < reign[1] and to > reign[0] and x['from'] <= as_of:
                            m['periods'].append(x)
                        lost = period[1]
                        if period[2] == '56' and stay[0] < lost <= stay[1] and lost <= as_of:
                            until = next((b for _, a, b in line if a < lost <= b), lost)
                            until = min(until, stay[1])
                            if lost < min(until, end) and until > first and lost < reign[1] and until > reign[0]:
                                m['late_stage'] = lost
                                m.pop('late_stage_end', None)
                                if until != NEVER:
                                    m['late_stage_end'] = until
                if p == who:
                    m['head'] = True
                elif not m['periods'] and 'late_stage' not in m:
                    continue
                add_income(m, incomes.get(p), births[p], fy)
                add_marks(m, marks[p])
                members.append(m)
            if not any(m['periods'] for m in members):
                continue
            case = {'id': f'{h}/{who}', 'fiscal_year': fy, 'rates': RATES, 'rounding': ROUNDING, 'members': members}
            if reign[0] != ALWAYS:
                case['liable_from'] = reign[0]
            if reign[1] != NEVER:
                case['liable_to'] = reign[1]
            yield (h, who, reign[0]), case


def drafted(db, number):
    """The draft's rows by household and debtor, oldest first."""
    out = collections.defaultdict(list)
    for row in db.execute('select household_id, debtor_id, from_ymd, outcome, tier, judge_yen, medical_yen, support_yen, care_yen, '
                          'child_yen, total_yen from draft_assessment where draft_no = ? order by household_id, from_ymd', (number,)):
        out[row[:2]].append(row[2:])
    return out


def decided(db, fy):
    """The decisions in force, by household and debtor, oldest first; what was corrected to nothing is nobody's."""
    out = collections.defaultdict(list)
    for row in db.execute('select household_id, debtor_id, from_ymd, outcome, tier, judge_yen, medical_yen, support_yen, care_yen, '
                          'child_yen, total_yen from decision where fiscal_year = ? and known_to is null order by household_id, from_ymd', (fy,)):
        out[row[:2]].append(row[2:])
    return out


def newest_draft(db):
    return db.execute("select draft_no, fiscal_year, as_of_ymd, known_no from draft where fiscal_year >= 2026 and kind = 'initial' order by draft_no desc limit 1").fetchone()


def correct(hokenka, city, folder, seed):
    """Other incomes for a third of the insured, then the whole city corrected in bulk; the day the correction looked at."""
    random_ = random.Random(seed)
    db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
    people = [r[0] for r in db.execute('select distinct p.person_no from insured_period i join person p on p.person_id = i.person_id '
                                       'where i.known_to is null and i.valid_to is null order by 1')]
    db.close()
    path = os.path.join(folder, 'incomes.csv')
    with open(path, 'w', encoding='utf8', newline='') as f:
        f.write('宛名番号,所得年,給与収入,公的年金等収入\r\n')
        for no in people:
            if random_.random() < 0.33:
                f.write(f'{no},2025,{random_.choice((0, 900000, 2100000, 3300000, 5200000, 9000000))},{random_.choice((0, 0, 1200000, 2400000))}\r\n')

    def job(*words):
        done = subprocess.run([hokenka, 'job', 'run', *words, '--city', city], check=True, stdout=subprocess.PIPE, text=True)
        return dict(line.split('\t')[-2:] for line in done.stdout.replace('  ', '').splitlines() if line.count('\t') == 1)

    job('import-incomes', '--path', path)
    told = job('levy-correct', '--year', '2026', '--as-of', '2026-06-16', '--issue-date', '2026-07-01')
    for side in ('increase', 'decrease'):
        if told[f'{side}.households'] != '0':
            job('levy-correct-confirm', '--draft', told[f'{side}.draft'], '--households', told[f'{side}.households'], '--difference', told[f'{side}.yen'])
    return '2026-06-16'


def compare(db, fy, as_of, event, theirs, judged=True):
    """judged False: the judged income itself is left out, which no decision is made for when amounts and tier stay."""
    at = (0, 1, 2, 3, 4, 5, 6) if judged else (0, 2, 3, 4, 5, 6)
    ours = list(debtors(db, fy, as_of, event))
    rows = []
    for i in range(0, len(ours), 5000):
        rows += households.oracle([c for _, c in ours[i:i + 5000]])
    wrong = []
    for (key, case), row in zip(ours, rows):
        found = theirs[key[:2]].pop(0) if theirs[key[:2]] else None
        if found is None and not judged and row[6] == 0:
            continue  # nothing to levy, nothing decided
        if found is None or [row[k] for k in at] != [found[2 + k] for k in at]:
            wrong.append((key, case, row[:7], found))
    left = [(k, x) for k, v in theirs.items() for x in v if x[-1] > 0]
    met = households.branches_of([{**c, 'kind': 'fee'} for _, c in ours], rows)
    return ours, wrong, left, met


def tell(number, ours, wrong, left, against):
    for key, case, mine, found in wrong[:5]:
        print('#', key, case, '\n# oracle', mine, '\n# program', found)
    for x in left[:5]:
        print('# only in the program:', x)
    bad = len(wrong) + len(left)
    print(f'{"" if not bad and ours else "not "}ok {number} - {len(ours)} debtors of a city: {bad} differ from {against} [M1 NHI-ASM-019]')
    return bool(bad or not ours)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('hokenka')
    p.add_argument('--people', type=int, default=20000)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--city', help='a city that is there already')
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        city = a.city or os.path.join(folder, 'city')
        if not a.city:
            subprocess.run([a.hokenka, 'demo', '--city', city, '--people', str(a.people), '--seed', str(a.seed), '--levy'], check=True,
                           stdout=subprocess.DEVNULL)
        db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
        number, fy, as_of, event = newest_draft(db)
        ours, wrong, left, met = compare(db, fy, as_of, event, drafted(db, number))
        before = decided(db, fy)
        db.close()
        bad = tell(6, ours, wrong, left, 'the draft of levy-initial')
        for name, count in sorted(met.items()):
            print(f'# branch in a city, {name}: {count}')
        if not a.city:
            as_of = correct(a.hokenka, city, folder, a.seed)
            db = sqlite3.connect(f'file:{city}/city.db?mode=ro', uri=True)
            after = decided(db, fy)
            changed = sum(1 for k, v in after.items() if before.get(k) != v)
            print(f'# decisions that were corrected: {changed}')
            ours, wrong, left, _ = compare(db, fy, as_of, 10 ** 15, after, judged=False)
            db.close()
            bad |= tell(7, ours, wrong, left, 'the decisions in force after a bulk correction') or changed == 0
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
