-- query: check_not_resident
-- purpose: insured people who are not on the register and not insured from elsewhere
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '取得日 ' || e.valid_from
from insured_period e join person p on p.person_id = e.person_id
where {asof e}
  and not exists (select 1 from residency r where r.person_id = e.person_id and {asof r} and r.kind = 'resident')
  and not exists (select 1 from placement x where x.person_id = e.person_id and {asof x})
order by p.person_no;

-- query: check_uncovered
-- purpose: residents under 75, not about to leave, of whom no cover is known at all
-- in: born_75 day, soon day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '住民となった日 ' || r.valid_from
from residency r
join person_identity i on i.person_id = r.person_id and {known i}
join person p on p.person_id = r.person_id
where {asof r} and r.kind = 'resident' and (r.valid_to is null or r.valid_to > $soon) and i.kind = 'natural' and i.birth_ymd >= $born_75
  and not exists (select 1 from insured_period e where e.person_id = r.person_id and {asof e})
  and not exists (select 1 from other_cover o where o.person_id = r.person_id and {asof o})
  and not exists (select 1 from foreign_status f where f.person_id = r.person_id and {asof f} and f.is_excluded = 1)
order by p.person_no;

-- query: check_two_periods
-- purpose: periods of one person that overlap
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '取得日 ' || a.valid_from || ' と ' || b.valid_from
from insured_period a
join insured_period b on b.person_id = a.person_id and {known b} and b.insured_period_id <> a.insured_period_id
  and (b.valid_from > a.valid_from or b.valid_from = a.valid_from and b.insured_period_id > a.insured_period_id)
  and (a.valid_to is null or b.valid_from < a.valid_to)
join person p on p.person_id = a.person_id
where {known a} and (a.valid_to is null or a.valid_to > a.valid_from) and (b.valid_to is null or b.valid_to > b.valid_from)
order by p.person_no, a.valid_from;

-- query: check_two_numbers
-- purpose: households with two symbols and numbers on one day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select cast(0 as bigint), h.household_id, h.household_no, '番号 ' || min(i.number) || ' と ' || max(i.number)
from insured_household i join household h on h.household_id = i.household_id
where {asof i}
group by h.household_id, h.household_no
having count(*) > 1
order by h.household_no;

-- query: check_no_number
-- purpose: insured people whose household has no symbol and number
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, m.household_id, p.person_no, '取得日 ' || e.valid_from
from insured_period e join person p on p.person_id = e.person_id
join membership m on m.person_id = e.person_id and {asof m}
where {asof e}
  and not exists (select 1 from placement x where x.person_id = e.person_id and {asof x})
  and not exists (select 1 from insured_household i where i.household_id = m.household_id and {asof i})
order by p.person_no;

-- query: check_double_cover
-- purpose: insured people with cover by another scheme since before the day (on its first day both hold, 法8条)
-- in: day day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '国保 ' || e.valid_from || ' から 他の保険 ' || o.valid_from || ' から'
from other_cover o
join insured_period e on e.person_id = o.person_id and {asof e} join person p on p.person_id = e.person_id
where {asof o} and o.kind <> 'late_stage' and o.valid_from < $day
order by p.person_no, o.valid_from;

-- query: check_late_stage
-- purpose: insured people who are 75 or have late-stage cover
-- in: born_75 day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '生年月日 ' || coalesce(i.birth_ymd, '不詳') || ' 取得日 ' || e.valid_from
from insured_period e join person p on p.person_id = e.person_id
join person_identity i on i.person_id = e.person_id and {known i}
where {asof e} and (i.birth_ymd < $born_75
  or exists (select 1 from other_cover o where o.person_id = e.person_id and {asof o} and o.kind = 'late_stage'))
order by p.person_no;

-- query: check_dead_insured
-- purpose: insured people who have died
-- in: day day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '死亡日 ' || i.death_ymd || ' 取得日 ' || e.valid_from
from person_identity i
join insured_period e on e.person_id = i.person_id and {asof e} join person p on p.person_id = e.person_id
where {known i} and i.death_ymd < $day
order by p.person_no;

-- query: check_certificate
-- purpose: documents in force of people who are not insured; a notice is nothing to be given back
-- in: day day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '発行番号 ' || c.serial || coalesce(' 期限 ' || c.valid_until, '')
from certificate c join person p on p.person_id = c.person_id
where {known c} and c.returned_ymd is null and c.kind not in ('notice', 'special_notice') and c.issued_ymd <= $day and (c.valid_until is null or c.valid_until >= $day)
  and not exists (select 1 from insured_period e where e.person_id = c.person_id and {asof e})
order by p.person_no, c.serial;

-- query: check_no_certificate
-- purpose: insured people without a document in force
-- in: day day, soon day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '取得日 ' || e.valid_from
from insured_period e join person p on p.person_id = e.person_id
where {asof e} and (e.valid_to is null or e.valid_to > $soon)
  and not exists (select 1 from certificate c where c.person_id = e.person_id and {known c} and c.returned_ymd is null
    and c.family = 'main'
    and (c.valid_until is null or c.valid_until >= $day))
order by p.person_no;

-- query: check_employment
-- purpose: insured people with the relief for the unemployed who are covered by an employer again
-- in: day day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '離職日 ' || c.day || ' 社会保険 ' || o.valid_from || ' から'
from circumstance c
join other_cover o on o.person_id = c.person_id and {asof o} and o.kind in ('employee', 'dependant')
  and o.valid_from > c.day and o.valid_from < $day
join insured_period e on e.person_id = c.person_id and {asof e}
join person p on p.person_id = c.person_id
where c.kind = 1 and {known c} and (c.last_month is null or c.last_month >= substr($day, 1, 7))
order by p.person_no;

-- query: check_care
-- purpose: people exempt from care insurance who are not between 40 and 64
-- in: day day, reached_40 day, reached_65 day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '適用除外 ' || c.first_month || ' から 生年月日 ' || i.birth_ymd
from circumstance c
join person_identity i on i.person_id = c.person_id and {known i}
join person p on p.person_id = c.person_id
where c.kind = 3 and {known c} and c.first_month <= substr($day, 1, 7)
  and (c.last_month is null or c.last_month >= substr($day, 1, 7))
  and (i.birth_ymd < $reached_65 or i.birth_ymd >= $reached_40)
order by p.person_no;
