-- The premium of households with days, in plain SQL, written from the statute and not from the rule files.
-- Integers only. LEAST and GREATEST are min and max of several values. A day is year * 372 + (month - 1) * 31 + day - 1, so that
-- day / 31 is its month; month number 3 + 12 * fy is April. Input (see households.py):
--   household hid fy lf lt (liable from, to) per (p h n) style (exact item household up) pu unit total cap_year special_day
--   rate hid comp (0 medical 1 support 2 care 3 child) ppm asset_ppm capita house adult cap
--   member hid mid head born known salary salary_income pension pension_income other forestry sep sep_ded net_loss casualty
--          fam_paid fam_recv adjusted asset late late_end fd fd_from fd_until
--   period hid mid f t cause (1: cover by law article 6 no. 1 to 8, 2: late-stage) cday   birth hid mid due born multiple
--   leaving hid mid day next (the day after) code      exempt hid mid f t      month k (0 to 11)

-- ---- months ---------------------------------------------------------------------------------

-- Who leaves for another cover is charged to the month before the one the other cover began in; others to the month before the loss.
create temp table span as
select hid, mid, f, t, f / 31 as first_month,
  case when t is null then 9999999
       when cause = 0 then t / 31
       when cday is not null then cday / 31
       when cause = 2 then t / 31
       when t % 31 = 0 then t / 31 - 1 else t / 31 end as end_month
from period;

-- An age is reached on the day before the birthday; the 75th birthday itself counts (born 2/29: 3/1 in a common year).
create temp table aged as
select m.hid, m.mid, h.fy, h.fy * 12 + 3 as april,
  case when born % 31 = 0 then born / 31 - 1 else born / 31 end + 480 as month_40,
  case when born % 31 = 0 then born / 31 - 1 else born / 31 end + 780 as month_65,
  born + 75 * 372 + case when born % 372 = 59 and not ((born / 372 + 75) % 4 = 0) then 3 else 0 end as day_75,
  case when born + 65 * 372 <= h.fy * 372 then 1 else 0 end as is_65,
  case when born + 18 * 372 <= h.fy * 372 + 93 then 1 else 0 end as is_adult,
  case when h.fy >= 2022 and born + 6 * 372 >= h.fy * 372 + 94 then 1 else 0 end as is_preschool
from member m join household h on h.hid = m.hid;
create index temp.aged_id on aged (hid, mid);
create index temp.span_id on span (hid, mid);

create temp table charged as
select a.hid, a.mid, k.k, a.april + k.k as m,
  case when a.april + k.k >= a.month_40 and a.april + k.k < a.month_65
        and not exists (select 1 from exempt e where e.hid = a.hid and e.mid = a.mid and a.april + k.k >= e.f / 31
                        and (e.t is null or a.april + k.k < e.t / 31)) then 1 else 0 end as care,
  case when exists (select 1 from leaving l where l.hid = a.hid and l.mid = a.mid
        and l.code in (11, 12, 21, 22, 23, 31, 32, 33, 34) and l.next < b.born + 65 * 372 and l.day >= 747440
        and a.fy <= (l.next / 31 - 3) / 12 + 1 and a.april + k.k >= l.next / 31) then 1 else 0 end as unemployed,
  case when b.fd is not null and a.april + k.k >= b.fd / 31 and (a.fy < 2019 or a.april + k.k <= b.fd / 31 + 23)
        and (b.fd_from is null or a.april + k.k >= b.fd_from / 31) and (b.fd_until is null or a.april + k.k < b.fd_until / 31)
       then 1 else 0 end as fd
from aged a join month k on 1 = 1 join household h on h.hid = a.hid join member b on b.hid = a.hid and b.mid = a.mid
where a.april + k.k < a.day_75 / 31
  and (h.lf is null or a.april + k.k >= h.lf / 31) and (h.lt is null or a.april + k.k < h.lt / 31)
  and exists (select 1 from span s where s.hid = a.hid and s.mid = a.mid
              and a.april + k.k >= s.first_month and a.april + k.k < s.end_month);
create index temp.charged_id on charged (hid, k);

create temp table special_month as
select h.hid, h.fy * 12 + 3 + k.k as m,
  max(case when h.fy * 12 + 3 + k.k <= b.late / 31 + 59 then 2 else 1 end) as kind -- 2: half, 1: three quarters
from household h join month k on 1 = 1 join member b on b.hid = h.hid and b.late is not null
  and h.fy * 12 + 3 + k.k >= b.late / 31 and h.fy * 12 + 3 + k.k <= b.late / 31 + 95
  and (b.late_end is null or h.fy * 12 + 3 + k.k < b.late_end / 31)
group by h.hid, k.k, h.fy;
create index temp.special_id on special_month (hid, m);

-- ---- the day of judgement, and who is looked at ------------------------------------------------

create temp table judged_day as
select h.hid, GREATEST(h.fy * 372 + 93, coalesce(h.lf, 0),
  (select min(GREATEST(s.f, h.fy * 372 + 93)) from span s where s.hid = h.hid and (s.t is null or s.t > h.fy * 372 + 93))) as jd
from household h;
create index temp.judged_day_id on judged_day (hid);

create temp table looked_at as
select m.hid, m.mid, m.head, m.known, j.jd,
  case when j.jd < a.day_75 and exists (select 1 from span s where s.hid = m.hid and s.mid = m.mid and s.f <= j.jd
        and (s.t is null or j.jd < s.t)) then 1 else 0 end as insured,
  case when m.late <= j.jd and (m.late_end is null or j.jd < m.late_end) then 1 else 0 end as special,
  case when exists (select 1 from leaving l where l.hid = m.hid and l.mid = m.mid
        and l.code in (11, 12, 21, 22, 23, 31, 32, 33, 34) and l.next < m.born + 65 * 372 and l.day >= 747440
        and a.fy <= (l.next / 31 - 3) / 12 + 1 and j.jd / 31 >= l.next / 31) then 1 else 0 end as unemployed
from member m join judged_day j on j.hid = m.hid join aged a on a.hid = m.hid and a.mid = m.mid;
create index temp.looked_at_id on looked_at (hid, mid);

-- ---- incomes ----------------------------------------------------------------------------------

-- wages to wage income, once with all wages and once without those of the family business
create temp table wage as
select hid, mid, what,
  case when first_part >= 0 then first_part
       when rev < 3600000 then rev / 4000 * 4000 * 7 / 10 - 80000
       when rev < 6600000 then rev / 4000 * 4000 * 8 / 10 - 440000
       when rev < 8500000 then rev * 9 / 10 - 1100000
       else rev - 1950000 end as income
from (select hid, mid, what, rev,
  case
    when fy >= 2027 then case when rev <= 740999 then 0 when rev < 2200000 then rev - 740000 else -1 end
    when fy = 2026 then case when rev <= 650999 then 0 when rev < 1900000 then rev - 650000 else -1 end
    when fy >= 2021 then case
        when rev <= 550999 then 0 when rev < 1619000 then rev - 550000 when rev < 1620000 then 1069000
        when rev < 1622000 then 1070000 when rev < 1624000 then 1072000 when rev < 1628000 then 1074000
        when rev < 1800000 then rev / 4000 * 1000 * 24 / 10 + 100000 else -1 end
    else case
        when rev <= 650999 then 0 when rev < 1619000 then rev - 650000 when rev < 1620000 then 969000
        when rev < 1622000 then 970000 when rev < 1624000 then 972000 when rev < 1628000 then 974000
        when rev < 1800000 then rev / 4000 * 1000 * 24 / 10
        when rev < 3600000 then rev / 4000 * 1000 * 28 / 10 - 180000
        when rev < 6600000 then rev / 4000 * 1000 * 32 / 10 - 540000
        when rev < 10000000 then rev * 9 / 10 - 1200000
        when fy >= 2018 then rev - 2200000
        when fy = 2017 then case when rev < 12000000 then rev * 95 / 100 - 1700000 else rev - 2300000 end
        else case when rev < 15000000 then rev * 95 / 100 - 1700000 else rev - 2450000 end end
  end as first_part
  from (select m.hid, m.mid, h.fy, 'all' as what, m.salary as rev from member m join household h on h.hid = m.hid
        union all
        select m.hid, m.mid, h.fy, 'own', GREATEST(0, m.salary - m.fam_recv) from member m join household h on h.hid = m.hid) x) y;
create index temp.wage_id on wage (hid, mid, what);

create temp table pension as
select m.hid, m.mid, coalesce(m.pension_income,
  case when h.fy >= 2021 then GREATEST(0,
      case when x.others > 20000000 then 200000 when x.others > 10000000 then 100000 else 0 end +
      case when a.is_65 = 1 and m.pension < 3300000 then m.pension - 1100000
           when a.is_65 = 0 and m.pension < 1300000 then m.pension - 600000
           when m.pension < 4100000 then m.pension * 75 / 100 - 275000
           when m.pension < 7700000 then m.pension * 85 / 100 - 685000
           when m.pension < 10000000 then m.pension * 95 / 100 - 1455000
           else m.pension - 1955000 end)
  else GREATEST(0,
      case when a.is_65 = 1 and m.pension < 3300000 then m.pension - 1200000
           when a.is_65 = 0 and m.pension < 1300000 then m.pension - 700000
           when m.pension < 4100000 then m.pension * 75 / 100 - 375000
           when m.pension < 7700000 then m.pension * 85 / 100 - 785000
           else m.pension * 95 / 100 - 1555000 end) end) as income
from member m join household h on h.hid = m.hid join aged a on a.hid = m.hid and a.mid = m.mid
join (select w.hid, w.mid, coalesce(n.salary_income, w.income) + n.other + n.forestry + n.sep as others
      from wage w join member n on n.hid = w.hid and n.mid = w.mid where w.what = 'all') x on x.hid = m.hid and x.mid = m.mid;
create index temp.pension_id on pension (hid, mid);

create temp table earned as
select m.hid, m.mid, a.fy, a.is_65, m.salary, m.fam_recv, m.pension as pension_revenue, p.income as pension,
  w.income - o.income as family_wage, m.sep, m.sep_ded, m.net_loss, m.casualty, m.fam_paid, m.other + m.forestry as others,
  coalesce(m.salary_income, w.income - case when a.fy < 2021 then 0 else
    case when m.adjusted = 1 and m.salary > 8500000 then (LEAST(m.salary, 10000000) - 8500000 + 9) / 10 else 0 end
    + case when w.income > 0 and p.income > 0 then GREATEST(0, LEAST(w.income, 100000) + LEAST(p.income, 100000) - 100000) else 0 end
    end) as wage
from member m join aged a on a.hid = m.hid and a.mid = m.mid
join wage w on w.hid = m.hid and w.mid = m.mid and w.what = 'all' join wage o on o.hid = m.hid and o.mid = m.mid and o.what = 'own'
join pension p on p.hid = m.hid and p.mid = m.mid;

-- Gains from the sale of land and buildings are taxed by themselves: losses of other kinds and those carried forward do not touch them.
create temp table person as
select *, GREATEST(0, ordinary - net_loss) + gains as whole,
  GREATEST(0, ordinary - net_loss - wage + wage * 30 / 100) + gains as whole_30,
  GREATEST(0, ordinary) + GREATEST(0, sep) as total
from (select *, wage + pension + others as ordinary, GREATEST(0, sep - sep_ded) as gains from earned) x;
create index temp.person_id on person (hid, mid);

create temp table based as
select hid, mid, GREATEST(0, whole - basic) as base, GREATEST(0, whole_30 - basic) as base_30
from (select *, case when fy <= 2020 then 330000 when total <= 24000000 then 430000 when total <= 24500000 then 290000
                     when total <= 25000000 then 150000 else 0 end as basic from person) x;
create index temp.based_id on based (hid, mid);

-- ---- 7/5/2 ------------------------------------------------------------------------------------

create temp table judged as
select l.hid, l.mid, l.insured, l.special, l.head, l.known,
  GREATEST(0, GREATEST(0, GREATEST(0, p.ordinary - p.net_loss + p.fam_paid - p.family_wage
      - case when l.unemployed = 1 then p.wage - p.wage * 30 / 100 else 0 end) + GREATEST(0, p.sep) - p.casualty)
    - case when p.is_65 = 1 then LEAST(150000, p.pension) else 0 end) as income,
  case when p.fy < 2021 then 0
       when GREATEST(0, p.salary - p.fam_recv) > 550000 or p.wage - p.family_wage > 0
         or p.pension_revenue > case when p.is_65 = 1 then 1250000 else 600000 end then 1 else 0 end as earner
from looked_at l join person p on p.hid = l.hid and p.mid = l.mid
where l.head = 1 or l.insured = 1 or l.special = 1;

create temp table tier as
select h.hid, coalesce(j.income, 0) as income, coalesce(j.n, 0) as n, coalesce(j.g, 0) as g, coalesce(j.insured, 0) as insured,
  case when coalesce(j.unknown, 0) > 0 or coalesce(j.n, 0) = 0 then 0
       when j.income <= q.b + 100000 * GREATEST(0, j.g - 1) then 7
       when j.income <= q.b + 100000 * GREATEST(0, j.g - 1) + q.five * j.n then 5
       when j.income <= q.b + 100000 * GREATEST(0, j.g - 1) + q.two * j.n then 2 else 0 end as red
from household h
join (select hid, case when fy <= 2020 then 330000 else 430000 end as b,
    case when fy = 2014 then 245000 when fy = 2015 then 260000 when fy = 2016 then 265000 when fy = 2017 then 270000
         when fy = 2018 then 275000 when fy = 2019 then 280000 when fy <= 2022 then 285000 when fy = 2023 then 290000
         when fy = 2024 then 295000 when fy = 2025 then 305000 else 310000 end as five,
    case when fy = 2014 then 450000 when fy = 2015 then 470000 when fy = 2016 then 480000 when fy = 2017 then 490000
         when fy = 2018 then 500000 when fy = 2019 then 510000 when fy <= 2022 then 520000 when fy = 2023 then 535000
         when fy = 2024 then 545000 when fy = 2025 then 560000 else 570000 end as two from household) q on q.hid = h.hid
left join (select hid, sum(income) as income, sum(case when insured = 1 or special = 1 then 1 else 0 end) as n, sum(earner) as g,
             sum(insured) as insured, sum(1 - known) as unknown from judged group by hid) j on j.hid = h.hid;
create index temp.tier_id on tier (hid);

-- ---- months of the same composition -------------------------------------------------------------

create temp table composition as
select c.hid, c.k, c.m,
  sum((1 + 2 * c.care + 4 * c.unemployed + 8 * c.fd) << (4 * c.mid)) + coalesce(max(s.kind), 0) * 1099511627776 as sign,
  coalesce(max(s.kind), 0) as kind
from charged c left join special_month s on s.hid = c.hid and s.m = c.m
group by c.hid, c.k, c.m;
create index temp.composition_id on composition (hid, sign);

create temp table segment as
select c.hid, c.sign, count(*) as months, min(c.k) as first_k, max(c.kind) as kind from composition c group by c.hid, c.sign;
create index temp.segment_id on segment (hid);

create temp table expecting_month as
select distinct c.hid, c.mid, c.k, c.care from charged c join household h on h.hid = c.hid
join birth b on b.hid = c.hid and b.mid = c.mid
where c.m <= coalesce(b.born, b.due) / 31 + 2 and c.m >= coalesce(b.born, b.due) / 31 - case when b.multiple = 1 then 3 else 1 end
  and (h.fy >= 2024 or (h.fy = 2023 and c.k >= 9));
create temp table expecting_segment as
select z.hid, y.sign, z.mid, count(*) as n, sum(z.care) as n_care
from expecting_month z join composition y on y.hid = z.hid and y.k = z.k group by z.hid, y.sign, z.mid;
create index temp.expecting_id on expecting_segment (hid, sign, mid);

-- One person in one segment and component, in 40,000,000ths of a yen.
create temp table part as
select s.hid, s.sign, r.comp, c.mid, h.pu, h.style, h.per, r.ppm,
  case when b.fd is not null then 0 when c.unemployed = 1 then e.base_30 else e.base end as base,
  case when b.fd is not null then 0
       when h.per = 'p' then case when c.unemployed = 1 then e.base_30 else e.base end * r.ppm / 1000000 * 40000000
       else case when c.unemployed = 1 then e.base_30 else e.base end * r.ppm * 40 end as levy,
  b.asset * r.asset_ppm / 1000000 as asset,
  c.fd as is_fd,
  case when r.comp = 3 and a.is_adult = 0 then 0
       when h.style = 'item' then r.capita * (10 - t.red) * case when a.is_preschool = 1 and r.comp in (0, 1) then 1 else 2 end / 20 * 40
       when h.style = 'up' then (r.capita * (10 - t.red) / 10) * case when a.is_preschool = 1 and r.comp in (0, 1) then 1 else 2 end / 2 * 40
       else r.capita * (10 - t.red) * case when a.is_preschool = 1 and r.comp in (0, 1) then 1 else 2 end * 2 end as capita,
  case when r.comp = 3 and a.is_adult = 0 then 0 else r.capita * LEAST(10 - t.red, 5) * 4 end as capita_fd,
  case when r.comp <> 3 or a.is_adult = 0 then 0
       when h.style in ('item', 'up') then r.adult * (10 - t.red) / 10 * 40 else r.adult * (10 - t.red) * 4 end as adult,
  case when r.comp <> 3 or a.is_adult = 0 then 0 else r.adult * LEAST(10 - t.red, 5) * 4 end as adult_fd,
  coalesce(case when r.comp = 2 then g.n_care else g.n end, 0) as expecting
from segment s join household h on h.hid = s.hid join rate r on r.hid = s.hid join tier t on t.hid = s.hid
join charged c on c.hid = s.hid and c.k = s.first_k and (r.comp <> 2 or c.care = 1)
join member b on b.hid = s.hid and b.mid = c.mid join aged a on a.hid = s.hid and a.mid = c.mid
join based e on e.hid = s.hid and e.mid = c.mid
left join expecting_segment g on g.hid = s.hid and g.sign = s.sign and g.mid = c.mid;

create temp table summed as
select hid, sign, comp, max(per) as per, max(style) as style, max(pu) as pu, count(*) as n, min(is_fd) as all_fd,
  case when max(per) = 'h' then sum(base) * max(ppm) / 1000000 * 40000000 else sum(levy) end as levy,
  sum(asset) * 40000000 as asset,
  case when max(style) = 'household'
       then (sum(case when is_fd = 1 then LEAST(capita, capita_fd) else capita end) / 40
           + sum(case when is_fd = 1 then LEAST(adult, adult_fd) else adult end) / 40) * 40000000
       else sum(case when is_fd = 1 then LEAST(capita, capita_fd) + LEAST(adult, adult_fd) else capita + adult end) * 1000000 end as capita,
  case when max(pu) is null then 0 else sum(
    (levy + case when is_fd = 1 then LEAST(capita, capita_fd) + LEAST(adult, adult_fd) else capita + adult end * 1000000)
      % (40000000 * pu)) end as person_fraction,
  sum(expecting * (levy + case when is_fd = 1 then LEAST(capita, capita_fd) + LEAST(adult, adult_fd) else capita + adult end * 1000000)) as expecting
from part group by hid, sign, comp;

-- The flat amount of the household: halved or three quarters for one insured person beside somebody of the special same household.
create temp table alone as
select s.hid, s.sign, m.all_fd, t.red,
  case when h.special_day = 0 then case when m.n = 1 then s.kind else 0 end
       when t.insured = 1 then coalesce(x.kind, 0) else 0 end as kind
from segment s join household h on h.hid = s.hid join tier t on t.hid = s.hid join judged_day j on j.hid = s.hid
join summed m on m.hid = s.hid and m.sign = s.sign and m.comp = 0
left join special_month x on x.hid = s.hid and x.m = j.jd / 31;
create index temp.alone_id on alone (hid, sign);
create index temp.summed_id on summed (hid, sign);

create temp table annual as
select u.hid, u.comp, s.months, h.unit, h.cap_year, r.cap,
  GREATEST(0, (u.levy + u.asset + u.capita - u.person_fraction
    + case when u.style = 'exact' then r.house * f.quarters * f.keep * 1000000
           when u.style = 'up' then r.house * f.quarters / 4 * f.keep / 10 * 40000000
           else r.house * f.quarters * f.keep / 40 * 40000000 end) * s.months - u.expecting)
    / (40000000 * s.months * h.unit) * h.unit as amount
from summed u join segment s on s.hid = u.hid and s.sign = u.sign join household h on h.hid = u.hid
join rate r on r.hid = u.hid and r.comp = u.comp
join (select a.hid, a.sign, q.comp,
        case when q.comp = 2 then 4 when a.kind = 2 then 2 when a.kind = 1 then 3 else 4 end as quarters,
        case when a.all_fd = 1 and a.kind = 0 then LEAST(10 - a.red, 5) else 10 - a.red end as keep
      from alone a join (select 0 as comp union select 1 union select 2 union select 3) q on 1 = 1) f
  on f.hid = u.hid and f.sign = u.sign and f.comp = u.comp;
create index temp.annual_id on annual (hid, comp);

create temp table household_months as select hid, sum(months) as months from segment group by hid;
create index temp.household_months_id on household_months (hid);

create temp table component_amount as
select a.hid, a.comp,
  case when max(a.cap_year) = 1 then LEAST(sum(a.amount * a.months), max(a.cap) * max(g.months)) / (12 * max(a.unit)) * max(a.unit)
       else sum(LEAST(a.amount, a.cap) * a.months) / (12 * max(a.unit)) * max(a.unit) end as amount,
  case when sum(GREATEST(0, a.amount - a.cap)) > 0 then 1 else 0 end as capped
from annual a join household_months g on g.hid = a.hid
group by a.hid, a.comp;
create index temp.component_amount_id on component_amount (hid, comp);

-- hid | reduction | judged income | medical | support | care | child | total | people, earners, months, segments, capped, special
select h.hid, t.red, t.income,
  coalesce((select amount from component_amount c where c.hid = h.hid and comp = 0), 0) as medical,
  coalesce((select amount from component_amount c where c.hid = h.hid and comp = 1), 0) as support,
  coalesce((select amount from component_amount c where c.hid = h.hid and comp = 2), 0) as care,
  coalesce((select amount from component_amount c where c.hid = h.hid and comp = 3), 0) as child,
  coalesce((select sum(amount) from component_amount c where c.hid = h.hid), 0) / h.total * h.total as total,
  t.n, t.g, coalesce((select months from household_months s where s.hid = h.hid), 0) as months,
  (select count(*) from segment s where s.hid = h.hid) as segments,
  coalesce((select max(capped) from component_amount c where c.hid = h.hid), 0) as capped,
  coalesce((select max(kind) from segment s where s.hid = h.hid), 0) as kind
from household h join tier t on t.hid = h.hid order by h.hid;
