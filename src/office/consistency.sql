-- query: findings_of
-- purpose: the findings of one check that a run compares with: open ones, and those a person called right as they are
-- in: kind text
-- out: finding_id id, person_id id, household_id id, subject text, facts text, is_settled flag
-- rows: many
select f.finding_id, f.person_id, f.household_id, f.subject, f.facts, 0
from consistency_finding f where f.kind = $kind and {now f}
union all
select f.finding_id, f.person_id, f.household_id, f.subject, f.facts, 1
from consistency_finding f
join consistency_result r on r.finding_id = f.finding_id and r.state = 3
where f.kind = $kind;

-- query: findings_count
-- purpose: findings by check: still open, corrected or gone, and right as they are
-- out: kind text, open_count count, gone_count count, right_count count, oldest_ymd day?
-- rows: many
select f.kind, cast(sum({open f}) as bigint), count(*) filter (where r.state in (1, 2)),
  count(*) filter (where r.state = 3), min(case when {open f} = 1 then f.found_ymd end)
from consistency_finding f left join consistency_result r on r.finding_id = f.finding_id
group by f.kind order by f.kind;

-- query: findings_open
-- purpose: open findings of one check, a page of them
-- in: kind text, after id, n count
-- out: finding_id id, person_id id, household_id id, subject text, facts text, found_ymd day
-- rows: many
select f.finding_id, f.person_id, f.household_id, f.subject, f.facts, f.found_ymd
from consistency_finding f
where f.kind = $kind and {now f} and f.finding_id > $after
order by f.finding_id limit $n;

-- query: finding_row
-- purpose: one finding and how it ended
-- in: finding_id id
-- out: kind text, person_id id, household_id id, subject text, facts text, found_ymd day, known_from id, state count?, corrected_by id?, reason text?, full_name text?
-- rows: maybe
select f.kind, f.person_id, f.household_id, f.subject, f.facts, f.found_ymd, f.known_from, r.state, r.corrected_by, r.reason, u.full_name
from consistency_finding f
left join consistency_result r on r.finding_id = f.finding_id
left join user_account u on u.user_id = r.settled_by and {now u}
where f.finding_id = $finding_id;
