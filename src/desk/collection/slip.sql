-- query: slip_in_force
-- purpose: the slip that was issued last for an instalment
-- in: liability_id id, number count
-- out: slip_id id, issue count, yen yen, late_yen yen, fee_yen yen, limit_ymd day, issued_ymd day, kind text
-- rows: maybe
select s.slip_id, s.issue, s.yen, s.late_yen, s.fee_yen, s.limit_ymd, s.issued_ymd, s.kind
from slip s where s.liability_id = $liability_id and s.number = $number and {now s};
