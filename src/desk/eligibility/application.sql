-- query: application_rows
-- purpose: applications with what became of them, newest state beside: by number, of a person, of an event; empty inputs find nothing
-- in: nos text[], person_ids id[], event_no id
-- out: application_id id, application_no text, kind count, household_id id, person_id id, received_ymd day, source text, route text, identity count
-- out: proxy_name text?, proxy_document text?, officer text, known_from id, person_no text, name text?, state count?, decided_ymd day?, waits flag
-- rows: many
select a.application_id, a.application_no, a.kind, a.household_id, a.person_id, a.received_ymd, a.source, a.route, a.identity,
  a.proxy_name, a.proxy_document, a.officer, a.known_from, p.person_no,
  (select n.name from person_name n where n.person_id = a.person_id and n.is_used = 1 and {now n} order by n.valid_from desc limit 1),
  (select s.state from application_state s where s.application_id = a.application_id order by s.step desc limit 1),
  (select s.decided_ymd from application_state s where s.application_id = a.application_id order by s.step desc limit 1),
  case when exists (select 1 from entry_waiting x where 'application ' || a.application_no =
    (select substr(y.payload, 1, length('application ' || a.application_no)) from entry y
     where y.event_no = x.event_no and y.kind = 'eligibility.application_decision')) then 1 else 0 end
from application a join person p on p.person_id = a.person_id
where a.application_no in {in nos} or a.person_id in {in person_ids} or a.known_from = $event_no
order by a.application_no desc;

-- query: applications_open
-- purpose: applications nobody has decided yet, in the order of their numbers, after one
-- in: after text, n count
-- out: application_no text
-- rows: many
select a.application_no
from application a
where a.application_no > $after and not exists (select 1 from application_state s where s.application_id = a.application_id)
order by a.application_no
limit $n;

-- query: application_items_of
-- purpose: the items of an application
-- in: application_id id
-- out: name text, person_id id?, from_ymd day?, to_ymd day?, amount yen?, number count?, words text?, person_no text?, person_name text?
-- rows: many
select i.name, i.person_id, i.from_ymd, i.to_ymd, i.amount, i.number, i.words, p.person_no,
  (select n.name from person_name n where n.person_id = i.person_id and n.is_used = 1 and {now n} order by n.valid_from desc limit 1)
from application_item i left join person p on p.person_id = i.person_id
where i.application_id = $application_id
order by i.line;

-- query: application_states_of
-- purpose: the decisions about an application, oldest first
-- in: application_id id
-- out: step count, state count, decided_ymd day, fiscal_year count, decision_no count, reason text?, words text?, officer text, checker text?
-- out: relief count, rate count, from_ymd day?, until_ymd day?, serial text?, layout_hash blob, print_data blob
-- rows: many
select s.step, s.state, s.decided_ymd, s.fiscal_year, s.decision_no, s.reason, s.words, s.officer, s.checker,
  s.relief, s.rate, s.from_ymd, s.until_ymd, s.serial, s.layout_hash, s.print_data
from application_state s
where s.application_id = $application_id
order by s.step;

-- query: reliefs_of
-- purpose: what granted applications give people on a day
-- in: person_ids id[]
-- out: person_id id, application_no text, kind count, division count, limit_yen yen, disease count, rate count, valid_from day, valid_to day
-- rows: many
select r.person_id, r.application_no, r.kind, r.division, r.limit_yen, r.disease, r.rate, r.valid_from, r.valid_to
from relief r
where r.person_id in {in person_ids} and {asof r}
order by r.person_id, r.kind, r.application_no;

-- query: reliefs_of_application
-- purpose: the rows in force that an application gave, to be ended when it is revoked
-- in: application_no text
-- out: relief_id id, person_id id, kind count, division count, limit_yen yen, disease count, rate count, valid_from day, valid_to day
-- rows: many
select r.relief_id, r.person_id, r.kind, r.division, r.limit_yen, r.disease, r.rate, r.valid_from, r.valid_to
from relief r
where r.application_no = $application_no and {now r}
order by r.relief_id;

-- query: claims_of_application
-- purpose: the revenues in force that an application named, to be ended when it is revoked
-- in: person_ids id[], application_no text
-- out: revenue_claim_id id, person_id id, judge_year count, revenue yen, valid_from day, valid_to day
-- rows: many
select c.revenue_claim_id, c.person_id, c.judge_year, c.revenue, c.valid_from, c.valid_to
from revenue_claim c
where c.person_id in {in person_ids} and c.application_no = $application_no and {now c}
order by c.revenue_claim_id;

-- query: divisions_during
-- purpose: the divisions a person was judged to be in over a span of days
-- in: person_id id
-- out: division count, valid_from day, valid_to day
-- rows: many
select j.division, j.valid_from, j.valid_to
from judgement_person j
where j.person_id = $person_id and {during j}
order by j.valid_from;

-- query: decided_applications
-- purpose: decisions about applications for a person or naming him
-- in: person_id id
-- out: application_no text, kind count, state count, decided_ymd day, fiscal_year count, decision_no count, reason text?, words text?, officer text?, is_last flag
-- rows: many
select a.application_no, a.kind, s.state, s.decided_ymd, s.fiscal_year, s.decision_no, s.reason, s.words,
       (select u.full_name from user_account u where u.user_id = coalesce(e.checked_by, e.entered_by) and {now u}),
       case when exists (select 1 from application_state t where t.application_id = s.application_id and t.step > s.step) then 0 else 1 end
from application a join application_state s on s.application_id = a.application_id join event e on e.event_no = s.known_from
where a.person_id = $person_id
order by s.decided_ymd desc, s.decision_no desc;

-- query: reliefs_of_sort
-- purpose: rows in force of a person and a range of kinds, to make room for a newer one
-- in: person_id id, least count, most count
-- out: relief_id id, application_no text, kind count, division count, limit_yen yen, disease count, rate count, valid_from day, valid_to day
-- rows: many
select r.relief_id, r.application_no, r.kind, r.division, r.limit_yen, r.disease, r.rate, r.valid_from, r.valid_to
from relief r
where r.person_id = $person_id and r.kind between $least and $most and {now r}
order by r.relief_id;

-- query: user_named
-- purpose: the sign-in name of a user
-- in: user_id id
-- out: sign_in_name text
-- rows: maybe
select u.sign_in_name
from user_account u
where u.user_id = $user_id and {now u};
