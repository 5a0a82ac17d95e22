-- query: closing_totals
-- purpose: what a year would carry over: debtors, instalments and yen still due in its books
-- in: year count
-- out: debtors count, instalments count, carried_yen yen
-- rows: one
select count(distinct x.debtor_id), count(*), cast(coalesce(sum(x.yen), 0) as bigint) from (
  select l.debtor_id as debtor_id, p.liability_id, p.number, sum(p.yen) as yen
  from liability l
  join posting p on p.liability_id = l.liability_id and p.account = 2
  join journal_entry e on e.entry_id = p.entry_id and e.booked_year <= $year
  where {now l} and l.accounting_year <= $year
    and coalesce((select max(c.to_year) from carry_over c where c.liability_id = l.liability_id and {now c}), l.accounting_year) = $year
  group by l.debtor_id, p.liability_id, p.number
  having sum(p.yen) <> 0
) x;

-- query: closing_page
-- purpose: the instalments that are carried over, by liability
-- in: year count, after_id id, limit count
-- out: liability_id id, number count, yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select p.liability_id, p.number, cast(sum(p.yen) as bigint), cast(sum(p.medical_yen) as bigint), cast(sum(p.support_yen) as bigint),
       cast(sum(p.care_yen) as bigint), cast(sum(p.child_yen) as bigint)
from liability l
join posting p on p.liability_id = l.liability_id and p.account = 2
join journal_entry e on e.entry_id = p.entry_id and e.booked_year <= $year
where {now l} and l.liability_id > $after_id and l.accounting_year <= $year
  and coalesce((select max(c.to_year) from carry_over c where c.liability_id = l.liability_id and {now c}), l.accounting_year) = $year
group by p.liability_id, p.number
having sum(p.yen) <> 0
order by p.liability_id, p.number
limit $limit;

-- query: closing_by_no
-- purpose: one closing as it stands
-- in: closing_no count
-- out: closing_row_id id, closing_no count, booked_year count, stage count, debtors count, instalments count, carried_yen yen, officer id, opened_ymd day
-- rows: maybe
select c.closing_row_id, c.closing_no, c.booked_year, c.stage, c.debtors, c.instalments, c.carried_yen, c.officer, v.received
from closing c join event v on v.event_no = c.known_from
where c.closing_no = $closing_no and {now c};

-- query: closings
-- purpose: every closing, newest first
-- out: closing_no count, booked_year count, stage count, debtors count, instalments count, carried_yen yen, officer id, opened_ymd day
-- rows: many
select c.closing_no, c.booked_year, c.stage, c.debtors, c.instalments, c.carried_yen, c.officer, v.received
from closing c join event v on v.event_no = c.known_from
where {now c}
order by c.closing_no desc;

-- query: closing_last
-- purpose: the highest number, and whether a year is closed already
-- in: year count
-- out: last_no count, done count
-- rows: one
select cast(coalesce(max(c.closing_no), 0) as bigint), cast(coalesce(sum(case when c.booked_year = $year and c.stage = 3 then 1 else 0 end), 0) as bigint)
from closing c where {now c};

-- query: booked_sums
-- purpose: the books of an accounting year: what every account holds in it
-- in: year count
-- out: account count, yen yen
-- rows: many
select p.account, cast(sum(p.yen) as bigint)
from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
where e.booked_year = $year
group by p.account order by p.account;

-- query: clean_candidates
-- purpose: liabilities with nothing due, overpaid or owed back whose last transaction lies before a day; what was appropriated stays with its other side
-- in: after_id id, before_ymd day, limit count
-- out: liability_id id, postings count, charged_yen yen, received_yen yen, written_off_yen yen, last_ymd day
-- rows: many
select l.liability_id, count(*),
       cast(sum(case when p.account = 2 and p.is_charge = 1 then p.yen else 0 end) as bigint),
       cast(sum(case when p.account in (3, 6) then p.yen else 0 end) as bigint),
       cast(sum(case when p.account = 8 then p.yen else 0 end) as bigint), max(e.accounting_ymd)
from liability l
join posting p on p.liability_id = l.liability_id
join journal_entry e on e.entry_id = p.entry_id
where l.liability_id > $after_id and {now l}
  and not exists (select 1 from cleaned c where c.liability_id = l.liability_id and {now c})
group by l.liability_id
having max(e.accounting_ymd) < $before_ymd
   and sum(case when p.account = 2 then p.yen else 0 end) = 0 and sum(case when p.account = 4 then p.yen else 0 end) = 0
   and sum(case when p.account = 5 then p.yen else 0 end) = 0 and sum(case when p.account in (13, 14) then p.yen else 0 end) = 0
   and sum(case when p.account = 7 then 1 else 0 end) = 0
order by l.liability_id
limit $limit;

-- query: clean_postings
-- purpose: the rows of some liabilities, to be purged
-- in: liability_ids id[]
-- out: row_id id
-- rows: many
select p.posting_id from posting p where p.liability_id in {in liability_ids} order by p.posting_id;

-- query: clean_entries
-- purpose: the rows of some liabilities, to be purged
-- in: liability_ids id[]
-- out: row_id id
-- rows: many
select e.entry_id from journal_entry e where e.liability_id in {in liability_ids} order by e.entry_id;

-- query: clean_instalments
-- purpose: the rows of some liabilities, in force or closed, to be purged
-- in: liability_ids id[]
-- out: liability_id id, row_id id
-- rows: many
select i.liability_id, i.instalment_id from instalment i where i.liability_id in {in liability_ids} order by i.liability_id, i.instalment_id;

-- query: clean_receipts
-- purpose: the receipts that were posted on some liabilities, to be purged
-- in: liability_ids id[]
-- out: row_id id
-- rows: many
select r.receipt_id from journal_entry e join receipt r on r.receipt_id = e.basis_id
where e.liability_id in {in liability_ids} and e.kind in ('receipt', 'reposted') order by r.receipt_id;

-- query: clean_treatments
-- purpose: what became of those receipts, to be purged with them
-- in: liability_ids id[]
-- out: row_id id
-- rows: many
select t.receipt_treatment_id from journal_entry e join receipt_treatment t on t.receipt_id = e.basis_id
where e.liability_id in {in liability_ids} and e.kind in ('receipt', 'reposted') order by t.receipt_treatment_id;
