-- Statements of direct debit: applications, runs, files, results, transfers, keyed batches.

-- query: debits_of_person
-- purpose: every application of a person as it is now, the newest first
-- in: person_id id
-- out: direct_debit_id id, debit_no id, action text, state count, received_ymd day, first_year count, first_number count, first_due_ymd day
-- out: bank_code text, branch_code text, account_kind text, account_no text, holder text, answer text, answered_ymd day?, ended_ymd day?, ended_by text
-- rows: many
select d.direct_debit_id, d.debit_no, d.action, d.state, d.received_ymd, d.first_year, d.first_number, d.first_due_ymd,
  d.bank_code, d.branch_code, d.account_kind, d.account_no, d.holder, d.answer, d.answered_ymd, d.ended_ymd, d.ended_by
from direct_debit d where d.person_id = $person_id and {now d}
order by d.debit_no desc;

-- query: debits_of_state
-- purpose: applications in a state, with whose they are, in the order they came
-- in: state count, limit count
-- out: direct_debit_id id, debit_no id, person_id id, person_no text, action text, received_ymd day, first_year count, first_number count, first_due_ymd day
-- out: bank_code text, branch_code text, account_kind text, account_no text, holder text, answer text, answered_ymd day?
-- rows: many
select d.direct_debit_id, d.debit_no, d.person_id, p.person_no, d.action, d.received_ymd, d.first_year, d.first_number, d.first_due_ymd,
  d.bank_code, d.branch_code, d.account_kind, d.account_no, d.holder, d.answer, d.answered_ymd
from direct_debit d join person p on p.person_id = d.person_id
where d.state = $state and {now d}
order by d.debit_no
limit $limit;

-- query: debit_by_no
-- purpose: an application by its number, as it is now
-- in: debit_no id
-- out: direct_debit_id id, person_id id, action text, state count, received_ymd day, first_year count, first_number count, first_due_ymd day
-- out: bank_code text, branch_code text, account_kind text, account_no text, holder text, answer text, answered_ymd day?
-- rows: maybe
select d.direct_debit_id, d.person_id, d.action, d.state, d.received_ymd, d.first_year, d.first_number, d.first_due_ymd,
  d.bank_code, d.branch_code, d.account_kind, d.account_no, d.holder, d.answer, d.answered_ymd
from direct_debit d where d.debit_no = $debit_no and {now d};

-- query: debit_accounts
-- purpose: the account of a person for direct debit that stands registered on a day: of the collection, else of the levy, else of all
-- in: person_id id
-- out: business text, bank_code text, branch_code text, kind text, account_no text, holder text
-- rows: many
select a.business, a.bank_code, a.branch_code, a.kind, a.account_no, a.holder
from account a
where a.person_id = $person_id and a.purpose = 'debit' and a.business in ('collection', 'levy', 'all') and {asof a}
order by case a.business when 'collection' then 1 when 'levy' then 2 else 3 end, a.account_id;

-- query: debit_starts
-- purpose: instalments still to fall due on which direct debit of a debtor may begin
-- in: person_id id, from_ymd day
-- out: levy_year count, notice_no count, number count, due_ymd day, charged_yen yen
-- rows: many
select l.levy_year, l.notice_no, i.number, i.due_ymd, i.charged_yen
from liability l join instalment i on i.liability_id = l.liability_id and {now i}
where l.debtor_id = $person_id and {now l} and i.due_ymd >= $from_ymd and i.number < 51 and i.charged_yen > 0
order by i.due_ymd, l.notice_no, i.number;

-- query: debit_candidates
-- purpose: what falls due on a day and is to be debited: the balance, and how often this account and any account of the debtor was asked before
-- in: due_ymd day
-- out: debit_no id, person_id id, person_no text, liability_id id, kind text, levy_year count, notice_no count, number count, balance_yen yen
-- out: bank_code text, branch_code text, account_kind text, account_no text, holder text, same count, before count
-- rows: many
select c.debit_no, c.person_id, c.person_no, c.liability_id, c.kind, c.levy_year, c.notice_no, c.number, c.balance_yen,
  c.bank_code, c.branch_code, c.account_kind, c.account_no, c.holder, c.same, c.before
from (select d.debit_no, d.person_id, p.person_no, l.liability_id, l.kind, l.levy_year, l.notice_no, i.number,
    cast(coalesce((select sum(g.yen) from posting g where g.liability_id = i.liability_id and g.number = i.number and g.account = 2), 0) as bigint) as balance_yen,
    d.bank_code, d.branch_code, d.account_kind, d.account_no, d.holder,
    (select count(*) from debit_request q where q.person_id = d.person_id and q.bank_code = d.bank_code and q.branch_code = d.branch_code
        and q.account_kind = d.account_kind and q.account_no = d.account_no) as same,
    (select count(*) from debit_request q where q.person_id = d.person_id) as before
  from instalment i join liability l on l.liability_id = i.liability_id and {now l}
  join direct_debit d on d.person_id = l.debtor_id and d.state = 3 and {now d}
  join person p on p.person_id = d.person_id
  where i.due_ymd = $due_ymd and {now i} and i.number < 51 and d.first_due_ymd <= i.due_ymd
    and not exists (select 1 from debit_request r where r.liability_id = i.liability_id and r.number = i.number)) c
where c.balance_yen > 0
order by c.bank_code, c.branch_code, c.person_no, c.levy_year, c.notice_no, c.number;

-- query: debit_again_candidates
-- purpose: requests of a confirmed run that failed for lack of funds and are still unpaid, whose debit still stands
-- in: run_no id
-- out: debit_no id, person_id id, person_no text, liability_id id, kind text, levy_year count, notice_no count, number count, balance_yen yen
-- out: bank_code text, branch_code text, account_kind text, account_no text, holder text
-- rows: many
select c.debit_no, c.person_id, c.person_no, c.liability_id, c.kind, c.levy_year, c.notice_no, c.number, c.balance_yen,
  c.bank_code, c.branch_code, c.account_kind, c.account_no, c.holder
from (select d.debit_no, d.person_id, p.person_no, l.liability_id, l.kind, r.levy_year, r.notice_no, r.number,
    cast(coalesce((select sum(g.yen) from posting g where g.liability_id = r.liability_id and g.number = r.number and g.account = 2), 0) as bigint) as balance_yen,
    d.bank_code, d.branch_code, d.account_kind, d.account_no, d.holder
  from debit_request r join debit_result s on s.debit_request_id = r.debit_request_id and s.result = '1'
  join direct_debit d on d.person_id = r.person_id and d.state = 3 and {now d}
  join liability l on l.liability_id = r.liability_id and {now l}
  join person p on p.person_id = r.person_id
  where r.run_no = $run_no
    and not exists (select 1 from debit_request a join debit_run n on n.run_no = a.run_no
        where a.liability_id = r.liability_id and a.number = r.number and n.of_run = $run_no)) c
where c.balance_yen > 0
order by c.bank_code, c.branch_code, c.person_no, c.levy_year, c.notice_no, c.number;

-- query: debit_run_put
-- purpose: a new draft of a run
-- in: run_no id, of_run id?, due_ymd day, debit_ymd day, requests count, total_yen yen, made_ymd day, made_by id
-- rows: exec
insert into debit_run (run_no, of_run, due_ymd, debit_ymd, state, requests, total_yen, made_ymd, made_by, confirmed_by)
values ($run_no, $of_run, $due_ymd, $debit_ymd, 1, $requests, $total_yen, $made_ymd, $made_by, null);

-- query: debit_run_by_no
-- purpose: one run
-- in: run_no id
-- out: run_no id, of_run id?, due_ymd day, debit_ymd day, state count, requests count, total_yen yen, made_ymd day, made_by id
-- rows: maybe
select r.run_no, r.of_run, r.due_ymd, r.debit_ymd, r.state, r.requests, r.total_yen, r.made_ymd, r.made_by
from debit_run r where r.run_no = $run_no;

-- query: debit_runs
-- purpose: the newest runs, with how much of each was answered
-- in: limit count
-- out: run_no id, of_run id?, due_ymd day, debit_ymd day, state count, requests count, total_yen yen, made_ymd day, files count, answers count, done_yen yen, failed count
-- rows: many
select r.run_no, r.of_run, r.due_ymd, r.debit_ymd, r.state, r.requests, r.total_yen, r.made_ymd,
  (select count(*) from debit_file f where f.run_no = r.run_no),
  (select count(*) from debit_file f join debit_answer a on a.debit_file_id = f.debit_file_id where f.run_no = r.run_no),
  cast(coalesce((select sum(a.done_yen) from debit_file f join debit_answer a on a.debit_file_id = f.debit_file_id where f.run_no = r.run_no), 0) as bigint),
  cast(coalesce((select sum(a.failed) from debit_file f join debit_answer a on a.debit_file_id = f.debit_file_id where f.run_no = r.run_no), 0) as bigint)
from debit_run r
order by r.run_no desc
limit $limit;

-- query: debit_run_state
-- purpose: a draft becomes confirmed (2) or dropped (3); nothing when it is none any more
-- in: run_no id, state count, by id
-- rows: exec
update debit_run set state = $state, confirmed_by = $by where run_no = $run_no and state = 1;

-- query: debit_draft_put
-- purpose: one line of a draft
-- in: debit_draft_id id, run_no id, file_no count, debit_no id, person_id id, liability_id id, subject text, levy_year count, notice_no count, number count, yen yen
-- in: bank_code text, branch_code text, account_kind text, account_no text, holder text, new_code text, customer_no text
-- rows: exec
insert into debit_draft (debit_draft_id, run_no, file_no, debit_no, person_id, liability_id, subject, levy_year, notice_no, number, yen,
  bank_code, branch_code, account_kind, account_no, holder, new_code, customer_no)
values ($debit_draft_id, $run_no, $file_no, $debit_no, $person_id, $liability_id, $subject, $levy_year, $notice_no, $number, $yen,
  $bank_code, $branch_code, $account_kind, $account_no, $holder, $new_code, $customer_no);

-- query: debit_draft_lines
-- purpose: the lines of a draft in the order of their files, each with its balance now and whether its debit still stands
-- in: run_no id
-- out: file_no count, debit_no id, person_id id, person_no text, liability_id id, subject text, levy_year count, notice_no count, number count, yen yen
-- out: bank_code text, branch_code text, account_kind text, account_no text, holder text, new_code text, customer_no text, balance_yen yen, stands flag
-- rows: many
select t.file_no, t.debit_no, t.person_id, p.person_no, t.liability_id, t.subject, t.levy_year, t.notice_no, t.number, t.yen,
  t.bank_code, t.branch_code, t.account_kind, t.account_no, t.holder, t.new_code, t.customer_no,
  cast(coalesce((select sum(g.yen) from posting g where g.liability_id = t.liability_id and g.number = t.number and g.account = 2), 0) as bigint),
  case when exists (select 1 from direct_debit d where d.debit_no = t.debit_no and d.state = 3 and {now d}) then 1 else 0 end
from debit_draft t join person p on p.person_id = t.person_id
where t.run_no = $run_no
order by t.file_no, t.debit_draft_id;

-- query: debit_draft_drop
-- purpose: the lines of a draft go
-- in: run_no id
-- rows: exec
delete from debit_draft where run_no = $run_no;

-- query: debit_draft_files
-- purpose: what a draft comes to by file and bank
-- in: run_no id
-- out: file_no count, bank_code text, subject text, records count, yen yen
-- rows: many
select t.file_no, t.bank_code, t.subject, count(*), cast(sum(t.yen) as bigint)
from debit_draft t where t.run_no = $run_no
group by t.file_no, t.bank_code, t.subject
order by t.file_no, t.bank_code, t.subject;

-- query: debit_files_of_run
-- purpose: the files of a run with their answers
-- in: run_no id
-- out: debit_file_id id, contractor text, bank_code text, subject text, section text, file_name text, records count, total_yen yen, done count?, done_yen yen?, failed count?, failed_yen yen?
-- rows: many
select f.debit_file_id, f.contractor, f.bank_code, f.subject, f.section, f.file_name, f.records, f.total_yen,
  a.done, a.done_yen, a.failed, a.failed_yen
from debit_file f left join debit_answer a on a.debit_file_id = f.debit_file_id
where f.run_no = $run_no
order by f.bank_code, f.contractor, f.subject, f.debit_file_id;

-- query: debit_file_named
-- purpose: a file that went out, by its name
-- in: file_name text, run_no id
-- out: debit_file_id id, run_no id, debit_ymd day, contractor text, bank_code text, records count, total_yen yen, sha256 text
-- rows: maybe
select f.debit_file_id, f.run_no, f.debit_ymd, f.contractor, f.bank_code, f.records, f.total_yen, f.sha256
from debit_file f where f.run_no = $run_no and f.file_name = $file_name;

-- query: debit_files_open
-- purpose: files that went to a bank for a day and have no answer yet
-- in: bank_code text, contractor text, from_ymd day, to_ymd day
-- out: debit_file_id id, run_no id, debit_ymd day, records count, total_yen yen, is_answered flag
-- rows: many
select f.debit_file_id, f.run_no, f.debit_ymd, f.records, f.total_yen,
  case when exists (select 1 from debit_answer a where a.debit_file_id = f.debit_file_id) then 1 else 0 end
from debit_file f
where f.bank_code = $bank_code and f.contractor = $contractor and f.debit_ymd >= $from_ymd and f.debit_ymd <= $to_ymd
order by f.debit_ymd desc, f.debit_file_id;

-- query: debit_requests_of_file
-- purpose: what a file asked, by customer number
-- in: debit_file_id id
-- out: debit_request_id id, debit_no id, person_id id, liability_id id, levy_year count, notice_no count, number count, yen yen
-- out: bank_code text, branch_code text, account_kind text, account_no text, customer_no text
-- rows: many
select r.debit_request_id, r.debit_no, r.person_id, r.liability_id, r.levy_year, r.notice_no, r.number, r.yen,
  r.bank_code, r.branch_code, r.account_kind, r.account_no, r.customer_no
from debit_request r where r.debit_file_id = $debit_file_id
order by r.customer_no, r.debit_request_id;

-- query: debit_history
-- purpose: what was asked of a person's accounts and what the banks said, the newest first
-- in: person_id id, limit count
-- out: levy_year count, notice_no count, number count, yen yen, debit_ymd day, bank_code text, account_no text, run_no id, is_again flag, result text?
-- rows: many
select r.levy_year, r.notice_no, r.number, r.yen, f.debit_ymd, r.bank_code, r.account_no, r.run_no,
  case when n.of_run is null then 0 else 1 end, s.result
from debit_request r join debit_file f on f.debit_file_id = r.debit_file_id
join debit_run n on n.run_no = r.run_no
left join debit_result s on s.debit_request_id = r.debit_request_id
where r.person_id = $person_id
order by f.debit_ymd desc, r.debit_request_id desc
limit $limit;

-- query: debit_failures
-- purpose: what failed in a run, by person, with what is still due
-- in: run_no id
-- out: person_id id, liability_id id, household_id id, levy_year count, notice_no count, number count, yen yen, balance_yen yen, result text, debit_ymd day, due_ymd day, bank_code text, branch_code text, account_no text
-- rows: many
select r.person_id, r.liability_id, l.household_id, r.levy_year, r.notice_no, r.number, r.yen,
  cast(coalesce((select sum(g.yen) from posting g where g.liability_id = r.liability_id and g.number = r.number and g.account = 2), 0) as bigint),
  s.result, s.debit_ymd, f.due_ymd, r.bank_code, r.branch_code, r.account_no
from debit_request r join debit_result s on s.debit_request_id = r.debit_request_id and s.result <> '0'
join debit_file f on f.debit_file_id = r.debit_file_id
join liability l on l.liability_id = r.liability_id and {now l}
where r.run_no = $run_no
order by r.person_id, r.levy_year, r.notice_no, r.number;

-- query: debit_stop_candidates
-- purpose: debits that stand although the newest answer says that there is no account, it was stopped, or there is no form
-- in: limit count
-- out: debit_no id, person_no text, result text, debit_ymd day, bank_code text, branch_code text
-- rows: many
select d.debit_no, p.person_no, s.result, s.debit_ymd, r.bank_code, r.branch_code
from direct_debit d join person p on p.person_id = d.person_id
join debit_request r on r.debit_no = d.debit_no
join debit_result s on s.debit_request_id = r.debit_request_id and s.result in ('2', '3', '4')
where d.state = 3 and {now d}
  and not exists (select 1 from debit_request q join debit_result t on t.debit_request_id = q.debit_request_id
      where q.debit_no = d.debit_no and t.debit_ymd > s.debit_ymd)
order by s.debit_ymd desc, p.person_no
limit $limit;

-- query: debit_done
-- purpose: debits that succeeded between two days, by person
-- in: from_ymd day, to_ymd day, after id, limit count
-- out: person_id id, household_id id, levy_year count, notice_no count, number count, yen yen, debit_ymd day, bank_code text, branch_code text, account_no text
-- rows: many
select r.person_id, l.household_id, r.levy_year, r.notice_no, r.number, r.yen, s.debit_ymd, r.bank_code, r.branch_code, r.account_no
from debit_result s join debit_request r on r.debit_request_id = s.debit_request_id
join liability l on l.liability_id = r.liability_id and {now l}
where s.result = '0' and s.debit_ymd >= $from_ymd and s.debit_ymd <= $to_ymd and r.person_id > $after
order by r.person_id, s.debit_ymd, r.levy_year, r.notice_no, r.number
limit $limit;

-- query: debit_letters_of
-- purpose: who was written to already
-- in: kind text, subject_no id
-- out: person_id id, pulled text
-- rows: many
select t.person_id, t.pulled from debit_letter t where t.kind = $kind and t.subject_no = $subject_no
order by t.person_id;

-- query: debit_letters_of_person
-- purpose: notices about direct debit to a person
-- in: person_id id
-- out: debit_letter_id id, kind text, subject_no id, issued_ymd day, pulled text
-- rows: many
select t.debit_letter_id, t.kind, t.subject_no, t.issued_ymd, t.pulled from debit_letter t where t.person_id = $person_id
order by t.debit_letter_id desc;

-- query: debit_letter_by_id
-- purpose: one notice as it was printed
-- in: debit_letter_id id
-- out: person_id id, kind text, issued_ymd day, print_data blob
-- rows: maybe
select t.person_id, t.kind, t.issued_ymd, t.print_data from debit_letter t where t.debit_letter_id = $debit_letter_id;

-- query: transfers_waiting
-- purpose: what is to be paid by a day, in the order of accounts
-- in: pay_ymd day
-- out: transfer_order_id id, transfer_no id, person_id id, basis text, basis_id id, order_no text, yen yen, bank_code text, branch_code text, account_kind text, account_no text, holder text, pay_ymd day
-- rows: many
select o.transfer_order_id, o.transfer_no, o.person_id, o.basis, o.basis_id, o.order_no, o.yen, o.bank_code, o.branch_code, o.account_kind, o.account_no, o.holder, o.pay_ymd
from transfer_order o where o.state = 1 and o.pay_ymd <= $pay_ymd and {now o}
order by o.bank_code, o.branch_code, o.account_no, o.transfer_no;

-- query: transfers_of_file
-- purpose: what a file of transfers asked
-- in: file_id id
-- out: transfer_order_id id, transfer_no id, person_id id, basis text, basis_id id, order_no text, state count, yen yen, bank_code text, branch_code text, account_kind text, account_no text, holder text, pay_ymd day
-- rows: many
select o.transfer_order_id, o.transfer_no, o.person_id, o.basis, o.basis_id, o.order_no, o.state, o.yen, o.bank_code, o.branch_code, o.account_kind, o.account_no, o.holder, o.pay_ymd
from transfer_order o where o.file_id = $file_id and {now o}
order by o.transfer_no;

-- query: transfer_by_no
-- purpose: one order as it is now
-- in: transfer_no id
-- out: transfer_order_id id, person_id id, basis text, basis_id id, order_no text, state count, yen yen, bank_code text, branch_code text, account_kind text, account_no text, holder text, pay_ymd day, file_id id?, result text
-- rows: maybe
select o.transfer_order_id, o.person_id, o.basis, o.basis_id, o.order_no, o.state, o.yen, o.bank_code, o.branch_code, o.account_kind, o.account_no, o.holder, o.pay_ymd, o.file_id, o.result
from transfer_order o where o.transfer_no = $transfer_no and {now o};

-- query: transfers_failed
-- purpose: orders the bank sent back, to be paid another way
-- in: limit count
-- out: transfer_no id, person_no text, basis text, yen yen, bank_code text, branch_code text, result text, pay_ymd day
-- rows: many
select o.transfer_no, p.person_no, o.basis, o.yen, o.bank_code, o.branch_code, o.result, o.pay_ymd
from transfer_order o join person p on p.person_id = o.person_id
where o.state = 4 and {now o}
order by o.transfer_no desc
limit $limit;

-- query: transfer_files_of_day
-- purpose: files of transfers that went to a bank for some days, with whether the answer came
-- in: bank_code text, contractor text, from_ymd day, to_ymd day
-- out: transfer_file_id id, pay_ymd day, records count, total_yen yen, is_answered flag
-- rows: many
select f.transfer_file_id, f.pay_ymd, f.records, f.total_yen,
  case when exists (select 1 from transfer_file a where a.answers_id = f.transfer_file_id) then 1 else 0 end
from transfer_file f
where f.way = 'out' and f.bank_code = $bank_code and f.contractor = $contractor and f.pay_ymd >= $from_ymd and f.pay_ymd <= $to_ymd
order by f.pay_ymd desc, f.transfer_file_id;

-- query: transfer_file_seen
-- purpose: was a file of these bytes taken or sent before?
-- in: sha256 text
-- out: transfer_file_id id
-- rows: many
select f.transfer_file_id from transfer_file f where f.sha256 = $sha256 order by f.transfer_file_id;

-- query: transfer_files
-- purpose: the newest files of transfers
-- in: limit count
-- out: transfer_file_id id, way text, pay_ymd day, contractor text, bank_code text, file_name text, records count, total_yen yen
-- rows: many
select f.transfer_file_id, f.way, f.pay_ymd, f.contractor, f.bank_code, f.file_name, f.records, f.total_yen
from transfer_file f order by f.transfer_file_id desc limit $limit;

-- query: keyed_batches
-- purpose: batches of paper, the open ones first
-- in: limit count
-- out: batch_no id, channel count, place text, accounting_ymd day, slips count, total_yen yen, state count, first_by id, second_by id?, made_ymd day
-- rows: many
select b.batch_no, b.channel, b.place, b.accounting_ymd, b.slips, b.total_yen, b.state, b.first_by, b.second_by, b.made_ymd
from keyed_batch b order by b.state, b.batch_no desc limit $limit;

-- query: keyed_batch_by_no
-- purpose: one batch
-- in: batch_no id
-- out: batch_no id, channel count, place text, accounting_ymd day, slips count, total_yen yen, state count, first_by id, second_by id?, made_ymd day
-- rows: maybe
select b.batch_no, b.channel, b.place, b.accounting_ymd, b.slips, b.total_yen, b.state, b.first_by, b.second_by, b.made_ymd
from keyed_batch b where b.batch_no = $batch_no;

-- query: keyed_batch_put
-- purpose: a new batch from its cover
-- in: batch_no id, channel count, place text, accounting_ymd day, slips count, total_yen yen, first_by id, made_ymd day
-- rows: exec
insert into keyed_batch (batch_no, channel, place, accounting_ymd, slips, total_yen, state, first_by, second_by, made_ymd)
values ($batch_no, $channel, $place, $accounting_ymd, $slips, $total_yen, 1, $first_by, null, $made_ymd);

-- query: keyed_batch_second
-- purpose: the first keying is done; the second person has it
-- in: batch_no id, second_by id
-- rows: exec
update keyed_batch set state = 2, second_by = $second_by where batch_no = $batch_no and state in (1, 2);

-- query: keyed_batch_state
-- purpose: released (3) or dropped (4)
-- in: batch_no id, state count
-- rows: exec
update keyed_batch set state = $state where batch_no = $batch_no and state in (1, 2);

-- query: keyed_lines
-- purpose: what was keyed of a batch
-- in: batch_no id
-- out: keyed_line_id id, pass count, line count, levy_year count, notice_no count, number count, yen yen, late_yen yen, fee_yen yen, paid_ymd day
-- rows: many
select k.keyed_line_id, k.pass, k.line, k.levy_year, k.notice_no, k.number, k.yen, k.late_yen, k.fee_yen, k.paid_ymd
from keyed_line k where k.batch_no = $batch_no
order by k.pass, k.line;

-- query: keyed_line_put
-- purpose: one paper as it was keyed
-- in: keyed_line_id id, batch_no id, pass count, line count, levy_year count, notice_no count, number count, yen yen, late_yen yen, fee_yen yen, paid_ymd day
-- rows: exec
insert into keyed_line (keyed_line_id, batch_no, pass, line, levy_year, notice_no, number, yen, late_yen, fee_yen, paid_ymd)
values ($keyed_line_id, $batch_no, $pass, $line, $levy_year, $notice_no, $number, $yen, $late_yen, $fee_yen, $paid_ymd);

-- query: keyed_line_change
-- purpose: what one of the two keyed becomes what the paper says
-- in: batch_no id, pass count, line count, levy_year count, notice_no count, number count, yen yen, late_yen yen, fee_yen yen, paid_ymd day
-- rows: exec
update keyed_line set levy_year = $levy_year, notice_no = $notice_no, number = $number, yen = $yen, late_yen = $late_yen, fee_yen = $fee_yen, paid_ymd = $paid_ymd
where batch_no = $batch_no and pass = $pass and line = $line;

-- query: debit_ties
-- purpose: whether a person wishes direct debit instead of pension deduction, and pays from his pension in a year
-- in: person_id id, year count
-- out: wishes count, pension count
-- rows: one
select (select count(*) from pension_wish w where w.person_id = $person_id and {now w} and w.ended_ymd is null),
  (select count(*) from collection_method m where m.debtor_id = $person_id and m.fiscal_year = $year and m.method = 1 and {now m});

-- query: debit_file_by_id
-- purpose: a file that went out
-- in: debit_file_id id
-- out: run_no id, debit_ymd day, contractor text, bank_code text, subject text, section text, file_name text, sha256 text, records count, total_yen yen
-- rows: maybe
select f.run_no, f.debit_ymd, f.contractor, f.bank_code, f.subject, f.section, f.file_name, f.sha256, f.records, f.total_yen
from debit_file f where f.debit_file_id = $debit_file_id;

-- query: transfer_file_by_id
-- purpose: a file of transfers
-- in: transfer_file_id id
-- out: way text, pay_ymd day, contractor text, bank_code text, file_name text, sha256 text
-- rows: maybe
select f.way, f.pay_ymd, f.contractor, f.bank_code, f.file_name, f.sha256
from transfer_file f where f.transfer_file_id = $transfer_file_id;
