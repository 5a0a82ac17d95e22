-- query: life_known
-- purpose: everything with days that is known of a person, with the event it is known from: residence, households, cover, other cover, documents, circumstances, placements
-- in: id id
-- out: part count, code text, detail text?, day day, until day?, event_no id, source text, received day
-- rows: many
select cast(1 as bigint) as part, s.started_by as code, s.ended_by as detail, s.valid_from as day, s.valid_to as until,
  s.known_from as event_no, e.source as source, e.received as received
from residency s join event e on e.event_no = s.known_from
where s.person_id = $id and {known s}
union all
select cast(2 as bigint), m.relation, h.household_no, m.valid_from, m.valid_to, m.known_from, e.source, e.received
from membership m join event e on e.event_no = m.known_from join household h on h.household_id = m.household_id
where m.person_id = $id and {known m}
union all
select cast(3 as bigint), p.acquired_by, p.lost_by, p.valid_from, p.valid_to, p.known_from, e.source, e.received
from insured_period p join event e on e.event_no = p.known_from
where p.person_id = $id and {known p}
union all
select cast(4 as bigint), o.kind, o.insurer, o.valid_from, o.valid_to, o.known_from, e.source, e.received
from other_cover o join event e on e.event_no = o.known_from
where o.person_id = $id and {known o}
union all
select cast(5 as bigint), c.kind, c.serial, c.issued_ymd, coalesce(c.returned_ymd, c.valid_until), c.known_from, e.source, e.received
from certificate c join event e on e.event_no = c.known_from
where c.person_id = $id and {known c}
union all
select cast(6 as bigint), cast(u.kind as text), null, u.day, null, u.known_from, e.source, e.received
from circumstance u join event e on e.event_no = u.known_from
where u.person_id = $id and {known u}
union all
select cast(7 as bigint), x.kind, x.place, x.valid_from, x.valid_to, x.known_from, e.source, e.received
from placement x join event e on e.event_no = x.known_from
where x.person_id = $id and {known x}
order by part, day, until, event_no;
