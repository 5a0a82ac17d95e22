"""Random households with days: what `simulate premium` is asked and what dated.sql reads.

Whole cities are made first (rates, rounding, year), then households of each: so that the engine's
plans and the caps stay the same for many cases. Every case says which branches it is for; what was
really met is counted from the oracle's own results (branches_of).
"""
import calendar
import collections
import datetime
import os
import sqlite3

HERE = os.path.dirname(os.path.abspath(__file__))
COMPONENTS = ('medical', 'support', 'care', 'child')
ARTICLE_6 = {'employer': 1, 'dependant': 1, 'late_stage': 2}
CAUSES = ('move_out', 'death', 'assistance', 'society', 'employer', 'dependant', 'other')
CODES = (11, 12, 21, 22, 23, 31, 32, 33, 34)
DAY = datetime.timedelta(1)


def code(text):
    """A day as the SQL has it; None stays."""
    if text is None:
        return None
    y, m, d = (int(x) for x in text.split('-'))
    return y * 372 + (m - 1) * 31 + d - 1


def day_in(rnd, first, last):
    """Any day, or one at the edge of a month."""
    d = first + DAY * rnd.randint(0, (last - first).days)
    edge = rnd.random()
    if edge < 0.15:
        d = d.replace(day=1)
    elif edge < 0.3:
        d = d.replace(day=calendar.monthrange(d.year, d.month)[1])
    elif edge < 0.36:
        d = d.replace(day=2)
    return min(max(d, first), last)


# ---- cities -------------------------------------------------------------------------------------

RATES = {'medical': (4, 10, 15000, 48000, 36000, 670000), 'support': (1, 4, 5000, 18000, 12000, 260000),
         'care': (1, 4, 5000, 20000, 8000, 170000), 'child': (0, 1, 900, 2000, 1200, 30000)}


def random_city(rnd, number):
    fy = rnd.choice((2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2023, 2024, 2025, 2025, 2026, 2026, 2026, 2026))
    assets = rnd.random() < 0.3
    rates = {}
    for comp in COMPONENTS if fy >= 2026 else COMPONENTS[:3]:
        lo, hi, c0, c1, h1, cap = RATES[comp]
        rates[comp] = {'income_rate': f'{rnd.randint(lo * 100 + 1, hi * 100) / 100:.2f}',
                       'per_capita': rnd.randint(c0, c1), 'per_household': rnd.choice((0, rnd.randint(1, h1))),
                       'cap': rnd.choice((cap, cap, cap, cap, cap, rnd.randint(cap // 8, cap // 2), rnd.randint(cap // 8, cap // 2), 20 * cap))}
        if comp != 'child' and assets:
            rates[comp]['asset_rate'] = f'{rnd.randint(100, 2700) / 100:.2f}'
    if fy >= 2026:
        rates['child']['per_adult'] = rnd.choice((0, rnd.randint(50, 120)))
    rounding = {'income_levy': rnd.choice(('per_person', 'per_person', 'per_household', 'none')),
                'reduction': rnd.choice(('exact', 'exact', 'net_per_item', 'net_per_household', 'reduction_up')),
                'component_unit': rnd.choice((1, 1, 10, 100)), 'total_unit': rnd.choice((1, 1, 10, 100)),
                'cap_basis': rnd.choice(('segment', 'segment', 'segment', 'year')),
                'special_household': rnd.choice(('month', 'month', 'levy_date'))}
    kind = 'tax' if rnd.random() < 0.4 else 'fee'
    if kind == 'tax':
        rounding['component_unit'] = rnd.choice((1, 100, 100))
        rounding['total_unit'] = 100
    if rnd.random() < 0.08:
        rounding.update(income_levy='per_person', reduction='exact', component_person_unit=100, component_unit=100)
    return {'number': number, 'kind': kind, 'fiscal_year': fy, 'rates': rates, 'rounding': rounding}


# ---- people -------------------------------------------------------------------------------------

def born_at(rnd, fy, age):
    """Somebody who is `age` at the beginning of the year or reaches it inside it."""
    first = datetime.date(fy - age - 1, 4, 2)
    return day_in(rnd, first, first + DAY * 364)


def random_birth(rnd, fy, is_head):
    kind = rnd.random()
    if kind < 0.24:  # reaches the age inside the year
        age = rnd.choice((40, 65, 75) if is_head else (40, 65, 75, 6, 18))
        return day_in(rnd, datetime.date(fy - age, 4, 1), datetime.date(fy - age + 1, 4, 2))
    if not is_head and kind < 0.3:  # the school years that end on 1 April
        return datetime.date(fy - rnd.choice((6, 18)), 4, rnd.choice((1, 2)))
    if kind < 0.33:
        return datetime.date(rnd.choice([y for y in range(fy - 76, fy - 38) if y % 4 == 0]), 2, 29)
    age = rnd.randint(20, 73) if is_head else rnd.choice((rnd.randint(0, 5), rnd.randint(0, 17), rnd.randint(18, 73)))
    born = born_at(rnd, fy, age)
    return min(born, datetime.date(fy, 3, 31))


def random_income(rnd, m, fy, age):
    """The traps of the judgement: wages, pensions, family business, gains, losses, decided figures."""
    kind = rnd.random()
    edge = rnd.random() < 0.25
    if kind < 0.2:
        pass
    elif kind < 0.5:
        m['salary_revenue'] = rnd.choice((550999, 551000, 650999, 651000, 1618999, 1619999, 1621999, 1623999, 1627999, 1628000,
                                          1799999, 1800000, 1899999, 1900000, 3599999, 6599999, 8499999, 8500000,
                                          550000, 550001)) if edge else rnd.randint(100000, 7000000)
        if rnd.random() < 0.08:
            m['salary_revenue'] = rnd.randint(8400000, 30000000)
            m['adjusted'] = rnd.random() < 0.6
        if rnd.random() < 0.06:
            m['salary_income'] = rnd.randint(0, m['salary_revenue'])
    elif kind < 0.78 and age >= 60:
        m['pension_revenue'] = rnd.choice((600000, 600001, 1100000, 1250000, 1250001, 1299999, 1300000, 3299999, 3300000, 4099999,
                                           4100000, 7700000, 10000000)) if edge else rnd.randint(200000, 4500000)
        if rnd.random() < 0.3:
            m['salary_revenue'] = rnd.randint(300000, 3000000)
        if rnd.random() < 0.05:
            m['pension_income'] = rnd.randint(0, m['pension_revenue'])
        if rnd.random() < 0.09:
            m['other_income'] = rnd.randint(9000000, 25000000)  # lowers the deduction of pensions
    elif kind < 0.96:
        m['other_income'] = rnd.choice((430000, 730000, 740000, 1050000)) if edge else rnd.randint(0, 6000000)
    else:
        m['other_income'] = rnd.choice((rnd.randint(23000000, 26000000), rnd.randint(6000000, 23000000)))
    if rnd.random() < 0.07:
        m['separate_income'] = rnd.randint(0, 60000000)
        if rnd.random() < 0.7:
            m['separate_deduction'] = rnd.choice((1000000, 15000000, 30000000, 50000000))
    if not m.get('other_income') and rnd.random() < (0.4 if 'separate_income' in m else 0.05):
        m['other_income'] = -rnd.randint(1, 3000000)  # a loss of the business
    if rnd.random() < 0.05:
        m['net_loss'] = rnd.randint(1, 2000000)
    if rnd.random() < 0.05:
        m['casualty_loss'] = rnd.randint(1, 1500000)
    if rnd.random() < 0.02:
        m['forestry_income'] = rnd.randint(0, 3000000)
    if rnd.random() < 0.3:
        m['fixed_asset_tax'] = rnd.randint(0, 300000)


def family_business(rnd, owner, worker):
    wage = rnd.choice((500000, 860000, 960000, rnd.randint(100000, 3000000)))
    owner['other_income'] = rnd.randint(-500000, 4000000)
    owner['family_wages_paid'] = wage
    worker['salary_revenue'] = wage + (rnd.randint(0, 1000000) if rnd.random() < 0.3 else 0)
    worker['family_wages_received'] = wage
    worker.pop('salary_income', None)


def random_periods(rnd, fy, born):
    """When somebody is insured; mostly all year."""
    start, end = datetime.date(fy, 4, 1), datetime.date(fy + 1, 3, 31)
    before = max(born, datetime.date(fy - rnd.randint(1, 12), rnd.randint(1, 12), rnd.randint(1, 28)))
    before = min(before, start)
    birthday_75 = born.year + 75
    kind = rnd.random()
    late = datetime.date(birthday_75, 3, 1) if (born.month, born.day) == (2, 29) and not calendar.isleap(birthday_75) \
        else born.replace(year=birthday_75)
    if late <= start:
        return []
    if late <= end and rnd.random() < 0.6:
        return [{'from': str(before), 'to': str(late), 'cause': 'late_stage', **({'cause_day': str(late)} if rnd.random() < 0.5 else {})}]
    if kind < 0.6:
        return [{'from': str(before)}]
    first = max(day_in(rnd, start, end), born)
    if first > end:
        return [{'from': str(before)}]
    if kind < 0.74:
        return [{'from': str(first)}]
    cause = rnd.choice(CAUSES)
    if kind < 0.9:
        lost, joined = day_in(rnd, start + DAY, end), before
    else:  # joins and leaves inside the year, perhaps inside a month
        joined = first
        lost = min(first + DAY * rnd.choice((1, rnd.randint(1, 27), rnd.randint(1, 200))), end + DAY)
    rows = [{'from': str(joined), 'to': str(lost), 'cause': cause}]
    if cause in ('employer', 'dependant'):
        if rnd.random() < 0.85:
            rows[0]['cause_day'] = str(lost - DAY)
    elif cause == 'death':
        return rows
    if kind > 0.86 and lost < end and cause != 'move_out':  # comes back
        rows.append({'from': str(day_in(rnd, lost, end))})
    return rows


def circumstances(rnd, m, fy, born, age):
    start = datetime.date(fy, 4, 1)
    if age < 66 and age >= 18 and m.get('salary_revenue') and rnd.random() < 0.3:
        left = day_in(rnd, start - DAY * 760, start + DAY * 300)
        m['leavings'] = [{'day': str(left), 'code': rnd.choice(CODES + CODES + (13, 25, 35, 40))}]
    if 20 <= age <= 45 and rnd.random() < 0.12:
        due = day_in(rnd, start - DAY * 80, start + DAY * 400)
        b = {'due': str(due)}
        if rnd.random() < 0.5:
            b['born'] = str(due + DAY * rnd.randint(-30, 20))
        if rnd.random() < 0.45:
            b['multiple'] = True
        m['births'] = [b]
    if 65 <= age <= 74 and rnd.random() < 0.3:
        day = day_in(rnd, start - DAY * 900, start + DAY * 300)
        m['former_dependant'] = str(day)
        if rnd.random() < 0.25:
            m['former_dependant_from'] = str(day_in(rnd, start, start + DAY * 300).replace(day=1))
        if rnd.random() < 0.15:
            m['former_dependant_until'] = str(day_in(rnd, start + DAY * 40, start + DAY * 300).replace(day=1))
    if 39 <= age <= 65 and rnd.random() < 0.12:
        day = day_in(rnd, start - DAY * 200, start + DAY * 300)
        m['care_exempt'] = [{'from': str(day), **({'to': str(day_in(rnd, day, start + DAY * 360))} if rnd.random() < 0.6 else {})}]
    if rnd.random() < 0.025:
        m['income_known'] = False


def random_member(rnd, fy, is_head):
    born = random_birth(rnd, fy, is_head)
    age = fy - born.year - ((4, 1) < (born.month, born.day))
    m = {'born': str(born)}
    if is_head:
        m['head'] = True
    if age >= 16:
        random_income(rnd, m, fy, age)
    circumstances(rnd, m, fy, born, age)
    m['periods'] = random_periods(rnd, fy, born)
    return m


def moved_member(rnd, fy, is_head):
    """Left for late-stage care and lives here still: special same household."""
    start = datetime.date(fy, 4, 1)
    day = day_in(rnd, datetime.date(fy - 9, 1, 1), start + DAY * 250)
    born = day.replace(year=day.year - 75) if (day.month, day.day) != (2, 29) else datetime.date(day.year - 75, 3, 1)
    m = {'born': str(born), 'late_stage': str(day),
         'periods': [{'from': str(day - DAY * 4000), 'to': str(day), 'cause': 'late_stage', 'cause_day': str(day)}]}
    if rnd.random() < 0.2:
        m['late_stage_end'] = str(day_in(rnd, max(day, start), start + DAY * 350))
    if is_head:
        m['head'] = True
    random_income(rnd, m, fy, 76)
    if rnd.random() < 0.02:
        m['income_known'] = False
    return m


def insured_at_all(case):
    """Somebody has a period that touches the year and the debtor's time."""
    fy = case['fiscal_year']
    first, last = f'{fy}-04-01', f'{fy + 1}-03-31'
    lf, lt = case.get('liable_from', first), case.get('liable_to', f'{fy + 1}-04-01')
    return any(p['from'] <= last and p.get('to', '9999') > max(first, lf) and p['from'] < lt
               for m in case['members'] for p in m['periods'])


LINES = {2014: (245, 450), 2015: (260, 470), 2016: (265, 480), 2017: (270, 490), 2018: (275, 500), 2019: (280, 510), 2023: (290, 535),
         2024: (295, 545), 2025: (305, 560), 2026: (310, 570)}


def on_a_line(rnd, fy, members):
    """Small wages and pensions of all, and the head's business so that the sum lies at a line of 7/5/2."""
    five, two = LINES.get(fy, (285, 520))
    others, n = 0, 0
    for m in members:
        for key in ('salary_revenue', 'salary_income', 'pension_revenue', 'pension_income', 'other_income', 'separate_income', 'net_loss',
                    'casualty_loss', 'forestry_income', 'adjusted', 'leavings', 'family_wages_paid', 'family_wages_received'):
            m.pop(key, None)
        n += bool(m['periods']) or 'late_stage' in m
        if m['born'] > f'{fy - 20}':
            continue
        if rnd.random() < 0.5:
            m['salary_revenue'] = rnd.choice((550000, 550001, 551000, 600000))
            others += m['salary_revenue'] - 550000 if m['salary_revenue'] > 550999 and 2021 <= fy <= 2025 else 0
            if rnd.random() < 0.4:
                m['family_wages_received'] = m['salary_revenue']
                others -= m['salary_revenue'] - 550000 if m['salary_revenue'] > 550999 and 2021 <= fy <= 2025 else 0
        elif rnd.random() < 0.7:
            m['pension_revenue'] = rnd.choice((1100001, 1200000, 1250000, 1250001)) if m['born'] <= f'{fy - 65}-01-01' else rnd.choice((600000, 600001))
            others += m['pension_revenue'] == 600001
    head = next(m for m in members if m.get('head'))
    line = (330000 if fy <= 2020 else 430000 + 100000 * rnd.choice((0, 0, 1, 2))) + 1000 * rnd.choice((0, five, two)) * n
    head['other_income'] = max(0, line - others + rnd.choice((-1, 0, 0, 1, 1, -50000)))


def random_household(rnd, city, number):
    """One case, or two when the head changes: the same people under two debtors."""
    fy = city['fiscal_year']
    members = []
    special = rnd.random() < 0.22
    n = rnd.choice((1, 1, 1, 2)) if special else rnd.choice((1, 1, 2, 2, 2, 3, 4, 5))
    if special:
        members.append(moved_member(rnd, fy, rnd.random() < 0.6))
    for _ in range(n):
        members.append(random_member(rnd, fy, not any(m.get('head') for m in members)))
    heads = [m for m in members if m.get('head')]
    if not special and rnd.random() < 0.1:
        heads[0]['periods'] = []  # covered by his employer: head all the same
        if len(members) == 1:
            members.append(random_member(rnd, fy, False))
    if rnd.random() < 0.15:
        on_a_line(rnd, fy, members)
    elif len(members) > 1 and rnd.random() < 0.1:
        family_business(rnd, *rnd.sample(members, 2))
    base = {'kind': city['kind'], 'fiscal_year': fy, 'rates': city['rates'], 'rounding': city['rounding']}
    if len(members) > 1 and rnd.random() < 0.12:
        day = day_in(rnd, datetime.date(fy, 4, 2), datetime.date(fy + 1, 3, 30))
        after = [dict(m) for m in members]
        for m in after:
            m.pop('head', None)
        after[rnd.choice([i for i, m in enumerate(members) if not m.get('head')])]['head'] = True
        if rnd.random() < 0.5:  # the head who goes is no more of the special same household
            for m in after:
                if 'late_stage' in m and m['late_stage'] < str(day):
                    m.pop('late_stage')
        found = [{'id': f'{number}a', **base, 'members': members, 'liable_to': str(day)},
                 {'id': f'{number}b', **base, 'members': after, 'liable_from': str(day)}]
    else:
        found = [{'id': str(number), **base, 'members': members}]
    return [c for c in found if insured_at_all(c)]


def households(rnd, n, cities=200):
    """n cases, city after city."""
    made, left = 0, n
    for number in range(cities):
        city = random_city(rnd, number)
        share = left // (cities - number)
        got = []
        while len(got) < share:
            got += random_household(rnd, city, made + len(got))
        got = got[:share]
        made += len(got)
        left -= len(got)
        yield from got


# ---- the oracle ---------------------------------------------------------------------------------

COLUMNS = {
    'household': 'hid fy lf lt per style pu unit total cap_year special_day', 'rate': 'hid comp ppm asset_ppm capita house adult cap',
    'member': 'hid mid head born known salary salary_income pension pension_income other forestry sep sep_ded net_loss casualty fam_paid '
              'fam_recv adjusted asset late late_end fd fd_from fd_until',
    'period': 'hid mid f t cause cday', 'birth': 'hid mid due born multiple', 'leaving': 'hid mid day next code',
    'exempt': 'hid mid f t', 'month': 'k'}
TABLES = {name: ', '.join(f'{c} {"text" if c in ("per", "style") else "bigint"}' for c in columns.split())
          for name, columns in COLUMNS.items()}
STYLES = {'exact': 'exact', 'net_per_item': 'item', 'net_per_household': 'household', 'reduction_up': 'up'}
PERS = {'per_person': 'p', 'per_household': 'h', 'none': 'n'}


def ppm(percent):
    whole, _, part = str(percent).partition('.')
    return int(whole + (part + '0000')[:4])


def rows_of(cases):
    out = {name: [] for name in TABLES}
    out['month'] = [(k,) for k in range(12)]
    for hid, c in enumerate(cases):
        r = c['rounding']
        out['household'].append((hid, c['fiscal_year'], code(c.get('liable_from')), code(c.get('liable_to')), PERS[r['income_levy']],
                                 STYLES[r['reduction']], r.get('component_person_unit'), r['component_unit'], r['total_unit'],
                                 int(r['cap_basis'] == 'year'), int(r['special_household'] == 'levy_date')))
        for comp, q in c['rates'].items():
            out['rate'].append((hid, COMPONENTS.index(comp), ppm(q['income_rate']), ppm(q.get('asset_rate', '0')), q['per_capita'],
                                q['per_household'], q.get('per_adult', 0), q['cap']))
        for mid, m in enumerate(c['members']):
            g = m.get
            out['member'].append((hid, mid, int(g('head', False)), code(m['born']), int(g('income_known', True)), g('salary_revenue', 0),
                                  g('salary_income'), g('pension_revenue', 0), g('pension_income'), g('other_income', 0),
                                  g('forestry_income', 0), g('separate_income', 0), g('separate_deduction', 0), g('net_loss', 0),
                                  g('casualty_loss', 0), g('family_wages_paid', 0), g('family_wages_received', 0),
                                  int(g('adjusted', False)), g('fixed_asset_tax', 0), code(g('late_stage')), code(g('late_stage_end')),
                                  code(g('former_dependant')), code(g('former_dependant_from')), code(g('former_dependant_until'))))
            for p in m['periods']:
                out['period'].append((hid, mid, code(p['from']), code(p.get('to')), ARTICLE_6.get(p.get('cause'), 0), code(p.get('cause_day'))))
            for b in g('births', ()):
                out['birth'].append((hid, mid, code(b['due']), code(b.get('born')), int(b.get('multiple', False))))
            for x in g('leavings', ()):
                following = datetime.date.fromisoformat(x['day']) + DAY
                out['leaving'].append((hid, mid, code(x['day']), code(str(following)), x['code']))
            for x in g('care_exempt', ()):
                out['exempt'].append((hid, mid, code(x['from']), code(x.get('to'))))
    return out


def script():
    """The statements of dated.sql that make tables, and the last one that asks."""
    text = open(os.path.join(HERE, 'dated.sql'), encoding='utf8').read()
    tables, _, query = text.rpartition('\n\n-- hid')
    return tables, '-- hid' + query


def oracle(cases):
    db = sqlite3.connect(':memory:')
    db.execute('pragma temp_store=memory')
    for name, rows in rows_of(cases).items():
        db.execute(f'create table {name} ({TABLES[name]})')
        if rows:
            db.executemany(f'insert into {name} values ({",".join("?" * len(rows[0]))})', rows)
    for name in ('household', 'rate', 'member', 'period', 'birth', 'leaving', 'exempt'):
        db.execute(f'create index {name}_id on {name} ({", ".join(COLUMNS[name].split()[:1 if name == "household" else 2])})')
    tables, query = script()
    db.execute('analyze')
    sqlite = lambda text: text.replace('GREATEST(', 'max(').replace('LEAST(', 'min(')
    db.executescript(sqlite(tables))
    return [row[1:] for row in db.execute(sqlite(query))]


# ---- what was met -------------------------------------------------------------------------------

def reaches(c, age):
    fy = c['fiscal_year']
    return any(f'{fy - age}-04-02' <= m['born'] <= f'{fy - age + 1}-04-01' and m['periods'] for m in c['members'])


def on_line(c, r):
    """The judged income is a line of the tiers, or one yen over it."""
    fy, people, earners = c['fiscal_year'], r[7], r[8]
    base = 330000 if fy <= 2020 else 430000 + 100000 * max(0, earners - 1)
    return any(r[1] - base - 1000 * x * people in (0, 1) for x in (0, *LINES.get(fy, (285, 520))))


def branches_of(cases, rows):
    n = collections.Counter()
    for c, r in zip(cases, rows):
        red, _, *amounts = r[:6]
        people, earners, months, segments, capped, special = r[7:]
        fy, members = c['fiscal_year'], c['members']
        first, last = f'{fy}-04-01', f'{fy + 1}-03-31'
        n[f'fiscal year {fy}'] += 1
        n[f'reduction {red}'] += 1
        n[f'months {months}'] += 1
        n['one composition' if segments == 1 else 'several compositions'] += 1
        n['three compositions or more'] += segments >= 3
        n['a component at its cap'] += capped
        n['capped, compositions change, cap by segment'] += capped and segments > 1 and c['rounding']['cap_basis'] == 'segment'
        n['capped, compositions change, cap by year'] += capped and segments > 1 and c['rounding']['cap_basis'] == 'year'
        n['special household, half'] += special == 2 and people > 0
        n['special household, three quarters'] += special == 1 and people > 0
        n['special household judged on the levy date'] += special > 0 and c['rounding']['special_household'] == 'levy_date'
        n['two earners or more'] += earners >= 2
        n['on a line of 7/5/2'] += on_line(c, r)
        n['head changes: who goes'] += 'liable_to' in c
        n['head changes: who comes'] += 'liable_from' in c
        n[f'kind {c["kind"]}'] += 1
        for key, value in c['rounding'].items():
            n[f'{key} {value}'] += 1
        for comp, amount in zip(COMPONENTS, amounts):
            n[f'{comp} levied'] += amount > 0
        for age in (40, 65, 75):
            n[f'reaches {age} in the year'] += reaches(c, age)
        head = next(m for m in members if m.get('head'))
        n['deemed head'] += not head['periods']
        n['head moved to late-stage care'] += 'late_stage' in head
        n['undeclared'] += any(not m.get('income_known', True) for m in members)
        n['asset levy'] += any('asset_rate' in q for q in c['rates'].values()) and any(m.get('fixed_asset_tax') for m in members)
        for m in members:
            n['preschool child, half'] += fy >= 2022 and m['born'] >= f'{fy - 6}-04-02' and bool(m['periods'])
            n['under 18, nothing of the child part'] += fy >= 2026 and m['born'] >= f'{fy - 18}-04-02' and bool(m['periods'])
            n['born 29 February'] += m['born'].endswith('-02-29')
            n['expecting, one child'] += any(not b.get('multiple') for b in m.get('births', ())) and fy >= 2023
            n['expecting, several'] += any(b.get('multiple') for b in m.get('births', ())) and fy >= 2023
            n['born after the day it was due'] += any('born' in b for b in m.get('births', ()))
            n['left work, counts'] += any(x['code'] in CODES for x in m.get('leavings', ()))
            n['left work, does not count'] += any(x['code'] not in CODES for x in m.get('leavings', ()))
            n['former dependant'] += 'former_dependant' in m
            n['former dependant, months entered'] += 'former_dependant_from' in m or 'former_dependant_until' in m
            n['care exempt'] += 'care_exempt' in m
            n['special same household ended'] += 'late_stage_end' in m
            n['family wages paid'] += 'family_wages_paid' in m
            n['family wages received'] += 'family_wages_received' in m
            n['gains with a deduction'] += bool(m.get('separate_income')) and 'separate_deduction' in m
            n['gains beside a loss'] += bool(m.get('separate_income')) and m.get('other_income', 0) < 0
            n['net loss carried'] += 'net_loss' in m
            n['casualty loss carried'] += 'casualty_loss' in m
            n['forestry'] += bool(m.get('forestry_income'))
            n['wages and pension'] += bool(m.get('salary_revenue')) and bool(m.get('pension_revenue'))
            n['wages over 8,500,000 with a dependant'] += bool(m.get('adjusted')) and m.get('salary_revenue', 0) > 8500000
            n['income over 24,000,000'] += m.get('other_income', 0) > 24000000
            n['pension beside 10,000,000 of others'] += bool(m.get('pension_revenue')) and m.get('other_income', 0) > 10000000
            n['figures of the tax office'] += 'salary_income' in m or 'pension_income' in m
            n['pension, 65 and over'] += bool(m.get('pension_revenue')) and m['born'] <= f'{fy - 65}-01-01'
            n['pension, under 65'] += bool(m.get('pension_revenue')) and m['born'] > f'{fy - 65}-01-01'
            for p in m['periods']:
                n['joins in the year'] += first < p['from'] <= last
                if first < p.get('to', '0') <= last:
                    n[f'leaves in the year: {p["cause"]}'] += 1
                    n['leaves on the first, for another cover'] += p['to'].endswith('-01') and p['cause'] in ARTICLE_6
                    n['leaves on the first, otherwise'] += p['to'].endswith('-01') and p['cause'] not in ARTICLE_6
                    n['joins and leaves in one month'] += p['from'][:7] == p['to'][:7]
            n['two periods in the year'] += sum(p.get('to', '9999') > first and p['from'] <= last for p in m['periods']) > 1
    return n

