-- query: refund_debtors
-- purpose: debtors with an overpayment that is neither appropriated nor refunded, or with more received than is charged, from a debtor on
-- in: after_id id, limit count
-- out: debtor_id id
-- rows: many
select x.debtor_id from (
  select l.debtor_id as debtor_id from posting p join liability l on l.liability_id = p.liability_id and {now l}
  where p.account = 4 and l.debtor_id > $after_id
  group by l.debtor_id, p.liability_id, p.number having sum(p.yen) < 0
  union
  select l.debtor_id from posting p join liability l on l.liability_id = p.liability_id and {now l}
  where p.account = 2 and l.debtor_id > $after_id
  group by l.debtor_id, p.liability_id, p.number having sum(p.yen) < 0
) x
order by x.debtor_id
limit $limit;

-- query: refund_balances
-- purpose: every instalment of a debtor with what is due, overpaid, and owed beside the levy, oldest due day first
-- in: debtor_id id
-- out: liability_id id, kind text, levy_year count, notice_no count, booked_year count, number count, due_ymd day
-- out: due_medical yen, due_support yen, due_care yen, due_child yen
-- out: over_medical yen, over_support yen, over_care yen, over_child yen, late_yen yen, fee_yen yen
-- rows: many
select l.liability_id, l.kind, l.levy_year, l.notice_no,
       coalesce((select max(c.to_year) from carry_over c where c.liability_id = l.liability_id and {now c}), l.accounting_year),
       i.number, i.due_ymd,
       cast(coalesce(sum(case when p.account = 2 then p.medical_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 2 then p.support_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 2 then p.care_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 2 then p.child_yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.medical_yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.support_yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.care_yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.child_yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 13 then p.yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 14 then p.yen else 0 end), 0) as bigint)
from liability l
join instalment i on i.liability_id = l.liability_id and {now i}
left join posting p on p.liability_id = i.liability_id and p.number = i.number and p.account in (2, 4, 13, 14)
where l.debtor_id = $debtor_id and {now l}
group by l.liability_id, l.kind, l.levy_year, l.notice_no, l.accounting_year, i.number, i.due_ymd
order by i.due_ymd, l.levy_year, l.notice_no, i.number, l.liability_id;

-- query: refund_history
-- purpose: the postings of some liabilities that say what was paid, what became an overpayment and what of it went away, in their order
-- in: liability_ids id[]
-- out: liability_id id, number count, entry_id id, kind text, value_ymd day, booked_year count, account count, yen yen
-- rows: many
select p.liability_id, p.number, e.entry_id, e.kind, e.value_ymd, e.booked_year, p.account, p.yen
from posting p join journal_entry e on e.liability_id = p.liability_id and e.entry_id = p.entry_id
where p.liability_id in {in liability_ids} and p.account in (2, 3, 4, 7) and p.is_charge = 0
order by p.liability_id, p.number, e.entry_id, p.account;

-- query: refund_draft_of_job
-- purpose: the draft a run began, for going on with it
-- in: job_id id
-- out: draft_no count
-- rows: maybe
select d.draft_no from refund_draft d where d.job_id = $job_id;

-- query: refund_draft_by_no
-- purpose: one draft (0: the newest)
-- in: draft_no count
-- out: draft_no count, as_of_ymd day, status count, job_id id, run_by id, debtors count, overpaid_yen yen, appropriated_yen yen, refund_yen yen
-- out: notice_ymd day?, confirmed_by id?, confirm_job id?
-- rows: maybe
select d.draft_no, d.as_of_ymd, d.status, d.job_id, d.run_by, d.debtors, d.overpaid_yen, d.appropriated_yen, d.refund_yen,
       d.notice_ymd, d.confirmed_by, d.confirm_job
from refund_draft d
where d.draft_no = case when $draft_no = 0 then (select max(x.draft_no) from refund_draft x) else $draft_no end;

-- query: refund_drafts_newest
-- purpose: drafts for the page, newest first
-- in: limit count
-- out: draft_no count, as_of_ymd day, status count, job_id id, debtors count, overpaid_yen yen, appropriated_yen yen, refund_yen yen, notice_ymd day?
-- rows: many
select d.draft_no, d.as_of_ymd, d.status, d.job_id, d.debtors, d.overpaid_yen, d.appropriated_yen, d.refund_yen, d.notice_ymd
from refund_draft d order by d.draft_no desc limit $limit;

-- query: refund_draft_sums
-- purpose: what a draft's lines come to
-- in: draft_no count
-- out: debtors count, appropriated_yen yen, refund_yen yen
-- rows: one
select cast(count(distinct x.debtor_id) as bigint),
       cast(coalesce(sum(case when x.kind < 4 then x.yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when x.kind = 4 then x.yen else 0 end), 0) as bigint)
from refund_draft_line x where x.draft_no = $draft_no;

-- query: refund_draft_finish
-- purpose: a draft stands with its control totals, or is dropped because nothing was found
-- in: draft_no count, status count, debtors count, appropriated_yen yen, refund_yen yen
-- rows: exec
update refund_draft set status = $status, debtors = $debtors, appropriated_yen = $appropriated_yen, refund_yen = $refund_yen,
  overpaid_yen = $appropriated_yen + $refund_yen
where draft_no = $draft_no;

-- query: refund_draft_confirming
-- purpose: a chief has begun to decide it
-- in: draft_no count, confirmed_by id, notice_ymd day, confirm_job id
-- rows: exec
update refund_draft set status = 3, confirmed_by = $confirmed_by, notice_ymd = $notice_ymd, confirm_job = $confirm_job
where draft_no = $draft_no and status = 2;

-- query: refund_draft_status
-- purpose: another state
-- in: draft_no count, status count
-- rows: exec
update refund_draft set status = $status where draft_no = $draft_no;

-- query: refund_draft_lines
-- purpose: what a draft proposes, debtor by debtor
-- in: draft_no count, after_id id, up_to_id id, limit count
-- out: debtor_id id, line count, kind count, liability_id id, number count, to_liability_id id, to_number count, yen yen
-- rows: many
select x.debtor_id, x.line, x.kind, x.liability_id, x.number, x.to_liability_id, x.to_number, x.yen
from refund_draft_line x
where x.draft_no = $draft_no and x.debtor_id > $after_id and x.debtor_id <= $up_to_id
order by x.debtor_id, x.line limit $limit;

-- query: refund_draft_debtors
-- purpose: the debtors of a draft in order, a page of them
-- in: draft_no count, after_id id, limit count
-- out: debtor_id id, person_no text, name text?, appropriated_yen yen, refund_yen yen
-- rows: many
select x.debtor_id, p.person_no, max((select n.name from person_name n where n.person_id = x.debtor_id and n.is_used = 1 and {asof n})),
       cast(sum(case when x.kind < 4 then x.yen else 0 end) as bigint), cast(sum(case when x.kind = 4 then x.yen else 0 end) as bigint)
from refund_draft_line x
join person p on p.person_id = x.debtor_id
where x.draft_no = $draft_no and x.debtor_id > $after_id
group by x.debtor_id, p.person_no
order by x.debtor_id limit $limit;

-- query: refund_by_no
-- purpose: one decision by its number
-- in: decided_year count, refund_no count
-- out: refund_id id, decided_year count, refund_no count, debtor_id id, kind text, draft_no count, decided_ymd day, overpaid_yen yen
-- out: appropriated_yen yen, refund_yen yen, interest_yen yen, appropriation_interest_yen yen, is_interest_known flag, basis text
-- out: limit_ymd day, drafted_by id, decided_by id, known_from id
-- rows: maybe
select r.refund_id, r.decided_year, r.refund_no, r.debtor_id, r.kind, r.draft_no, r.decided_ymd, r.overpaid_yen,
       r.appropriated_yen, r.refund_yen, r.interest_yen, r.appropriation_interest_yen, r.is_interest_known, r.basis,
       r.limit_ymd, r.drafted_by, r.decided_by, r.known_from
from refund r where r.decided_year = $decided_year and r.refund_no = $refund_no;

-- query: refund_key
-- purpose: the number of a decision by its id
-- in: refund_id id
-- out: decided_year count, refund_no count
-- rows: maybe
select r.decided_year, r.refund_no from refund r where r.refund_id = $refund_id;

-- query: refund_lines
-- purpose: the lines of a decision with the numbers people use
-- in: refund_id id
-- out: line count, kind count, liability_id id, levy_year count, notice_no count, number count
-- out: to_liability_id id, to_year count?, to_notice_no count?, to_number count, to_due_ymd day?
-- out: yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen, interest_yen yen, cause text, paid_ymd day, limit_ymd day
-- out: received_year count, booked_year count, is_prior flag
-- rows: many
select x.line, x.kind, x.liability_id, l.levy_year, l.notice_no, x.number,
       x.to_liability_id, t.levy_year, t.notice_no, x.to_number, i.due_ymd,
       x.yen, x.medical_yen, x.support_yen, x.care_yen, x.child_yen, x.interest_yen, x.cause, x.paid_ymd, x.limit_ymd,
       x.received_year, x.booked_year, x.is_prior
from refund_line x
join liability l on l.liability_id = x.liability_id and {now l}
left join liability t on t.liability_id = x.to_liability_id and {now t}
left join instalment i on i.liability_id = x.to_liability_id and i.number = x.to_number and {now i}
where x.refund_id = $refund_id
order by x.line;

-- query: refund_claim_now
-- purpose: the refund request in force
-- in: refund_id id
-- out: refund_claim_id id, way text, claimed_ymd day, state count, bank_code text, branch_code text, account_kind text, account_no text
-- out: holder text, purpose_code text, note text
-- rows: maybe
select c.refund_claim_id, c.way, c.claimed_ymd, c.state, c.bank_code, c.branch_code, c.account_kind, c.account_no, c.holder, c.purpose_code, c.note
from refund_claim c where c.refund_id = $refund_id and {now c};

-- query: refund_payment_now
-- purpose: how far the payment of a refund is
-- in: refund_id id
-- out: refund_payment_id id, refund_id id, attempt count, state count, yen yen, interest_yen yen, ordered_ymd day, paid_ymd day?, order_no text, reason text
-- rows: maybe
select p.refund_payment_id, p.refund_id, p.attempt, p.state, p.yen, p.interest_yen, p.ordered_ymd, p.paid_ymd, p.order_no, p.reason
from refund_payment p where p.refund_id = $refund_id and {now p};

-- query: refund_payments_all
-- purpose: every state the payment of a refund went through
-- in: refund_id id
-- out: attempt count, state count, yen yen, interest_yen yen, ordered_ymd day, paid_ymd day?, order_no text, reason text, known_from id, is_open flag
-- rows: many
select p.attempt, p.state, p.yen, p.interest_yen, p.ordered_ymd, p.paid_ymd, p.order_no, p.reason, p.known_from, {open p}
from refund_payment p where p.refund_id = $refund_id order by p.known_from, p.refund_payment_id;

-- query: refund_payments_in
-- purpose: payments in a state with the account they go to
-- in: state count, after_id id, limit count
-- out: refund_payment_id id, refund_id id, decided_year count, refund_no count, debtor_id id, attempt count, yen yen, interest_yen yen, ordered_ymd day
-- out: order_no text, bank_code text, branch_code text, account_kind text, account_no text, holder text
-- rows: many
select p.refund_payment_id, p.refund_id, r.decided_year, r.refund_no, r.debtor_id, p.attempt, p.yen, p.interest_yen, p.ordered_ymd,
       p.order_no, c.bank_code, c.branch_code, c.account_kind, c.account_no, c.holder
from refund_payment p
join refund r on r.refund_id = p.refund_id
join refund_claim c on c.refund_id = p.refund_id and {now c}
where p.state = $state and p.refund_id > $after_id and {now p}
order by p.refund_id limit $limit;

-- query: refunds_newest
-- purpose: decisions for the page, newest first, with how far each is
-- in: debtor_id id, limit count
-- out: refund_id id, decided_year count, refund_no count, debtor_id id, person_no text, name text?, decided_ymd day, overpaid_yen yen
-- out: appropriated_yen yen, refund_yen yen, interest_yen yen, limit_ymd day, claim_state count?, payment_state count?
-- rows: many
select r.refund_id, r.decided_year, r.refund_no, r.debtor_id, p.person_no, (select n.name from person_name n where n.person_id = r.debtor_id and n.is_used = 1 and {asof n}), r.decided_ymd, r.overpaid_yen,
       r.appropriated_yen, r.refund_yen, r.interest_yen + r.appropriation_interest_yen, r.limit_ymd, c.state, y.state
from refund r
join person p on p.person_id = r.debtor_id
left join refund_claim c on c.refund_id = r.refund_id and {now c}
left join refund_payment y on y.refund_id = r.refund_id and {now y}
where $debtor_id = 0 or r.debtor_id = $debtor_id
order by r.decided_year desc, r.refund_no desc limit $limit;

-- query: refunds_of_draft
-- purpose: the decisions of a draft in order, for its papers
-- in: draft_no count, limit count
-- out: decided_year count, refund_no count
-- rows: many
select r.decided_year, r.refund_no from refund r where r.draft_no = $draft_no order by r.decided_year, r.refund_no limit $limit;

-- query: refund_draft_decided
-- purpose: what was decided from a draft
-- in: draft_no count
-- out: refunds count, overpaid_yen yen
-- rows: one
select cast(count(*) as bigint), cast(coalesce(sum(r.overpaid_yen), 0) as bigint) from refund r where r.draft_no = $draft_no;

-- query: refunds_decided
-- purpose: decisions of appropriation and refund about a person, for the register of decisions
-- in: debtor_id id
-- out: decided_year count, refund_no count, decided_ymd day, basis text, officer text?, appropriated_yen yen, refund_yen yen
-- rows: many
select r.decided_year, r.refund_no, r.decided_ymd, r.basis, u.full_name, r.appropriated_yen, r.refund_yen
from refund r left join user_account u on u.user_id = r.decided_by and {now u}
where r.debtor_id = $debtor_id
order by r.decided_ymd desc, r.refund_no desc;

-- query: refund_user
-- purpose: who drafted or decided
-- in: user_id id
-- out: full_name text
-- rows: maybe
select u.full_name from user_account u where u.user_id = $user_id and {now u};

-- query: refund_overpaid_sum
-- purpose: what is overpaid and neither appropriated nor refunded, in all
-- out: yen yen
-- rows: one
select cast(-coalesce(sum(p.yen), 0) as bigint) from posting p where p.account = 4;

-- query: refund_differs
-- purpose: decisions opened by these events whose lines do not come to their amounts, or that the journal did not post in full
-- out: refund_no count, decided_yen yen, posted_yen yen
-- rows: many
select x.refund_no, x.decided_yen, x.posted_yen from (
  select r.refund_no as refund_no, r.overpaid_yen as decided_yen,
    cast(coalesce((select sum(p.yen) from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id
      where e.known_from = r.known_from and e.basis_id = r.refund_id and p.account = 4 and p.yen > 0), 0) as bigint) as posted_yen,
    cast(coalesce((select sum(x.yen) from refund_line x where x.refund_id = r.refund_id), 0) as bigint) as lines_yen
  from refund r where {events r}) x
where x.decided_yen <> x.posted_yen or x.decided_yen <> x.lines_yen
limit 20;
