-- query: backlog
-- purpose: open pending changes by kind, and how many of them are late; every cause lies after the first day
-- in: first day, due day
-- out: kind count, open count, late count
-- rows: many
select x.kind, count(*), sum(case when x.cause_ymd < $due then 1 else 0 end)
from pending_change x
where x.cause_ymd >= $first and {now x}
group by x.kind
order by x.kind;

-- query: pending_one
-- purpose: one pending change with how it ended
-- in: id id
-- out: pending_change_id id, household_id id, person_id id, kind count, cause_ymd day, source text, detail text?, opened_by id, closed_by id?, state count, reason text?
-- rows: maybe
select x.pending_change_id, x.household_id, x.person_id, x.kind, x.cause_ymd, x.source, x.detail, x.known_from,
  r.known_from, coalesce(r.state, 0), r.reason
from pending_change x
left join pending_result r on r.pending_change_id = x.pending_change_id
where x.pending_change_id = $id;
