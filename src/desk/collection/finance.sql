-- query: finance_day
-- purpose: what the journal booked on a day by flow, year and subject, of the events that no earlier file covers
-- in: day day
-- out: flow text, year count, is_tax count, is_carried count, beside count, n count, yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select x.flow, x.year, x.is_tax, x.is_carried, x.beside, cast(count(*) as bigint), cast(sum(x.yen) as bigint), cast(sum(x.medical_yen) as bigint),
  cast(sum(x.support_yen) as bigint), cast(sum(x.care_yen) as bigint), cast(sum(x.child_yen) as bigint)
from (
  select case when p.account = 3 then 'receipt'
              when p.account in (9, 10, 13, 14) and e.kind in ('receipt', 'reposted') then 'receipt'
              when p.account = 7 then 'appropriated_from'
              when p.account in (2, 13, 14) then 'appropriated_to'
              when p.account = 6 and e.kind in ('refund_paid_prior', 'refund_returned_prior') then 'refund_prior'
              when p.account = 6 then 'refund'
              else 'interest' end as flow,
    e.booked_year as year, case when l.kind = 'nhi_tax' then 1 else 0 end as is_tax,
    case when l.accounting_year < e.booked_year then 1 else 0 end as is_carried,
    case when p.account in (9, 13) then 1 when p.account in (10, 14) then 2 when p.account = 11 then 3 else 0 end as beside,
    case when p.account in (3, 11) then p.yen else -p.yen end as yen,
    case when p.account = 3 then p.medical_yen else -p.medical_yen end as medical_yen,
    case when p.account = 3 then p.support_yen else -p.support_yen end as support_yen,
    case when p.account = 3 then p.care_yen else -p.care_yen end as care_yen,
    case when p.account = 3 then p.child_yen else -p.child_yen end as child_yen
  from journal_entry e
  join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
  join liability l on l.liability_id = e.liability_id and {now l}
  where e.accounting_ymd = $day and {events e}
    and (p.account in (3, 6, 11)
      or (p.account in (9, 10, 13, 14) and e.kind in ('receipt', 'reposted'))
      or (p.account = 7 and p.yen < 0)
      or (p.account in (2, 13, 14) and e.kind = 'appropriation'))) x
group by x.flow, x.year, x.is_tax, x.is_carried, x.beside
order by x.flow, x.year, x.is_tax, x.is_carried, x.beside;

-- query: finance_covered
-- purpose: up to which event a day was handed over, and in how many files
-- in: day day
-- out: up_to_event count, files count
-- rows: one
select cast(coalesce(max(f.up_to_event), 0) as bigint), cast(count(*) as bigint)
from finance_file f where f.day_ymd = $day and f.kind = 'day';

-- query: finance_file_by_no
-- purpose: a file that was handed over
-- in: file_no count
-- out: file_no count, kind text, day_ymd day, part count, after_event count, up_to_event count, file_name text, sha256 text, records count
-- out: receipt_yen yen, appropriated_yen yen, refund_yen yen, interest_yen yen
-- rows: maybe
select f.file_no, f.kind, f.day_ymd, f.part, f.after_event, f.up_to_event, f.file_name, f.sha256, f.records,
  f.receipt_yen, f.appropriated_yen, f.refund_yen, f.interest_yen
from finance_file f where f.file_no = $file_no;

-- query: finance_files_newest
-- purpose: files handed over, newest first
-- in: limit count
-- out: file_no count, kind text, day_ymd day, part count, file_name text, records count, receipt_yen yen, appropriated_yen yen, refund_yen yen, interest_yen yen
-- rows: many
select f.file_no, f.kind, f.day_ymd, f.part, f.file_name, f.records, f.receipt_yen, f.appropriated_yen, f.refund_yen, f.interest_yen
from finance_file f order by f.file_no desc limit $limit;

-- query: finance_by_channel
-- purpose: what came in on a day by channel, posted and not, for the picture of the day
-- in: day day
-- out: channel count, n count, posted_yen yen, unposted_yen yen
-- rows: many
select x.channel, cast(count(distinct x.item) as bigint), cast(sum(x.posted) as bigint), cast(sum(x.unposted) as bigint)
from (
  select coalesce(r.channel, 90) as channel, e.entry_id as item,
    case when p.account = 3 then p.yen else -p.yen end as posted, 0 as unposted
  from journal_entry e
  join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id and p.account in (3, 9, 10, 13, 14)
  left join receipt r on r.receipt_id = e.basis_id and e.kind <> 'pension'
  where e.accounting_ymd = $day and e.kind in ('receipt', 'reposted', 'pension')
  union all
  select r.channel, -r.receipt_id, 0, r.yen + r.late_yen + r.fee_yen
  from receipt r
  where r.accounting_ymd = $day and r.stage = 2 and r.outcome = 2
    and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id and t.state = 1 and t.accounting_ymd = $day and {now t})) x
group by x.channel order by x.channel;

-- query: refund_order_lines
-- purpose: payments that wait for the finance system, with what each takes out of which year
-- in: limit count
-- out: refund_id id, decided_year count, refund_no count, attempt count, ordered_ymd day, yen yen, interest_yen yen, holder text, booked_year count, returned_yen yen, expended_yen yen
-- rows: many
select p.refund_id, r.decided_year, r.refund_no, p.attempt, p.ordered_ymd, p.yen, p.interest_yen, c.holder,
  coalesce(cast(max(x.booked_year) as bigint), r.decided_year),
  cast(coalesce(sum(case when x.is_prior = 0 then x.yen else 0 end), 0) as bigint),
  cast(coalesce(sum(case when x.is_prior = 1 then x.yen else 0 end), 0) as bigint)
from refund_payment p
join refund r on r.refund_id = p.refund_id
join refund_claim c on c.refund_id = p.refund_id and {now c}
left join refund_line x on x.refund_id = p.refund_id and x.kind = 4
where p.state = 1 and {now p}
group by p.refund_id, r.decided_year, r.refund_no, p.attempt, p.ordered_ymd, p.yen, p.interest_yen, c.holder
order by p.refund_id limit $limit;

-- query: income_split_now
-- purpose: shares in force, by part and month
-- out: income_split_id id, part count, from_month month, retired_ppm count
-- rows: many
select s.income_split_id, s.part, s.from_month, s.retired_ppm from income_split s where {now s} order by s.part, s.from_month desc;
