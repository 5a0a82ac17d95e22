-- The premium once more, in plain SQL, written from the statute and not from the rule files: the
-- other side of the comparison M1. Integers only. Input: household, rate, member (see m1.py).
-- fy: fiscal year; red: reduction given in tenths or null; per: income levy rounding 'p'erson,
-- 'h'ousehold, 'n'one; red_style: 'exact', 'item', 'household', 'up'; rates in parts per million.

-- wages -> wage income, by the table of the income year
create temp view wage as
select hid, mid, fy,
  case
    when rev is null then null
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
        -- the ceiling of the deduction: incomes 2013-2015 2,450,000; 2016 2,300,000; 2017-2019 2,200,000
        when fy >= 2018 then rev - 2200000
        when fy = 2017 then case when rev < 12000000 then rev * 95 / 100 - 1700000 else rev - 2300000 end
        else case when rev < 15000000 then rev * 95 / 100 - 1700000 else rev - 2450000 end end
  end as first_part, rev
from (select m.hid, m.mid, h.fy, m.salary_revenue as rev from member m join household h using (hid));

create temp view wage_income as
select hid, mid, fy,
  case when first_part is null then 0
       when first_part >= 0 then first_part
       when rev < 3600000 then rev / 4000 * 4000 * 7 / 10 - 80000
       when rev < 6600000 then rev / 4000 * 4000 * 8 / 10 - 440000
       when rev < 8500000 then rev * 9 / 10 - 1100000
       else rev - 1950000 end as wage
from wage;

-- public pensions -> pension income
create temp view pension_income as
select m.hid, m.mid,
  case when m.pension_revenue is null then 0
       when h.fy >= 2021 then max(0, case
          when m.age >= 65 and m.pension_revenue < 3300000 then m.pension_revenue - 1100000
          when m.age < 65 and m.pension_revenue < 1300000 then m.pension_revenue - 600000
          when m.pension_revenue < 4100000 then m.pension_revenue * 75 / 100 - 275000
          when m.pension_revenue < 7700000 then m.pension_revenue * 85 / 100 - 685000
          when m.pension_revenue < 10000000 then m.pension_revenue * 95 / 100 - 1455000
          else m.pension_revenue - 1955000 end)
       else max(0, case
          when m.age >= 65 and m.pension_revenue < 3300000 then m.pension_revenue - 1200000
          when m.age < 65 and m.pension_revenue < 1300000 then m.pension_revenue - 700000
          when m.pension_revenue < 4100000 then m.pension_revenue * 75 / 100 - 375000
          when m.pension_revenue < 7700000 then m.pension_revenue * 85 / 100 - 785000
          else m.pension_revenue * 95 / 100 - 1555000 end) end as pension
from member m join household h using (hid);

-- one person's income: for the levy and for the judgement
create temp view person as
select m.*, h.fy, h.per, h.red_style, h.person_unit,
  coalesce(m.salary_income, w.wage) as wage_known,
  coalesce(m.pension_income, p.pension) as pension_known,
  w.wage as wage_converted, p.pension as pension_converted
from member m join household h using (hid) join wage_income w using (hid, mid)
     join pension_income p using (hid, mid);

create temp view person_adjusted as
select *,
  case when fy >= 2021 and total_income is null
       then max(0, min(wage_converted, 100000) + min(pension_converted, 100000) - 100000) else 0 end as both_deduction
from person;

create temp view person_income as
select *,
  case when total_income is not null
       then total_income - case when unemployed then wage_known - wage_known * 30 / 100 else 0 end
       else case when unemployed then (wage_converted - both_deduction) * 30 / 100
                 else wage_converted - both_deduction end
            + pension_converted + coalesce(other_income, 0) end as income
from person_adjusted;

-- the steps of the basic deduction look at the whole income: 30/100 is only for the base and the judgement
create temp view person_whole as
select *, case when unemployed and total_income is not null then total_income
               when unemployed then income + (wage_converted - both_deduction) - (wage_converted - both_deduction) * 30 / 100
               else income end as whole
from person_income;

create temp view person_base as
select *,
  max(0, income - case when fy <= 2020 then 330000 when whole <= 24000000 then 430000
       when whole <= 24500000 then 290000 when whole <= 25000000 then 150000 else 0 end) as base,
  income - case when age >= 65 then min(150000, max(0, pension_known)) else 0 end as judged,
  case when earner is not null then earner
       when coalesce(salary_revenue, 0) > 550000 or coalesce(salary_income, 0) > 0 then 1
       when coalesce(pension_revenue, 0) > case when age >= 65 then 1250000 else 600000 end then 1
       else 0 end as is_earner,
  insured and age between 40 and 64 as care,
  insured and age >= 18 as adult
from person_whole;

-- 7/5/2
create temp view judgement as
select hid, fy,
  sum(case when head or insured or moved_to_elderly then judged else 0 end) as judge_income,
  sum(case when insured or moved_to_elderly then 1 else 0 end) as n,
  sum(case when (head or insured or moved_to_elderly) and is_earner then 1 else 0 end) as g
from person_base group by hid, fy;

create temp view tier as
select j.*, coalesce(h.red,
  case when judge_income <= b then 7
       when judge_income <= b + five * n then 5
       when judge_income <= b + two * n then 2 else 0 end) as red
from (select *,
    case when fy <= 2020 then 330000 else 430000 + 100000 * max(0, g - 1) end as b,
    case when fy = 2014 then 245000 when fy = 2015 then 260000 when fy = 2016 then 265000
         when fy = 2017 then 270000 when fy = 2018 then 275000 when fy = 2019 then 280000
         when fy <= 2022 then 285000 when fy = 2023 then 290000 when fy = 2024 then 295000
         when fy = 2025 then 305000 else 310000 end as five,
    case when fy = 2014 then 450000 when fy = 2015 then 470000 when fy = 2016 then 480000
         when fy = 2017 then 490000 when fy = 2018 then 500000 when fy = 2019 then 510000
         when fy <= 2022 then 520000 when fy = 2023 then 535000 when fy = 2024 then 545000
         when fy = 2025 then 560000 else 570000 end as two
  from judgement) j join household h using (hid);

-- one person in one component; money in twentieths of a yen (7/5/2 tenths, halved for preschool)
create temp view part as
select p.hid, p.mid, r.comp, p.per, p.red_style, p.person_unit, t.red, r.income_rate, r.asset_rate,
  p.base,
  case when p.per = 'p' then p.base * r.income_rate / 1000000 end as income_levy,
  coalesce(p.fixed_asset_tax, 0) * r.asset_rate / 1000000 as asset_levy,
  case when r.comp = 'child' and not p.adult then 0 else r.per_capita end as per_capita,
  case when r.comp = 'child' and p.adult then r.per_adult else 0 end as per_adult,
  case when p.preschool and p.fy >= 2022 and r.comp in ('medical', 'support') then 1 else 2 end as halves
from person_base p join rate r using (hid) join tier t using (hid)
where p.insured and (r.comp <> 'care' or p.care);

create temp view part_reduced as
select *,
  case red_style
    when 'item' then (per_capita * (10 - red) * halves / 20 + per_adult * (10 - red) * halves / 20) * 20
    -- the preschool half is a reduction too: its amount is rounded up as well (Odawara: 27,645 -> 13,823)
    when 'up' then ((per_capita - (per_capita * red + 9) / 10) * halves / 2
                  + (per_adult - (per_adult * red + 9) / 10) * halves / 2) * 20
    else (per_capita + per_adult) * (10 - red) * halves end as capita20,
  per_capita * (10 - red) * halves as capita_only20, per_adult * (10 - red) * halves as adult20
from part;

create temp view component as
select r.hid, r.comp, t.red, r.cap, h.unit,
  case h.per when 'p' then sum(p.income_levy) when 'h' then sum(p.base) * r.income_rate / 1000000 end as income_levy,
  sum(p.base) as base, r.income_rate,
  sum(p.asset_levy) as asset_levy,
  -- the amount per adult is an item of its own where sums are floored
  case when h.red_style = 'household' then (sum(p.capita_only20) / 20 + sum(p.adult20) / 20) * 20
       else sum(p.capita20) end as capita20,
  sum((p.income_levy * 20 + p.capita20) / (20 * h.person_unit) * h.person_unit) as person_floored,
  case when h.red_style = 'item' then r.per_household * (10 - t.red) / 10 * 20
       when h.red_style = 'up' then (r.per_household - (r.per_household * t.red + 9) / 10) * 20
       else r.per_household * (10 - t.red) * 2 end as household20,
  h.red_style, h.person_unit, h.per
from rate r join household h using (hid) join tier t using (hid)
     join part_reduced p on p.hid = r.hid and p.comp = r.comp
group by r.hid, r.comp;

create temp view component_amount as
select hid, comp, min(coalesce(cap, 1000000000000),
  case when person_unit > 1 then person_floored + household20 / 20 + asset_levy
       when red_style = 'household' and per <> 'n' then income_levy + asset_levy + capita20 / 20 + household20 / 20
       when red_style = 'household' then base * income_rate / 1000000 + asset_levy + capita20 / 20 + household20 / 20
       when per = 'n' then (base * income_rate / 50000 + capita20 + household20 + asset_levy * 20) / 20
       else income_levy + asset_levy + (capita20 + household20) / 20 end / unit * unit) as amount
from component;

-- hid | reduction | judged income | component=amount ... | total
select t.hid, t.red, t.judge_income,
  coalesce((select amount from component_amount c where c.hid = t.hid and comp = 'medical'), 0),
  coalesce((select amount from component_amount c where c.hid = t.hid and comp = 'support'), 0),
  coalesce((select amount from component_amount c where c.hid = t.hid and comp = 'care'), 0),
  coalesce((select amount from component_amount c where c.hid = t.hid and comp = 'child'), 0),
  coalesce((select sum(amount) from component_amount c where c.hid = t.hid), 0) / h.total_unit * h.total_unit
from tier t join household h using (hid) order by t.hid;
