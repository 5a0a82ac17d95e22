-- Statements of notifications and pending changes. Everything a plan looks at is what is known now.

-- query: subjects
-- purpose: birth, death and number of the people of a notification
-- in: ids id[]
-- out: person_id id, person_no text, birth_ymd day?, death_ymd day?
-- rows: many
select p.person_id, p.person_no, i.birth_ymd, i.death_ymd
from person p
left join person_identity i on i.person_id = p.person_id and {now i}
where p.person_id in {in ids}
order by p.person_id;

-- query: subject_stays
-- purpose: in which household people live or are counted (placements), whenever
-- in: ids id[]
-- out: person_id id, household_id id, is_placement flag, valid_from day, valid_to day?
-- rows: many
select m.person_id as person_id, m.household_id as household_id, cast(0 as bigint) as is_placement, m.valid_from as valid_from, m.valid_to as valid_to
from membership m
where m.person_id in {in ids} and {now m}
union all
select x.person_id, x.household_id, cast(1 as bigint), x.valid_from, x.valid_to
from placement x
where x.person_id in {in ids} and {now x}
order by person_id, valid_from, household_id, is_placement;

-- query: subject_residencies
-- purpose: when and why people were on the resident register
-- in: ids id[]
-- out: person_id id, started_by text, ended_by text?, valid_from day, valid_to day?
-- rows: many
select r.person_id, r.started_by, r.ended_by, r.valid_from, r.valid_to
from residency r
where r.person_id in {in ids} and r.kind = 'resident' and {now r}
order by r.person_id, r.valid_from;

-- query: subject_permits
-- purpose: permission to stay of people
-- in: ids id[]
-- out: person_id id, nationality text, stay_status text, stay_until day?, is_excluded flag, valid_from day, valid_to day?
-- rows: many
select f.person_id, f.nationality, f.stay_status, f.stay_until, f.is_excluded, f.valid_from, f.valid_to
from foreign_status f
where f.person_id in {in ids} and {now f}
order by f.person_id, f.valid_from;

-- query: subject_covers
-- purpose: cover by other schemes, with the rows
-- in: ids id[]
-- out: person_id id, other_cover_id id, kind text, insurer text?, valid_from day, valid_to day?, is_ended_here flag
-- rows: many
select o.person_id, o.other_cover_id, o.kind, o.insurer, o.valid_from, o.valid_to,
  case when exists (select 1 from insured_period e
                    where e.person_id = o.person_id and e.known_from = o.known_from and e.valid_from = o.valid_to)
       then 1 else 0 end
from other_cover o
where o.person_id in {in ids} and {now o}
order by o.person_id, o.valid_from, o.other_cover_id;

-- query: subject_papers
-- purpose: who holds how many documents that were not given back and are still valid
-- in: ids id[], day day
-- out: person_id id, papers count
-- rows: many
select c.person_id, count(*)
from certificate c
where c.person_id in {in ids} and c.returned_ymd is null and (c.valid_until is null or c.valid_until >= $day) and {now c}
group by c.person_id
order by c.person_id;

-- query: numbers_of_household
-- purpose: every symbol and number of a household, the newest first
-- in: household_id id
-- out: insured_household_id id, symbol text, number text, valid_from day, valid_to day?
-- rows: many
select h.insured_household_id, h.symbol, h.number, h.valid_from, h.valid_to
from insured_household h
where h.household_id = $household_id and {now h}
order by h.valid_from desc, h.insured_household_id desc;

-- query: branches_under
-- purpose: the branch numbers ever given under a symbol and number
-- in: symbol text, number text
-- out: person_id id, branch text
-- rows: many
select b.person_id, b.branch
from branch_number b
where b.symbol = $symbol and b.number = $number
order by b.branch;

-- query: number_uses
-- purpose: whether a number was ever given
-- in: number text
-- out: uses count
-- rows: one
select (select count(*) from insured_household h where h.number = $number) + (select count(*) from branch_number b where b.number = $number);

-- query: household_no_of
-- purpose: the number of a household
-- in: household_id id
-- out: household_no text
-- rows: maybe
select h.household_no from household h where h.household_id = $household_id;

-- query: pending_ids_of_household
-- purpose: pending changes of a household
-- in: household_id id
-- out: pending_change_id id
-- rows: many
select x.pending_change_id from pending_change x where x.household_id = $household_id;

-- query: pending_ids_of_person
-- purpose: pending changes of a person
-- in: person_id id
-- out: pending_change_id id
-- rows: many
select x.pending_change_id from pending_change x where x.person_id = $person_id;

-- query: pending_ids_open
-- purpose: the next open pending changes of the city, oldest cause first
-- in: kind count, cause day, after id, n count
-- out: pending_change_id id
-- rows: many
select x.pending_change_id
from pending_change x
where {now x} and x.cause_ymd >= $cause and (x.cause_ymd > $cause or x.pending_change_id > $after) and ($kind = 0 or x.kind = $kind)
order by x.cause_ymd, x.pending_change_id
limit $n;

-- query: pending_ids_all
-- purpose: the next pending changes of the city, closed ones too, oldest cause first
-- in: kind count, cause day, after id, n count
-- out: pending_change_id id
-- rows: many
select x.pending_change_id
from pending_change x
where x.cause_ymd >= $cause and (x.cause_ymd > $cause or x.pending_change_id > $after) and ($kind = 0 or x.kind = $kind)
order by x.cause_ymd, x.pending_change_id
limit $n;

-- query: pendings_by_id
-- purpose: pending changes by their ids
-- in: ids id[]
-- out: pending_change_id id, household_id id, person_id id, kind count, cause_ymd day, source text, detail text?, opened_by id, closed_by id?, state count, reason text?
-- rows: many
select x.pending_change_id, x.household_id, x.person_id, x.kind, x.cause_ymd, x.source, x.detail, x.known_from,
  r.known_from, coalesce(r.state, 0), r.reason
from pending_change x
left join pending_result r on r.pending_change_id = x.pending_change_id
where x.pending_change_id in {in ids}
order by x.cause_ymd, x.pending_change_id;

-- query: pendings_open_of
-- purpose: what is open of people, to leave alone what is there already
-- in: ids id[]
-- out: person_id id, kind count, cause_ymd day
-- rows: many
select x.person_id, x.kind, x.cause_ymd
from pending_change x
where x.person_id in {in ids} and {now x}
order by x.person_id, x.kind, x.cause_ymd;

-- query: highest_number
-- purpose: the highest number given and the symbol it stands under
-- out: symbol text, number text
-- rows: maybe
select h.symbol, h.number from insured_household h order by h.number desc limit 1;

-- query: circumstance_rows
-- purpose: circumstances of a person with their rows
-- in: person_id id
-- out: circumstance_id id, kind count, day day, code count, first_month month?, last_month month?, notified_ymd day
-- rows: many
select c.circumstance_id, c.kind, c.day, c.code, c.first_month, c.last_month, c.notified_ymd
from circumstance c
where c.person_id = $person_id and {now c}
order by c.kind, c.day, c.circumstance_id;

-- query: placement_rows
-- purpose: placements of a person with their rows
-- in: person_id id
-- out: placement_id id, household_id id, kind text, place text, review_ymd day?, postal_code text?, prefecture text?, city text?, town text?, number text?, building text?, valid_from day, valid_to day?
-- rows: many
select x.placement_id, x.household_id, x.kind, x.place, x.review_ymd, x.postal_code, x.prefecture, x.city, x.town, x.number, x.building, x.valid_from, x.valid_to
from placement x
where x.person_id = $person_id and {now x}
order by x.valid_from, x.placement_id;

-- query: override_rows
-- purpose: marks of a person set or unset by authority
-- in: person_id id
-- out: mark_override_id id, mark text, is_set flag, reason text, valid_from day, valid_to day
-- rows: many
select o.mark_override_id, o.mark, o.is_set, o.reason, o.valid_from, o.valid_to
from mark_override o
where o.person_id = $person_id and {now o}
order by o.mark, o.valid_from, o.mark_override_id;

-- query: head_rows
-- purpose: heads of a household for the insurance, on application
-- in: household_id id
-- out: head_override_id id, person_id id, reason text, valid_from day, valid_to day?
-- rows: many
select o.head_override_id, o.person_id, o.reason, o.valid_from, o.valid_to
from head_override o
where o.household_id = $household_id and {now o}
order by o.valid_from, o.head_override_id;

-- query: pendings_ever_of
-- purpose: what was ever pending of people: the calendar says a thing once
-- in: ids id[]
-- out: person_id id, kind count, cause_ymd day
-- rows: many
select x.person_id, x.kind, x.cause_ymd
from pending_change x
where x.person_id in {in ids}
order by x.person_id, x.kind, x.cause_ymd;

-- query: calendar_ages
-- purpose: insured people born in a range of days, with the household they are counted in
-- in: first day, last day, after id, n count
-- out: person_id id, household_id id, day day
-- rows: many
select e.person_id, coalesce(x.household_id, m.household_id), i.birth_ymd
from person_identity i
join insured_period e on e.person_id = i.person_id and e.lost_by is null and {now e}
left join membership m on m.person_id = e.person_id and {asof m}
left join placement x on x.person_id = e.person_id and {asof x}
where i.birth_ymd >= $first and i.birth_ymd <= $last and {now i} and e.person_id > $after
  and (x.household_id is not null or m.household_id is not null)
order by e.person_id
limit $n;

-- query: calendar_permits
-- purpose: insured people whose permission to stay runs out in a range of days
-- in: first day, last day, after id, n count
-- out: person_id id, household_id id, day day
-- rows: many
select f.person_id, m.household_id, f.stay_until
from foreign_status f
join insured_period e on e.person_id = f.person_id and e.lost_by is null and {now e}
join membership m on m.person_id = f.person_id and {asof m}
where f.stay_until >= $first and f.stay_until <= $last and {asof f} and f.person_id > $after
order by f.person_id
limit $n;

-- query: calendar_placements
-- purpose: placements that are to be confirmed in a range of days
-- in: first day, last day, after id, n count
-- out: person_id id, household_id id, day day
-- rows: many
select x.person_id, x.household_id, x.review_ymd
from placement x
where x.review_ymd >= $first and x.review_ymd <= $last and {asof x} and x.person_id > $after
order by x.person_id
limit $n;

-- query: calendar_overrides
-- purpose: marks set by authority that run out in a range of days
-- in: first day, last day, after id, n count
-- out: person_id id, household_id id, day day
-- rows: many
select o.person_id, m.household_id, min(o.valid_to)
from mark_override o
join membership m on m.person_id = o.person_id and {asof m}
where $first <= o.valid_to and $last >= o.valid_to and {now o} and o.person_id > $after
group by o.person_id, m.household_id
order by o.person_id
limit $n;

-- query: pending_ids_after
-- purpose: the next open pending changes by id, for the job that applies them
-- in: after id, n count
-- out: pending_change_id id
-- rows: many
select x.pending_change_id
from pending_change x
where x.pending_change_id > $after and {now x}
order by x.pending_change_id
limit $n;

-- query: chunk_marks
-- purpose: marks set or unset by authority, of everybody who lives or lived in the households
-- in: households id[]
-- out: person_id id, mark text, is_set flag, valid_from day, valid_to day
-- rows: many
select o.person_id, o.mark, o.is_set, o.valid_from, o.valid_to
from mark_override o
where {during o} and o.person_id in
  (select m.person_id from membership m where m.household_id in {in households} and {known m})
order by o.person_id, o.valid_from, o.mark_override_id;
