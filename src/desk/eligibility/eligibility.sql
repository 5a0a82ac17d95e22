-- query: periods_of
-- purpose: every period of people as known, oldest first
-- in: ids id[]
-- out: person_id id, insured_period_id id, period_no count, acquired_by text, acquired_cause_ymd day, acquired_notified_ymd day
-- out: lost_by text?, lost_cause_ymd day?, lost_notified_ymd day?, prefecture_acquired_ymd day, prefecture_lost_ymd day?, valid_from day, valid_to day?
-- rows: many
select e.person_id, e.insured_period_id, e.period_no, e.acquired_by, e.acquired_cause_ymd, e.acquired_notified_ymd,
  e.lost_by, e.lost_cause_ymd, e.lost_notified_ymd, e.prefecture_acquired_ymd, e.prefecture_lost_ymd,
  e.valid_from, e.valid_to
from insured_period e
where e.person_id in {in ids} and {known e}
order by e.person_id, e.valid_from, e.period_no;

-- query: certificates_of
-- purpose: every document issued to people, newest first
-- in: ids id[]
-- out: person_id id, kind text, serial text, symbol text, number text, branch text, issued_ymd day, valid_until day?, issue_count count, returned_ymd day?, return_reason text?
-- rows: many
select c.person_id, c.kind, c.serial, c.symbol, c.number, c.branch, c.issued_ymd, c.valid_until, c.issue_count,
  c.returned_ymd, c.return_reason
from certificate c
where c.person_id in {in ids} and {known c}
order by c.person_id, c.issued_ymd desc, c.serial desc;

-- query: circumstances_of
-- purpose: circumstances of people
-- in: ids id[]
-- out: person_id id, kind count, day day, code count, first_month month?, last_month month?, notified_ymd day
-- rows: many
select c.person_id, c.kind, c.day, c.code, c.first_month, c.last_month, c.notified_ymd
from circumstance c
where c.person_id in {in ids} and {known c}
order by c.person_id, c.kind, c.day;

-- query: identities_of
-- purpose: days of birth and death of people, as known
-- in: ids id[]
-- out: person_id id, birth_ymd day?, death_ymd day?
-- rows: many
select i.person_id, i.birth_ymd, i.death_ymd
from person_identity i
where i.person_id in {in ids} and {known i}
order by i.person_id;

-- query: covers_of
-- purpose: cover by other schemes
-- in: ids id[]
-- out: person_id id, kind text, insurer text?, valid_from day, valid_to day?
-- rows: many
select o.person_id, o.kind, o.insurer, o.valid_from, o.valid_to
from other_cover o
where o.person_id in {in ids} and {known o}
order by o.person_id, o.valid_from;

-- query: household_holdings
-- purpose: documents and circumstances of people, newest document first, and the numbers and heads of their household, newest first; one statement for the counter's page
-- in: ids id[], household_id id
-- out: person_id id, part count, kind text, symbol text, number text, branch text, day day, until day?, returned_ymd day?
-- out: circumstance count, code count, first_month month?, last_month month?, head_id id, serial text
-- rows: many
select c.person_id as person_id, cast(1 as bigint) as part, c.kind as kind, c.symbol as symbol, c.number as number,
  c.branch as branch, c.issued_ymd as day, c.valid_until as until, c.returned_ymd as returned_ymd,
  cast(0 as bigint) as circumstance, cast(0 as bigint) as code, cast(null as text) as first_month,
  cast(null as text) as last_month, cast(0 as bigint) as head_id, c.serial as serial
from certificate c
where c.person_id in {in ids} and {known c}
union all
select u.person_id, cast(2 as bigint), '', '', '', '', u.day, cast(null as text), cast(null as text),
  u.kind, u.code, u.first_month, u.last_month, cast(0 as bigint), ''
from circumstance u
where u.person_id in {in ids} and {known u}
union all
select cast(0 as bigint), cast(3 as bigint), '', h.symbol, h.number, '', h.valid_from, h.valid_to, cast(null as text),
  cast(0 as bigint), cast(0 as bigint), cast(null as text), cast(null as text), cast(0 as bigint), ''
from insured_household h
where h.household_id = $household_id and {known h}
union all
select cast(0 as bigint), cast(4 as bigint), '', '', '', '', m.valid_from, m.valid_to, cast(null as text),
  cast(0 as bigint), cast(0 as bigint), cast(null as text), cast(null as text), m.person_id, ''
from membership m
where m.household_id = $household_id and m.is_head = 1 and {known m}
order by part, person_id, circumstance, day desc, serial desc;

-- query: households_numbered
-- purpose: households that have or had a number
-- in: number text
-- out: household_id id
-- rows: many
select h.household_id
from insured_household h
where h.number = $number and {now h}
group by h.household_id
order by h.household_id
limit 50;

-- query: people_numbered
-- purpose: people under a number, or the one with the branch number
-- in: number text, branch text?
-- out: person_id id
-- rows: many
select b.person_id
from branch_number b
where b.number = $number and ($branch is null or b.branch = $branch)
group by b.person_id
order by b.person_id
limit 200;

-- query: heads_of
-- purpose: whoever is or was head of households while they were numbered so
-- in: number text
-- out: person_id id
-- rows: many
select m.person_id
from insured_household h
join membership m on m.household_id = h.household_id and m.is_head = 1 and {now m}
where h.number = $number and {now h}
group by m.person_id
order by m.person_id
limit 50;

-- query: certificate_owner
-- purpose: whom a document with that serial was issued to
-- in: serial text
-- out: person_id id
-- rows: many
select c.person_id
from certificate c
where c.serial = $serial and {now c}
group by c.person_id
limit 10;

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
where m.household_id in {in households} and {known m} and (m.is_head = 1 or e.person_id is not null
  or m.person_id in (select o.person_id from mark_override o where o.is_set = 1 and {known o}))
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
where x.household_id in {in households} and x.kind <> 'remote' and {known x}
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

-- query: numbers_of_households
-- purpose: the numbers households are insured under now
-- in: households id[]
-- out: household_id id, number text
-- rows: many
select h.household_id, h.number
from insured_household h
where h.household_id in {in households} and {asof h}
order by h.household_id;

-- query: residents_after
-- purpose: the residents of a day for a file, by person id; the newest period of insurance beside them
-- in: after id, n count
-- out: person_id id, person_no text, name text, kana text?, real_name text?, birth_ymd day?, sex text, resident_from day, household_no text, relation text
-- out: nationality text?, stay_status text?, stay_until day?, postal_code text?, city_code text?, prefecture text, city text, town_code text?, town text, number text, building text?
-- out: is_protected flag, symbol text?, insured_no text?, acquired_ymd day?, acquired_by text?, acquired_notified_ymd day?, lost_ymd day?, lost_by text?, lost_cause_ymd day?, branch text?
-- rows: many
select p.person_id, p.person_no, n.name, n.kana, rn.name, i.birth_ymd, i.sex, s.valid_from, h.household_no, m.relation,
  f.nationality, f.stay_status, f.stay_until, a.postal_code, a.city_code, a.prefecture, a.city, a.town_code, a.town, a.number, a.building,
  case when exists (select 1 from protection x where x.person_id = p.person_id and {asof x}) then 1 else 0 end,
  ih.symbol, ih.number, e.valid_from, e.acquired_by, e.acquired_notified_ymd, e.valid_to, e.lost_by, e.lost_cause_ymd,
  (select max(b.branch) from branch_number b where b.person_id = p.person_id and b.number = ih.number and b.symbol = ih.symbol)
from person p
join residency s on s.person_id = p.person_id and s.kind = 'resident' and {asof s}
join membership m on m.person_id = p.person_id and {asof m}
join household h on h.household_id = m.household_id
join person_identity i on i.person_id = p.person_id and {known i}
join person_name n on n.person_id = p.person_id and n.is_used = 1 and {asof n}
join address a on a.household_id = m.household_id and a.kind = 'residence' and {asof a}
left join person_name rn on rn.person_id = p.person_id and rn.kind = 'real' and rn.is_used = 0 and {asof rn}
left join foreign_status f on f.person_id = p.person_id and {asof f}
left join insured_period e on e.person_id = p.person_id and {asof e}
left join insured_household ih on ih.household_id = m.household_id and e.person_id is not null and {asof ih}
where p.person_id > $after
order by p.person_id
limit $n;

-- query: events_about
-- purpose: events about a household or people, and those that opened facts about them (files, renewals), newest first
-- in: ids id[], household_id id, known id, n count
-- out: event_no id, kind text, effective day, received day, source text, person_id id?
-- rows: many
select e.event_no, e.kind, e.effective, e.received, e.source, e.person_id
from (select a.event_no as no from event a where a.household_id = $household_id
   union select b.event_no from event b where b.person_id in {in ids}
   union select m.known_from from membership m where m.person_id in {in ids}
   union select n.known_from from person_name n where n.person_id in {in ids}
   union select s.known_from from residency s where s.person_id in {in ids}
   union select f.known_from from foreign_status f where f.person_id in {in ids}
   union select x.known_from from insured_period x where x.person_id in {in ids}
   union select o.known_from from other_cover o where o.person_id in {in ids}
   union select c.known_from from certificate c where c.person_id in {in ids}
   union select u.known_from from circumstance u where u.person_id in {in ids}) k
join event e on e.event_no = k.no
where e.event_no <= $known
order by e.event_no desc
limit $n;

-- query: events_about sqlite
-- why: SQLite makes a table of its own for every IN and every union: twelve for a page of which this statement was a quarter (measured)
select e.event_no, e.kind, e.effective, e.received, e.source, e.person_id
from event e
where e.event_no in (
   select a.event_no from event a where a.household_id = $household_id
   union all select b.event_no from {each ids} k cross join event b on b.person_id = k.value
   union all select m.known_from from {each ids} k cross join membership m on m.person_id = k.value
   union all select n.known_from from {each ids} k cross join person_name n on n.person_id = k.value
   union all select s.known_from from {each ids} k cross join residency s on s.person_id = k.value
   union all select f.known_from from {each ids} k cross join foreign_status f on f.person_id = k.value
   union all select x.known_from from {each ids} k cross join insured_period x on x.person_id = k.value
   union all select o.known_from from {each ids} k cross join other_cover o on o.person_id = k.value
   union all select c.known_from from {each ids} k cross join certificate c on c.person_id = k.value
   union all select u.known_from from {each ids} k cross join circumstance u on u.person_id = k.value)
  and e.event_no <= $known
order by e.event_no desc
limit $n;

-- query: household_stays
-- purpose: everybody who is or was in a household, or is insured in it from elsewhere, as known
-- in: household_id id
-- out: person_id id, person_no text, name text?, relation text, is_away flag, valid_from day, valid_to day?
-- rows: many
select m.person_id as person_id, p.person_no as person_no, n.name as name, m.relation as relation, 0 as is_away,
  m.valid_from as valid_from, m.valid_to as valid_to
from membership m
join person p on p.person_id = m.person_id
left join person_name n on n.person_id = m.person_id and n.is_used = 1 and {asof n}
where m.household_id = $household_id and {known m}
union all
select x.person_id, q.person_no, k.name, '', 1, x.valid_from, x.valid_to
from placement x
join person q on q.person_id = x.person_id
left join person_name k on k.person_id = x.person_id and k.is_used = 1 and {asof k}
where x.household_id = $household_id and {known x}
  and not exists (select 1 from membership y where y.person_id = x.person_id and y.household_id = x.household_id and {known y})
order by person_id, is_away, valid_from;

-- query: history_periods
-- purpose: every period of people as known, with the event that told it
-- in: ids id[]
-- out: person_id id, acquired_by text, acquired_cause_ymd day, acquired_notified_ymd day, lost_by text?, lost_cause_ymd day?, lost_notified_ymd day?
-- out: valid_from day, valid_to day?, event_no id, source text, received day
-- rows: many
select e.person_id, e.acquired_by, e.acquired_cause_ymd, e.acquired_notified_ymd, e.lost_by, e.lost_cause_ymd, e.lost_notified_ymd,
  e.valid_from, e.valid_to, e.known_from, v.source, v.received
from insured_period e
join event v on v.event_no = e.known_from
where e.person_id in {in ids} and {known e}
order by e.person_id, e.valid_from, e.period_no;
