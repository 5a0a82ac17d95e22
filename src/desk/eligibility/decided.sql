-- query: decided_periods
-- purpose: cover of a person that began or ended, by the event that said so, also what was corrected since
-- in: person_id id
-- out: event_no id, acquired day, acquired_by text, lost day?, lost_by text?, officer text?, why text?, is_open flag
-- rows: many
select i.known_from, i.valid_from, i.acquired_by, i.valid_to, i.lost_by,
       (select a.full_name from user_account a where a.user_id = coalesce(e.checked_by, e.entered_by) and {now a}),
       e.reason, {open i}
from insured_period i join event e on e.event_no = i.known_from
where i.person_id = $person_id
order by i.known_from desc, i.insured_period_id desc;

-- query: decided_certificates
-- purpose: documents issued to a person
-- in: person_id id
-- out: kind text, serial text, issued_ymd day, return_reason text?, officer text?, is_open flag
-- rows: many
select c.kind, c.serial, c.issued_ymd, c.return_reason,
       (select a.full_name from user_account a where a.user_id = coalesce(e.checked_by, e.entered_by) and {now a}),
       {open c}
from certificate c join event e on e.event_no = c.known_from
where c.person_id = $person_id and {now c}
order by c.issued_ymd desc, c.serial;
