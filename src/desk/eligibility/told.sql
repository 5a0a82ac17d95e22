-- query: told_known
-- purpose: what other businesses have told about a person, as known, each with the event it came in by: the register, files of other offices, other cover, what waits
-- in: id id
-- out: part count, kind text, code text?, detail text?, day day?, until day?, period text?, amount yen?, event_no id, source text, received day, at time
-- rows: many
select cast(1 as bigint) as part, s.started_by as kind, s.ended_by as code, cast(null as text) as detail, s.valid_from as day, s.valid_to as until,
  cast(null as text) as period, cast(null as bigint) as amount, s.known_from as event_no, e.source as source, e.received as received, e.entered_at as at
from residency s join event e on e.event_no = s.known_from
where s.person_id = $id and {known s}
union all
select cast(2 as bigint), m.relation, h.household_no, null, m.valid_from, m.valid_to, null, null, m.known_from, e.source, e.received, e.entered_at
from membership m join household h on h.household_id = m.household_id join event e on e.event_no = m.known_from
where m.person_id = $id and {known m}
union all
select cast(3 as bigint), f.feed, f.code, f.reference, f.day, f.until_ymd, f.period, f.amount, f.known_from, e.source, e.received, e.entered_at
from feed_fact f join event e on e.event_no = f.known_from
where f.person_id = $id and {known f}
union all
select cast(4 as bigint), o.kind, null, o.insurer, o.valid_from, o.valid_to, null, null, o.known_from, e.source, e.received, e.entered_at
from other_cover o join event e on e.event_no = o.known_from
where o.person_id = $id and {known o}
union all
select cast(5 as bigint), x.source, cast(x.kind as text), null, x.cause_ymd, null, null, null, x.known_from, e.source, e.received, e.entered_at
from pending_change x join event e on e.event_no = x.known_from
where x.person_id = $id and {known x} and x.source not in ('calendar', 'household')
order by part, kind, day, event_no;

-- query: home_told
-- purpose: since when an address of residence is known, and from whom
-- in: household_id id
-- out: event_no id, source text, received day, at time
-- rows: many
select a.known_from, e.source, e.received, e.entered_at
from address a join event e on e.event_no = a.known_from
where a.household_id = $household_id and a.kind = 'residence' and {asof a}
order by a.known_from desc
limit 1;
