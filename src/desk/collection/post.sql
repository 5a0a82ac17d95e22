-- query: post_dunnings
-- purpose: dunnings to be printed: decided for a day, not printed yet, in the order of the post
-- in: issue_ymd day, after id, n count
-- out: dunning_id id, dunning_no count, liability_id id, number count, debtor_id id, due_ymd day, fee_yen yen, decided_ymd day
-- out: issue_ymd day, pay_by_ymd day, hand_reason count, kind text, levy_year count, notice_no count, household_id id
-- rows: many
select d.dunning_id, d.dunning_no, d.liability_id, d.number, d.debtor_id, d.due_ymd, d.fee_yen, d.decided_ymd,
       d.issue_ymd, d.pay_by_ymd, d.hand_reason, l.kind, l.levy_year, l.notice_no, l.household_id
from dunning d join liability l on l.liability_id = d.liability_id and {now l}
where d.issue_ymd = $issue_ymd and d.dunning_id > $after and {now d}
  and not exists (select 1 from post_item i where i.kind = 'dunning' and i.letter_id = d.dunning_id)
order by d.dunning_id limit $n;

-- query: dunning_one
-- purpose: one dunning, for printing it by hand
-- in: dunning_id id
-- out: dunning_id id, dunning_no count, liability_id id, number count, debtor_id id, due_ymd day, fee_yen yen, decided_ymd day
-- out: issue_ymd day, pay_by_ymd day, hand_reason count, kind text, levy_year count, notice_no count, household_id id
-- rows: maybe
select d.dunning_id, d.dunning_no, d.liability_id, d.number, d.debtor_id, d.due_ymd, d.fee_yen, d.decided_ymd,
       d.issue_ymd, d.pay_by_ymd, d.hand_reason, l.kind, l.levy_year, l.notice_no, l.household_id
from dunning d join liability l on l.liability_id = d.liability_id and {now l}
where d.dunning_id = $dunning_id and {now d};

-- query: dunning_by_no
-- purpose: a dunning by the number on it and the fiscal year it was issued in
-- in: dunning_no count, from_ymd day, to_ymd day
-- out: dunning_id id, debtor_id id
-- rows: maybe
select d.dunning_id, d.debtor_id from dunning d
where d.dunning_no = $dunning_no and d.issue_ymd >= $from_ymd and d.issue_ymd < $to_ymd and {now d};

-- query: reminder_by_no
-- purpose: the same of a reminder
-- in: reminder_no count, from_ymd day, to_ymd day
-- out: reminder_id id, debtor_id id
-- rows: maybe
select r.reminder_id, r.debtor_id from reminder r
where r.reminder_no = $reminder_no and r.issue_ymd >= $from_ymd and r.issue_ymd < $to_ymd and {now r};

-- query: post_reminders
-- purpose: reminders to be printed: decided for a day, not printed yet
-- in: issue_ymd day, after id, n count
-- out: reminder_id id, reminder_no count, debtor_id id, as_of_ymd day, decided_ymd day, issue_ymd day, pay_by_ymd day, with_receipt flag, hand_reason count
-- rows: many
select r.reminder_id, r.reminder_no, r.debtor_id, r.as_of_ymd, r.decided_ymd, r.issue_ymd, r.pay_by_ymd, r.with_receipt, r.hand_reason
from reminder r
where r.issue_ymd = $issue_ymd and r.reminder_id > $after and {now r}
  and not exists (select 1 from post_item i where i.kind = 'reminder' and i.letter_id = r.reminder_id)
order by r.reminder_id limit $n;

-- query: reminder_items
-- purpose: what some reminders list
-- in: reminder_ids id[]
-- out: reminder_id id, liability_id id, number count, balance_yen yen, late_yen yen
-- rows: many
select i.reminder_id, i.liability_id, i.number, i.balance_yen, i.late_yen from reminder_item i
where i.reminder_id in {in reminder_ids} order by i.reminder_id, i.reminder_item_id;

-- query: expected_receipts
-- purpose: what preliminary notices say will come in for some notices, not confirmed and not cancelled yet
-- in: levy_year count, notice_nos id[]
-- out: notice_no count, number count, yen yen
-- rows: many
select r.notice_no, r.number, cast(sum(r.yen) as bigint) from receipt r
where r.levy_year = $levy_year and r.notice_no in {in notice_nos} and r.stage = 1 and r.outcome = 3
  and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id and {now t})
group by r.notice_no, r.number order by r.notice_no, r.number;

-- query: fee_due
-- purpose: dunning fees still due on an instalment
-- in: liability_id id, number count
-- out: yen yen
-- rows: one
select cast(coalesce(sum(p.yen), 0) as bigint) from posting p
where p.liability_id = $liability_id and p.number = $number and p.account = 14;

-- query: late_received
-- purpose: late charges received on some liabilities
-- in: liability_ids id[]
-- out: liability_id id, number count, yen yen
-- rows: many
select p.liability_id, p.number, cast(-sum(p.yen) as bigint) from posting p
where p.liability_id in {in liability_ids} and p.account in (9, 13)
group by p.liability_id, p.number having sum(p.yen) <> 0 order by p.liability_id, p.number;

-- query: slips_of_debtor
-- purpose: slips issued apart from the first notice's that are in force, of a debtor
-- in: debtor_id id
-- out: liability_id id, number count, issue count, limit_ymd day, kind text
-- rows: many
select s.liability_id, s.number, s.issue, s.limit_ymd, s.kind
from liability l join slip s on s.liability_id = l.liability_id and {now s}
where l.debtor_id = $debtor_id and {now l} order by s.liability_id, s.number;

-- query: notices_to_post
-- purpose: levy notices printed on an issue day that stand in no job of the post yet
-- in: issue_ymd day, after id, n count
-- out: notice_id id, decision_id id, decision_no count, fiscal_year count, debtor_id id, place count
-- rows: many
select n.notice_id, n.decision_id, d.decision_no, d.fiscal_year, d.debtor_id, n.position
from notice n join decision d on d.decision_id = n.decision_id
where n.issue_ymd = $issue_ymd and n.notice_id > $after and n.pulled_reason = 0 and {now n}
  and not exists (select 1 from post_item i where i.kind = 'levy_notice' and i.letter_id = n.notice_id)
order by n.notice_id limit $n;

-- query: post_batch_of_job
-- purpose: the run that a job prints, with the places taken so far
-- in: job_id id
-- out: batch_id id, batch_no count, places count
-- rows: maybe
select b.batch_id, b.batch_no,
  cast(coalesce((select max(i.place) from post_item i where i.batch_id = b.batch_id), 0) as bigint)
from post_batch b where b.job_id = $job_id and {now b};

-- query: post_batch_get
-- purpose: one run by its number
-- in: batch_no count
-- out: batch_id id, made_ymd day, contractor text
-- rows: maybe
select b.batch_id, b.made_ymd, b.contractor from post_batch b where b.batch_no = $batch_no and {now b};

-- query: post_index
-- purpose: every place of a run with its codes, for enclosing and despatch
-- in: batch_id id
-- out: place count, kind text, document_no count, pages count, insert_code text, delivery_code text, bars text
-- rows: many
select i.place, i.kind, i.document_no, i.pages, i.insert_code, i.delivery_code, i.bars
from post_item i where i.batch_id = $batch_id and i.place > 0 order by i.place;

-- query: post_batches
-- purpose: jobs of the post, newest first
-- in: n count
-- out: batch_no count, made_ymd day, contractor text, title text, printed count, pulled count, withdrawn count, posted count, returned count
-- rows: many
select b.batch_no, b.made_ymd, b.contractor, b.title,
  (select count(*) from post_item i where i.batch_id = b.batch_id and i.reason = 0),
  (select count(*) from post_item i where i.batch_id = b.batch_id and i.reason <> 0),
  (select count(*) from post_item i join post_result r on r.post_item_id = i.post_item_id and r.state = 1 where i.batch_id = b.batch_id),
  (select count(*) from post_item i join post_result r on r.post_item_id = i.post_item_id and r.state = 2 where i.batch_id = b.batch_id),
  (select count(*) from post_item i join post_result r on r.post_item_id = i.post_item_id and r.state = 3 where i.batch_id = b.batch_id)
from post_batch b where {now b} order by b.batch_no desc limit $n;

-- query: post_counts
-- purpose: a job of the post by kind of document
-- in: batch_no count
-- out: kind text, printed count, pages count, pulled count, withdrawn count, posted count, returned count, yen yen
-- rows: many
select i.kind, cast(sum(case when i.reason = 0 then 1 else 0 end) as bigint),
  cast(sum(case when i.reason = 0 then i.pages else 0 end) as bigint),
  cast(sum(case when i.reason <> 0 then 1 else 0 end) as bigint),
  cast(sum(case when exists (select 1 from post_result r where r.post_item_id = i.post_item_id and r.state = 1) then 1 else 0 end) as bigint),
  cast(sum(case when exists (select 1 from post_result r where r.post_item_id = i.post_item_id and r.state = 2) then 1 else 0 end) as bigint),
  cast(sum(case when exists (select 1 from post_result r where r.post_item_id = i.post_item_id and r.state = 3) then 1 else 0 end) as bigint),
  cast(sum(case when i.reason = 0 then i.yen else 0 end) as bigint)
from post_batch b join post_item i on i.batch_id = b.batch_id
where b.batch_no = $batch_no and {now b}
group by i.kind order by i.kind;

-- query: post_items
-- purpose: documents of a job in the order of printing, with the newest state; those pulled at the end
-- in: batch_no count, after count, n count
-- out: post_item_id id, kind text, document_no count, debtor_id id, person_no text, name text?, place count, pages count
-- out: insert_code text, delivery_code text, bars text, yen yen, reason count, state count?, result_ymd day?, result_reason count?
-- rows: many
select i.post_item_id, i.kind, i.document_no, i.debtor_id, p.person_no, nm.name, i.place, i.pages, i.insert_code, i.delivery_code,
  i.bars, i.yen, i.reason,
  (select max(r.state) from post_result r where r.post_item_id = i.post_item_id),
  (select max(r.result_ymd) from post_result r where r.post_item_id = i.post_item_id),
  (select max(r.reason) from post_result r where r.post_item_id = i.post_item_id and r.state in (1, 3))
from post_batch b join post_item i on i.batch_id = b.batch_id
join person p on p.person_id = i.debtor_id
left join person_name nm on nm.person_id = i.debtor_id and nm.is_used = 1 and {asof nm}
where b.batch_no = $batch_no and i.place > $after and {now b}
order by i.place, i.post_item_id limit $n;

-- query: post_pulled
-- purpose: documents of a job that are not printed, and why
-- in: batch_no count, n count
-- out: post_item_id id, kind text, document_no count, debtor_id id, person_no text, name text?, yen yen, reason count
-- rows: many
select i.post_item_id, i.kind, i.document_no, i.debtor_id, p.person_no, nm.name, i.yen, i.reason
from post_batch b join post_item i on i.batch_id = b.batch_id
join person p on p.person_id = i.debtor_id
left join person_name nm on nm.person_id = i.debtor_id and nm.is_used = 1 and {asof nm}
where b.batch_no = $batch_no and i.reason <> 0 and {now b}
order by i.reason, i.kind, i.document_no limit $n;

-- query: post_item_of_no
-- purpose: a printed document by its kind and number, the newest first
-- in: kind text, document_no count
-- out: post_item_id id, letter_id id, debtor_id id, batch_no count, place count, reason count, print_data blob, layout_hash blob, state count?
-- rows: many
select i.post_item_id, i.letter_id, i.debtor_id, b.batch_no, i.place, i.reason, i.print_data, i.layout_hash,
  (select max(r.state) from post_result r where r.post_item_id = i.post_item_id)
from post_item i join post_batch b on b.batch_id = i.batch_id and {now b}
where i.kind = $kind and i.document_no = $document_no
order by i.post_item_id desc;

-- query: post_item_of_letter
-- purpose: how a letter was printed
-- in: kind text, letter_id id
-- out: post_item_id id, batch_no count, place count, reason count, print_data blob, layout_hash blob, state count?
-- rows: many
select i.post_item_id, b.batch_no, i.place, i.reason, i.print_data, i.layout_hash,
  (select max(r.state) from post_result r where r.post_item_id = i.post_item_id)
from post_item i join post_batch b on b.batch_id = i.batch_id and {now b}
where i.kind = $kind and i.letter_id = $letter_id
order by i.post_item_id desc;

-- query: post_item_get
-- purpose: one printed document
-- in: post_item_id id
-- out: kind text, letter_id id, document_no count, debtor_id id, batch_no count, reason count, print_data blob, layout_hash blob, state count?
-- rows: maybe
select i.kind, i.letter_id, i.document_no, i.debtor_id, b.batch_no, i.reason, i.print_data, i.layout_hash,
  (select max(r.state) from post_result r where r.post_item_id = i.post_item_id)
from post_item i join post_batch b on b.batch_id = i.batch_id and {now b}
where i.post_item_id = $post_item_id;

-- query: post_to_despatch
-- purpose: documents of a job that are printed and neither taken out nor posted
-- in: batch_no count
-- out: post_item_id id, debtor_id id
-- rows: many
select i.post_item_id, i.debtor_id from post_batch b join post_item i on i.batch_id = b.batch_id
where b.batch_no = $batch_no and i.reason = 0 and {now b}
  and not exists (select 1 from post_result r where r.post_item_id = i.post_item_id)
order by i.place;

-- query: letters_of_debtor
-- purpose: every dunning and reminder of a debtor, also those taken out, newest first
-- in: debtor_id id
-- out: letter text, letter_id id, no count, levy_year count?, notice_no count?, number count?, decided_ymd day, issue_ymd day
-- out: pay_by_ymd day, balance_yen yen, late_yen yen, fee_yen yen, lapse_ymd day?, officer text?, is_open flag, state count?, withdrawn count?, note text?
-- rows: many
select x.letter, x.letter_id, x.no, x.levy_year, x.notice_no, x.number, x.decided_ymd, x.issue_ymd, x.pay_by_ymd, x.balance_yen,
  x.late_yen, x.fee_yen, x.lapse_ymd,
  (select a.full_name from user_account a where a.user_id = x.officer_id and {now a}), x.is_open,
  (select max(r.state) from post_item i join post_result r on r.post_item_id = i.post_item_id where i.kind = x.letter and i.letter_id = x.letter_id),
  (select max(w.reason) from dunning_withdrawal w where w.letter = x.letter and w.letter_id = x.letter_id),
  (select max(w.note) from dunning_withdrawal w where w.letter = x.letter and w.letter_id = x.letter_id)
from (select 'dunning' as letter, d.dunning_id as letter_id, d.dunning_no as no, l.levy_year as levy_year, l.notice_no as notice_no,
        d.number as number, d.decided_ymd as decided_ymd, d.issue_ymd as issue_ymd, d.pay_by_ymd as pay_by_ymd, d.balance_yen as balance_yen,
        0 as late_yen, d.fee_yen as fee_yen, d.lapse_ymd as lapse_ymd, d.officer_id as officer_id, {open d} as is_open
      from dunning d join liability l on l.liability_id = d.liability_id and {now l} where d.debtor_id = $debtor_id
      union all
      select 'reminder', m.reminder_id, m.reminder_no, null, null, null, m.decided_ymd, m.issue_ymd, m.pay_by_ymd, m.balance_yen,
        m.late_yen, 0, null, m.officer_id, {open m}
      from reminder m where m.debtor_id = $debtor_id) x
order by x.issue_ymd desc, x.letter_id desc;

-- query: returned_mail
-- purpose: letters that came back and whose address nobody has looked into: tasks
-- in: n count
-- out: post_item_id id, kind text, document_no count, debtor_id id, person_no text, name text?, returned_ymd day, reason count, note text
-- rows: many
select i.post_item_id, i.kind, i.document_no, i.debtor_id, p.person_no, nm.name, r.result_ymd, r.reason, r.note
from post_result r join post_item i on i.post_item_id = r.post_item_id
join person p on p.person_id = i.debtor_id
left join person_name nm on nm.person_id = i.debtor_id and nm.is_used = 1 and {asof nm}
where r.state = 3 and not exists (select 1 from post_result c where c.post_item_id = i.post_item_id and c.state = 4)
order by r.result_ymd, r.post_result_id limit $n;

-- query: paper_batches
-- purpose: bundles of paper, open ones first, with what has come back
-- in: n count
-- out: paper_batch_id id, batch_no count, form_kind text, sheets count, contractor text, handed_ymd day, note text, back count, last_ymd day?
-- rows: many
select b.paper_batch_id, b.batch_no, b.form_kind, b.sheets, b.contractor, b.handed_ymd, b.note,
  cast(coalesce((select sum(r.sheets) from paper_batch_return r where r.paper_batch_id = b.paper_batch_id), 0) as bigint),
  (select max(r.returned_ymd) from paper_batch_return r where r.paper_batch_id = b.paper_batch_id)
from paper_batch b order by b.batch_no desc limit $n;

-- query: paper_batch_get
-- purpose: one bundle by its number
-- in: batch_no count
-- out: paper_batch_id id, form_kind text, sheets count, contractor text, handed_ymd day, note text, back count
-- rows: maybe
select b.paper_batch_id, b.form_kind, b.sheets, b.contractor, b.handed_ymd, b.note,
  cast(coalesce((select sum(r.sheets) from paper_batch_return r where r.paper_batch_id = b.paper_batch_id), 0) as bigint)
from paper_batch b where b.batch_no = $batch_no;

-- query: paid_in
-- purpose: what a debtor paid on days in a range, by the day it was received, and what was given back, by levy year
-- in: debtor_id id, from_ymd day, to_ymd day
-- out: levy_year count, kind text, paid_ymd day, yen yen, refunded_yen yen
-- rows: many
select l.levy_year, l.kind, e.value_ymd, cast(sum(case when p.account = 3 then p.yen else 0 end) as bigint),
  cast(sum(case when p.account = 6 then -p.yen else 0 end) as bigint)
from liability l join posting p on p.liability_id = l.liability_id and p.account in (3, 6)
join journal_entry e on e.entry_id = p.entry_id
where l.debtor_id = $debtor_id and {now l} and e.value_ymd >= $from_ymd and e.value_ymd < $to_ymd
group by l.levy_year, l.kind, e.value_ymd order by e.value_ymd, l.levy_year;

-- query: paid_for
-- purpose: what a debtor was charged, has paid and still owes of a levy year
-- in: debtor_id id, levy_year count
-- out: kind text, notice_no count, number count, due_ymd day, charged_yen yen, received_yen yen, overpaid_yen yen, appropriated_yen yen, balance_yen yen, last_ymd day?
-- rows: many
select l.kind, l.notice_no, i.number, i.due_ymd, i.charged_yen,
  cast(coalesce((select sum(p.yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 3), 0) as bigint),
  cast(-coalesce((select sum(p.yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account in (4, 5, 6)), 0) as bigint),
  cast(coalesce((select sum(p.yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 7), 0) as bigint),
  cast(coalesce((select sum(p.yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 2), 0) as bigint),
  (select max(e.value_ymd) from posting p join journal_entry e on e.entry_id = p.entry_id
   where p.liability_id = i.liability_id and p.number = i.number and p.account = 3)
from liability l join instalment i on i.liability_id = l.liability_id and {now i}
where l.debtor_id = $debtor_id and l.levy_year = $levy_year and {now l}
order by i.due_ymd, l.liability_id, i.number;

-- query: certificates_of_debtor
-- purpose: certificates and statements handed out to a debtor
-- in: debtor_id id
-- out: kind text, certificate_no count, year_kind text, year count, issued_ymd day, yen yen, purpose text, receiver text, fee_yen yen, issue count
-- rows: many
select c.kind, c.certificate_no, c.year_kind, c.year, c.issued_ymd, c.yen, c.purpose, c.receiver, c.fee_yen, c.issue
from paid_certificate c where c.debtor_id = $debtor_id and {now c}
order by c.issued_ymd desc, c.certificate_no desc;

-- query: certificate_issues
-- purpose: how often the same was certified before
-- in: debtor_id id, kind text, year_kind text, year count
-- out: issues count
-- rows: one
select count(*) from paid_certificate c
where c.debtor_id = $debtor_id and c.kind = $kind and c.year_kind = $year_kind and c.year = $year and {now c};

-- query: certificate_last_no
-- purpose: the number of the certificate handed out last
-- in: kind text
-- out: certificate_no count
-- rows: one
select cast(coalesce(max(c.certificate_no), 0) as bigint) from paid_certificate c where c.kind = $kind;

-- query: decided_letters
-- purpose: dunnings of a person for the register of decisions, with their number, basis, decider and whether they were posted
-- in: person_id id
-- out: dunning_no count, levy_year count, notice_no count, number count, decided_ymd day, issue_ymd day, balance_yen yen, basis text, officer text?
-- out: is_open flag, posted_ymd day?
-- rows: many
select d.dunning_no, l.levy_year, l.notice_no, d.number, d.decided_ymd, d.issue_ymd, d.balance_yen, d.basis,
  (select a.full_name from user_account a where a.user_id = d.officer_id and {now a}), {open d},
  (select max(r.result_ymd) from post_item i join post_result r on r.post_item_id = i.post_item_id and r.state = 2
   where i.kind = 'dunning' and i.letter_id = d.dunning_id)
from dunning d join liability l on l.liability_id = d.liability_id and {now l}
where d.debtor_id = $person_id
order by d.decided_ymd, d.dunning_no;

-- query: twice_dunned
-- purpose: instalments with more than one dunning that stands
-- out: liability_id id, number count, dunnings count
-- rows: many
select d.liability_id, d.number, count(*) from dunning d where {now d}
group by d.liability_id, d.number having count(*) > 1 limit 20;

-- query: dunned_paid
-- purpose: dunnings decided for an instalment that was paid by then: none
-- out: dunning_id id, balance_yen yen
-- rows: many
select d.dunning_id, d.balance_yen from dunning d
where {now d} and (select coalesce(sum(p.yen), 0) from posting p where p.liability_id = d.liability_id
  and p.number = d.number and p.account = 2 and p.known_from < d.known_from) <= 0
limit 20;
