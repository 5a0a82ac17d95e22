-- query: period_rows
-- purpose: every period of a person as known
-- in: person_id id
-- out: insured_period_id id, period_no count, acquired_by text, acquired_cause_ymd day, acquired_notified_ymd day, lost_by text?, lost_cause_ymd day?, lost_notified_ymd day?
-- out: prefecture_acquired_ymd day, prefecture_lost_ymd day?, valid_from day, valid_to day?
-- rows: many
select e.insured_period_id, e.period_no, e.acquired_by, e.acquired_cause_ymd, e.acquired_notified_ymd,
  e.lost_by, e.lost_cause_ymd, e.lost_notified_ymd, e.prefecture_acquired_ymd, e.prefecture_lost_ymd,
  e.valid_from, e.valid_to
from insured_period e
where e.person_id = $person_id and {known e}
order by e.valid_from, e.period_no;
