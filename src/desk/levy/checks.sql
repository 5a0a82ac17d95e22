-- query: check_no_decision
-- purpose: households with insured people for which the year has no decision, once the yearly run is decided
-- in: year count
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select cast(0 as bigint), h.household_id, h.household_no, '被保険者 ' || cast(count(*) as text) || '人'
from insured_period e
join membership m on m.person_id = e.person_id and {asof m}
join household h on h.household_id = m.household_id
where {asof e}
  and exists (select 1 from decision a where a.fiscal_year = $year and {known a})
  and not exists (select 1 from placement x where x.person_id = e.person_id and {asof x})
  and not exists (select 1 from decision d where d.household_id = m.household_id and d.fiscal_year = $year and {known d})
group by h.household_id, h.household_no
order by h.household_no;

-- query: check_no_insured
-- purpose: decisions with an amount for households in which nobody was insured on a day of the year
-- in: year count, year_from day, year_to day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select d.debtor_id, d.household_id, h.household_no, '通知書番号 ' || cast(d.decision_no as text) || ' 年額 ' || cast(d.total_yen as text) || '円'
from decision d join household h on h.household_id = d.household_id
where d.fiscal_year = $year and {known d} and d.total_yen > 0
  and not exists (select 1 from membership m join insured_period e on e.person_id = m.person_id and {known e}
      and e.valid_from < $year_to and (e.valid_to is null or e.valid_to > $year_from)
    where m.household_id = d.household_id and {known m} and m.valid_from < $year_to and (m.valid_to is null or m.valid_to > $year_from))
  and not exists (select 1 from placement x where x.household_id = d.household_id and {known x})
order by h.household_no;

-- query: check_tax
-- purpose: insured adults who lived here on 1 January and of whom the tax office has sent nothing, once incomes of the year are there
-- in: income_year count, reached_18 day, levy_day day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '所得年 ' || cast($income_year as text)
from insured_period e
join person_identity i on i.person_id = e.person_id and {known i}
join person p on p.person_id = e.person_id
where {asof e} and i.birth_ymd < $reached_18
  and exists (select 1 from residency r where r.person_id = e.person_id and {known r} and r.kind = 'resident'
    and r.valid_from <= $levy_day and (r.valid_to is null or r.valid_to > $levy_day))
  and exists (select 1 from income a where a.income_year = $income_year and {known a})
  and not exists (select 1 from income t where t.person_id = e.person_id and t.income_year = $income_year and {known t})
order by p.person_no;
