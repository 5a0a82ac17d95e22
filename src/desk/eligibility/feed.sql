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

-- query: feed_facts
-- purpose: what one file of another office says now about people
-- in: feed text, ids id[]
-- out: feed_fact_id id, person_id id, day day?, until_ymd day?, period text?, code text?, amount yen?, reference text?
-- rows: many
select f.feed_fact_id, f.person_id, f.day, f.until_ymd, f.period, f.code, f.amount, f.reference
from feed_fact f
where f.feed = $feed and f.person_id in {in ids} and {now f}
order by f.person_id, f.feed_fact_id;

-- query: feed_before
-- purpose: the lines of an earlier list that a newer one takes the place of
-- in: feed text, day day
-- out: feed_fact_id id
-- rows: many
select f.feed_fact_id
from feed_fact f
where f.feed = $feed and {now f} and f.day < $day
order by f.feed_fact_id;

-- query: feed_newest
-- purpose: the base day of the newest list of a feed that has one
-- in: feed text
-- out: day day?
-- rows: one
select max(f.day) from feed_fact f where f.feed = $feed and {now f};

-- query: feed_file_last
-- purpose: the day on which a file of a kind was taken in last
-- in: kind text
-- out: received day?
-- rows: one
select max(e.received) from import_file f join event e on e.event_no = f.known_from where f.kind = $kind;

-- query: covers_of_kind
-- purpose: covers of one kind that people have on a day
-- in: ids id[], kind text
-- out: person_id id
-- rows: many
select o.person_id
from other_cover o
where o.person_id in {in ids} and o.kind = $kind and {asof o}
order by o.person_id;

-- query: insured_now
-- purpose: which of the people have a period of insurance that has not ended by a day
-- in: ids id[], day day
-- out: person_id id
-- rows: many
select e.person_id
from insured_period e
where e.person_id in {in ids} and {now e} and coalesce(e.valid_to, '9999-12-31') > $day
group by e.person_id
order by e.person_id;

-- query: double_candidates
-- purpose: insured people of the ages of category 1 who are not on the list of the pension service
-- in: feed text, born_after day, born_before day, after id, n count
-- out: person_id id, household_id id
-- rows: many
select e.person_id, m.household_id
from insured_period e
join person_identity i on i.person_id = e.person_id and {now i}
join membership m on m.person_id = e.person_id and {asof m}
where {asof e} and e.person_id > $after and i.birth_ymd > $born_after and i.birth_ymd <= $born_before
  and not exists (select 1 from feed_fact f where f.person_id = e.person_id and f.feed = $feed and {now f})
order by e.person_id
limit $n;

-- query: late_stage_told
-- purpose: has the late-stage desk been told this already, handed over or not
-- in: person_id id, kind text, day day
-- out: told count
-- rows: one
select count(*) from late_stage_change c where c.person_id = $person_id and c.kind = $kind and c.day = $day;

-- query: late_stage_waiting
-- purpose: what waits for the late-stage desk, in the order it came
-- out: late_stage_change_id id, person_no text, name text?, birth_ymd day?, kind text, day day, reference text?
-- rows: many
select c.late_stage_change_id, p.person_no, n.name, i.birth_ymd, c.kind, c.day, c.reference
from late_stage_change c
join person p on p.person_id = c.person_id
join person_identity i on i.person_id = c.person_id and {now i}
left join person_name n on n.person_id = c.person_id and n.is_used = 1 and {asof n}
where {now c}
order by c.late_stage_change_id;

-- query: retired_periods
-- purpose: every span as a retired insured person (退職被保険者等) of somebody, oldest first
-- in: person_id id
-- out: retired_period_id id, kind text, reason text, valid_from day, valid_to day?
-- rows: many
select x.retired_period_id, x.kind, x.reason, x.valid_from, x.valid_to
from retired_period x
where x.person_id = $person_id and {now x}
order by x.valid_from, x.retired_period_id;
