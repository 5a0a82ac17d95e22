-- Statements of the feeds: what the register and the other offices tell us, and what became of it.

-- query: residencies_of
-- purpose: every stay on the resident register of a person, oldest first
-- in: person_id id
-- out: row_id id, started_by text, ended_by text?, is_provisional flag, valid_from day, valid_to day?
-- rows: many
select r.residency_id, r.started_by, r.ended_by, r.is_provisional, r.valid_from, r.valid_to
from residency r
where r.person_id = $person_id and r.kind = 'resident' and {now r}
order by r.valid_from;

-- query: memberships_of
-- purpose: every household a person lived in, oldest first
-- in: person_id id
-- out: row_id id, household_id id, relation text, is_head flag, valid_from day, valid_to day?
-- rows: many
select m.membership_id, m.household_id, m.relation, m.is_head, m.valid_from, m.valid_to
from membership m
where m.person_id = $person_id and {now m}
order by m.valid_from;

-- query: names_in_time
-- purpose: the real, alias and Latin names of a person, oldest first
-- in: person_id id
-- out: row_id id, kind text, name text, kana text?, is_used flag, valid_from day, valid_to day?
-- rows: many
select n.name_id, n.kind, n.name, n.kana, n.is_used, n.valid_from, n.valid_to
from person_name n
where n.person_id = $person_id and {now n}
order by n.valid_from;

-- query: stays_of
-- purpose: nationality and permission to stay of a person, oldest first
-- in: person_id id
-- out: row_id id, nationality text, stay_status text, stay_until day?, is_excluded flag, valid_from day, valid_to day?
-- rows: many
select f.foreign_status_id, f.nationality, f.stay_status, f.stay_until, f.is_excluded, f.valid_from, f.valid_to
from foreign_status f
where f.person_id = $person_id and {now f}
order by f.valid_from;

-- query: residences_of
-- purpose: every residence of a household, oldest first
-- in: household_id id
-- out: row_id id, postal_code text?, city_code text?, town_code text?, prefecture text, city text, town text, number text, building text?, valid_from day, valid_to day?
-- rows: many
select a.address_id, a.postal_code, a.city_code, a.town_code, a.prefecture, a.city, a.town, a.number, a.building,
  a.valid_from, a.valid_to
from address a
where a.household_id = $household_id and a.kind = 'residence' and {now a}
order by a.valid_from;

-- query: change_last
-- purpose: the newest sequence number of the register that was taken in
-- out: sequence count
-- rows: one
select cast(coalesce(max(c.sequence), 0) as bigint)
from resident_change c;

-- query: insured_of
-- purpose: how many of the people of a household are insured on a day or later
-- in: household_id id, person_id id, day day
-- out: himself count, others count
-- rows: one
select
  (select count(*) from insured_period e where e.person_id = $person_id and {now e}
     and coalesce(e.valid_to, '9999-12-31') > $day),
  (select count(*) from membership m join insured_period e on e.person_id = m.person_id and {now e}
   where m.household_id = $household_id and m.person_id <> $person_id and {now m}
     and coalesce(m.valid_to, '9999-12-31') > $day and coalesce(e.valid_to, '9999-12-31') > $day);

-- query: change_earlier
-- purpose: the line that a correction or cancellation is about, with the days its newest correction gave it
-- in: sequence count
-- out: kind text, person_no text, change_ymd day, effect_ymd day, state text
-- rows: maybe
select c.kind, c.person_no, coalesce(x.change_ymd, c.change_ymd), coalesce(x.effect_ymd, c.effect_ymd), c.state
from resident_change c
left join resident_change x on x.sequence =
  (select max(y.sequence) from resident_change y
   where y.corrects = c.sequence and y.kind = 'correction' and y.state <> 'refused')
where c.sequence = $sequence;
