-- query: period_rows
-- purpose: every period of a person as known
-- in: person_id id
-- out: insured_period_id id, period_no count, acquired_by text, acquired_cause_ymd day, acquired_notified_ymd day, lost_by text?, lost_cause_ymd day?, lost_notified_ymd day?
-- out: prefecture_acquired_ymd day, prefecture_lost_ymd day?, valid_from day, valid_to day?
-- rows: many
select e.insured_period_id, e.period_no, e.acquired_by, e.acquired_cause_ymd, e.acquired_notified_ymd,
  e.lost_by, e.lost_cause_ymd, e.lost_notified_ymd, e.prefecture_acquired_ymd, e.prefecture_lost_ymd,
  e.valid_from, e.valid_to
from insured_period e
where e.person_id = $person_id and {known e}
order by e.valid_from, e.period_no;

-- query: chunk_households
-- purpose: the next households that were numbered in a year, for a chunk of the levy
-- in: after id, n count
-- out: household_id id
-- rows: many
select h.household_id
from insured_household h
where h.household_id > $after and {during h}
group by h.household_id
order by h.household_id
limit $n;

-- query: numbered_count
-- purpose: how many households were numbered in a year
-- out: households count
-- rows: one
select count(distinct h.household_id)
from insured_household h
where {during h};

-- query: fact
-- purpose: everybody of the households who is head or was ever insured in the year or left for late-stage care, with every stay and period
-- in: households id[]
-- out: household_id id, person_id id, is_head flag, stay_from day, stay_to day?, birth_ymd day?, death_ymd day?
-- out: acquired_by text?, acquired_cause_ymd day?, acquired_ymd day?, lost_by text?, lost_cause_ymd day?, lost_ymd day?
-- rows: many
select m.household_id, m.person_id, m.is_head, m.valid_from, m.valid_to, i.birth_ymd, i.death_ymd,
  e.acquired_by, e.acquired_cause_ymd, e.valid_from, e.lost_by, e.lost_cause_ymd, e.valid_to
from membership m
join person_identity i on i.person_id = m.person_id and {known i}
left join insured_period e on e.person_id = m.person_id and {known e}
where m.household_id in {in households} and {known m} and (m.is_head = 1 or e.person_id is not null)
order by m.household_id, m.person_id, m.valid_from, e.valid_from;

-- query: chunk_placements
-- purpose: those insured in one of the households without living there
-- in: households id[]
-- out: household_id id, person_id id, stay_from day, stay_to day?, birth_ymd day?, death_ymd day?
-- out: acquired_by text, acquired_cause_ymd day, acquired_ymd day, lost_by text?, lost_cause_ymd day?, lost_ymd day?
-- rows: many
select x.household_id, x.person_id, x.valid_from, x.valid_to, i.birth_ymd, i.death_ymd,
  e.acquired_by, e.acquired_cause_ymd, e.valid_from, e.lost_by, e.lost_cause_ymd, e.valid_to
from placement x
join person_identity i on i.person_id = x.person_id and {known i}
join insured_period e on e.person_id = x.person_id and {known e}
where x.household_id in {in households} and {known x}
order by x.household_id, x.person_id, x.valid_from, e.valid_from;

-- query: chunk_overrides
-- purpose: households whose NHI head was changed on application
-- in: households id[]
-- out: household_id id, person_id id, valid_from day, valid_to day?
-- rows: many
select o.household_id, o.person_id, o.valid_from, o.valid_to
from head_override o
where o.household_id in {in households} and {during o}
order by o.household_id, o.valid_from;

-- query: chunk_circumstances
-- purpose: circumstances of everybody who lives or lived in the households
-- in: households id[]
-- out: person_id id, kind count, day day, code count, first_month month?, last_month month?, notified_ymd day
-- rows: many
select c.person_id, c.kind, c.day, c.code, c.first_month, c.last_month, c.notified_ymd
from circumstance c
where {known c} and c.person_id in
  (select m.person_id from membership m where m.household_id in {in households} and {known m})
order by c.person_id, c.kind, c.day;

-- query: chunk_protected
-- purpose: households in which somebody is under protection
-- in: households id[]
-- out: household_id id
-- rows: many
select m.household_id
from membership m
join protection x on x.person_id = m.person_id and {asof x}
where m.household_id in {in households} and {asof m}
group by m.household_id
order by m.household_id;
