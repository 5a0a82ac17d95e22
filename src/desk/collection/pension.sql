-- Statements of the collection from pensions.

-- query: instalment_rows
-- purpose: the instalments of a liability as they are now, with their rows
-- in: liability_id id
-- out: instalment_id id, number count, due_ymd day, charged_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select i.instalment_id, i.number, i.due_ymd, i.charged_yen, i.medical_yen, i.support_yen, i.care_yen, i.child_yen
from instalment i where i.liability_id = $liability_id and {now i}
order by i.number;

-- query: liability_numbered
-- purpose: the liability under a notice number
-- in: levy_year count, notice_no count
-- out: liability_id id
-- rows: many
select l.liability_id from liability l
where l.levy_year = $levy_year and l.notice_no = $notice_no and {now l}
order by l.liability_id;

-- query: received_rows
-- purpose: what was received on the instalments of a liability, by part
-- in: liability_id id
-- out: number count, yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select p.number, cast(sum(p.yen) as bigint), cast(sum(p.medical_yen) as bigint), cast(sum(p.support_yen) as bigint),
  cast(sum(p.care_yen) as bigint), cast(sum(p.child_yen) as bigint)
from posting p where p.liability_id = $liability_id and p.account = 3
group by p.number having sum(p.yen) <> 0
order by p.number;
