-- query: clear_targets
-- purpose: the instalments that receipts may belong to, with what is due on each by part, for clearing
-- in: levy_year count, notice_nos id[], numbers id[]
-- out: liability_id id, debtor_id id, notice_no count, number count, booked_year count, due_ymd day
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- out: due_medical yen, due_support yen, due_care yen, due_child yen, written_off yen
-- rows: many
select l.liability_id, l.debtor_id, l.notice_no, i.number,
       coalesce((select max(c.to_year) from carry_over c where c.liability_id = l.liability_id and {now c}), l.accounting_year), i.due_ymd,
       i.medical_yen, i.support_yen, i.care_yen, i.child_yen,
       cast(coalesce(sum(case when p.account = 2 then p.medical_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 2 then p.support_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 2 then p.care_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 2 then p.child_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 8 then p.yen else 0 end), 0) as bigint)
from liability l
join instalment i on i.liability_id = l.liability_id and {now i}
left join posting p on p.liability_id = i.liability_id and p.number = i.number and p.account in (2, 8)
where l.levy_year = $levy_year and l.notice_no in {in notice_nos} and i.number in {in numbers} and {now l}
group by l.notice_no, i.number, l.liability_id, i.instalment_id
order by l.notice_no, i.number;

-- query: slips_of_notices
-- purpose: the slips in force of some notices, for telling premium from late charge and for the limit
-- in: levy_year count, notice_nos id[]
-- out: notice_no count, number count, issue count, yen yen, late_yen yen, fee_yen yen, limit_ymd day
-- rows: many
select l.notice_no, s.number, s.issue, s.yen, s.late_yen, s.fee_yen, s.limit_ymd
from liability l join slip s on s.liability_id = l.liability_id and {now s}
where l.levy_year = $levy_year and l.notice_no in {in notice_nos} and {now l}
order by l.notice_no, s.number, s.issue;

-- query: receipt_file_seen
-- purpose: whether a file with this digest was taken before
-- in: sha256 text
-- out: receipt_file_id id, records count
-- rows: maybe
select f.receipt_file_id, f.records from receipt_file f where f.sha256 = $sha256 and {now f};

-- query: receipt_expected_of
-- purpose: preliminary notices that are neither confirmed nor cancelled, by the number read from the slip
-- in: raw_keys text[]
-- out: receipt_id id, raw_key text, paid_ymd day, place text, yen yen
-- rows: many
select r.receipt_id, r.raw_key, r.paid_ymd, r.place, r.yen
from receipt r
where r.raw_key in {in raw_keys} and r.stage = 1 and r.outcome = 3
  and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id and {now t})
order by r.receipt_id;

-- query: receipt_by_id
-- purpose: one receipt with what became of it
-- in: receipt_id id
-- out: receipt_id id, receipt_file_id id, line count, channel count, stage count, levy_year count, notice_no count, number count
-- out: yen yen, late_yen yen, fee_yen yen, paid_ymd day, accounting_ymd day, funds_ymd day?, place text, slip_kind text, raw_key text
-- out: outcome count, reason text, known_from id, file_name text, state count?, treated_ymd day?, treatment text?
-- rows: maybe
select r.receipt_id, r.receipt_file_id, r.line, r.channel, r.stage, r.levy_year, r.notice_no, r.number,
       r.yen, r.late_yen, r.fee_yen, r.paid_ymd, r.accounting_ymd, r.funds_ymd, r.place, r.slip_kind, r.raw_key,
       r.outcome, r.reason, r.known_from, f.file_name, t.state, t.accounting_ymd, t.reason
from receipt r
join receipt_file f on f.receipt_file_id = r.receipt_file_id and {now f}
left join receipt_treatment t on t.receipt_id = r.receipt_id and {now t}
where r.receipt_id = $receipt_id;

-- query: receipts_held
-- purpose: the error list: receipts that nobody has settled yet, oldest first, and expected ones older than a day
-- in: after_id id, before_ymd day, limit count
-- out: receipt_id id, channel count, stage count, levy_year count, notice_no count, number count, yen yen, late_yen yen, fee_yen yen
-- out: paid_ymd day, accounting_ymd day, place text, raw_key text, outcome count, reason text, file_name text, line count
-- rows: many
select r.receipt_id, r.channel, r.stage, r.levy_year, r.notice_no, r.number, r.yen, r.late_yen, r.fee_yen,
       r.paid_ymd, r.accounting_ymd, r.place, r.raw_key, r.outcome, r.reason, f.file_name, r.line
from receipt r
join receipt_file f on f.receipt_file_id = r.receipt_file_id and {now f}
where r.outcome in (2, 3) and r.receipt_id > $after_id and (r.outcome = 2 or r.accounting_ymd < $before_ymd)
  and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id and {now t})
order by r.receipt_id
limit $limit;

-- query: receipts_held_sum
-- purpose: how many receipts wait on the error list, with their sum, by reason
-- in: before_ymd day
-- out: outcome count, reason text, n count, yen yen
-- rows: many
select r.outcome, r.reason, count(*), cast(sum(r.yen + r.late_yen + r.fee_yen) as bigint)
from receipt r
where r.outcome in (2, 3) and (r.outcome = 2 or r.accounting_ymd < $before_ymd)
  and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id and {now t})
group by r.outcome, r.reason
order by r.outcome, r.reason;

-- query: receipts_of_notice
-- purpose: every receipt that was told of under a notice number, with what became of it
-- in: levy_year count, notice_nos id[]
-- out: receipt_id id, channel count, stage count, notice_no count, number count, yen yen, late_yen yen, fee_yen yen, paid_ymd day, accounting_ymd day
-- out: place text, outcome count, reason text, state count?
-- rows: many
select r.receipt_id, r.channel, r.stage, r.notice_no, r.number, r.yen, r.late_yen, r.fee_yen, r.paid_ymd, r.accounting_ymd, r.place, r.outcome, r.reason, t.state
from receipt r
left join receipt_treatment t on t.receipt_id = r.receipt_id and {now t}
where r.levy_year = $levy_year and r.notice_no in {in notice_nos}
order by r.paid_ymd, r.receipt_id;

-- query: receipt_differs
-- purpose: events of which the receipts posted and the money in the journal differ
-- out: event_no id, told_yen yen, posted_yen yen
-- rows: many
select x.event_no, cast(sum(x.told) as bigint), cast(sum(x.posted) as bigint) from (
  select r.known_from as event_no, r.yen + r.late_yen + r.fee_yen as told, 0 as posted from receipt r where {events r} and r.outcome = 1
  union all
  select t.known_from, r.yen + r.late_yen + r.fee_yen, 0 from receipt_treatment t join receipt r on r.receipt_id = t.receipt_id where {events t} and t.state = 1
  union all
  select p.known_from, 0, p.yen from posting p join journal_entry e on e.entry_id = p.entry_id
  where {events p} and e.kind in ('receipt', 'reposted') and e.basis_id > 0 and p.account in (3, 12)
) x
group by x.event_no
having sum(x.told) <> sum(x.posted)
limit 20;

-- query: appropriated_differs
-- purpose: events whose appropriations do not take from one instalment what they give to another
-- out: event_no id, yen yen
-- rows: many
select p.known_from, cast(sum(p.yen) as bigint) from posting p
where {events p} and p.account in (7, 15)
group by p.known_from, p.account
having sum(p.yen) <> 0
limit 20;

-- query: booked_of_liability
-- purpose: every posting of a liability with the entry it belongs to, in order: what a figure opens to
-- in: liability_id id
-- out: entry_id id, kind text, accounting_ymd day, value_ymd day, booked_year count, basis_id id, number count, account count, yen yen
-- rows: many
select e.entry_id, e.kind, e.accounting_ymd, e.value_ymd, e.booked_year, e.basis_id, p.number, p.account, p.yen
from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
where e.liability_id = $liability_id
order by e.entry_id, p.posting_id;

-- query: transactions_of_instalment
-- purpose: the transactions of one instalment, with the receipt an entry came from
-- in: liability_id id, number count
-- out: entry_id id, kind text, accounting_ymd day, value_ymd day, booked_year count, due_yen yen, received_yen yen, overpaid_yen yen, beside_yen yen, channel count?, place text?
-- rows: many
select e.entry_id, e.kind, e.accounting_ymd, e.value_ymd, e.booked_year,
       cast(sum(case when p.account = 2 then p.yen else 0 end) as bigint),
       cast(sum(case when p.account = 3 then p.yen else 0 end) as bigint),
       cast(-sum(case when p.account = 4 then p.yen else 0 end) as bigint),
       cast(sum(case when p.account = 12 then p.yen else 0 end) as bigint),
       r.channel, r.place
from posting p join journal_entry e on e.entry_id = p.entry_id
left join receipt r on r.receipt_id = e.basis_id and e.kind in ('receipt', 'reposted')
where p.liability_id = $liability_id and p.number = $number and {events p}
group by e.entry_id, e.kind, e.accounting_ymd, e.value_ymd, e.booked_year, r.channel, r.place
order by e.entry_id;

-- query: liability_of_id
-- purpose: one liability with its debtor
-- in: liability_id id
-- out: liability_id id, kind text, debtor_id id, household_id id, accounting_year count, levy_year count, notice_no count
-- rows: maybe
select l.liability_id, l.kind, l.debtor_id, l.household_id, l.accounting_year, l.levy_year, l.notice_no
from liability l where l.liability_id = $liability_id and {now l};

-- query: day_table
-- purpose: what was told of on a day of accounting, by channel: posted at once, held (also what was settled later), preliminary notices left out
-- in: day day
-- out: channel count, posted count, posted_yen yen, held count, held_yen yen
-- rows: many
select r.channel, cast(sum(case when r.outcome = 1 then 1 else 0 end) as bigint),
       cast(sum(case when r.outcome = 1 then r.yen + r.late_yen + r.fee_yen else 0 end) as bigint),
       cast(sum(case when r.outcome = 2 then 1 else 0 end) as bigint),
       cast(sum(case when r.outcome = 2 then r.yen + r.late_yen + r.fee_yen else 0 end) as bigint)
from receipt r
where r.accounting_ymd = $day and r.stage = 2
group by r.channel order by r.channel;

-- query: month_sums
-- purpose: what was received by month of accounting, for the picture
-- in: from day, to day
-- out: month text, yen yen
-- rows: many
select substr(cast(e.accounting_ymd as text), 1, 7), cast(sum(p.yen) as bigint)
from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
where e.accounting_ymd >= $from and e.accounting_ymd < $to and p.account = 3 and e.kind in ('receipt', 'reposted', 'pension')
group by substr(cast(e.accounting_ymd as text), 1, 7)
order by substr(cast(e.accounting_ymd as text), 1, 7);

-- query: receipt_files_newest
-- purpose: what was taken, newest first, with what became of its lines
-- in: limit count
-- out: file_name text, channel count, records count, total_yen yen, posted count, held count, expected count, taken_ymd day
-- rows: many
select f.file_name, f.channel, f.records, f.total_yen,
       (select count(*) from receipt r where r.receipt_file_id = f.receipt_file_id and r.outcome = 1),
       (select count(*) from receipt r where r.receipt_file_id = f.receipt_file_id and r.outcome = 2),
       (select count(*) from receipt r where r.receipt_file_id = f.receipt_file_id and r.outcome = 3),
       v.received
from receipt_file f join event v on v.event_no = f.known_from
where {now f}
order by f.receipt_file_id desc
limit $limit;
