-- query: instalment_of_household
-- purpose: what arose from a household: every instalment with its liability, what was charged, received and is still due, as known
-- in: household_id id, levy_year count
-- out: liability_id id, kind text, debtor_id id, household_id id, accounting_year count
-- out: levy_year count, notice_no count, number count, due_ymd day, charged_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen, balance_yen yen
-- out: received_yen yen, overpaid_yen yen
-- rows: many
select l.liability_id, l.kind, l.debtor_id, l.household_id, l.accounting_year, l.levy_year,
       l.notice_no, i.number, i.due_ymd, i.charged_yen, i.medical_yen, i.support_yen,
       i.care_yen, i.child_yen,
       cast(coalesce(sum(case when p.account = 2 then p.yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 3 then p.yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.yen else 0 end), 0) as bigint)
from liability l join instalment i on i.liability_id = l.liability_id and {known i}
left join posting p on p.liability_id = i.liability_id and p.number = i.number and p.account in (2, 3, 4) and {events p}
where l.household_id = $household_id and ($levy_year = 0 or l.levy_year = $levy_year)
  and {known l}
group by l.liability_id, i.instalment_id
order by l.levy_year desc, l.notice_no, l.liability_id, i.number;

-- query: instalment_of_notice
-- purpose: the same behind the number on a notice or slip
-- in: levy_year count, notice_no count
-- out: liability_id id, kind text, debtor_id id, household_id id, accounting_year count
-- out: levy_year count, notice_no count, number count, due_ymd day, charged_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen, balance_yen yen
-- out: received_yen yen, overpaid_yen yen
-- rows: many
select l.liability_id, l.kind, l.debtor_id, l.household_id, l.accounting_year, l.levy_year,
       l.notice_no, i.number, i.due_ymd, i.charged_yen, i.medical_yen, i.support_yen,
       i.care_yen, i.child_yen,
       cast(coalesce(sum(case when p.account = 2 then p.yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 3 then p.yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.yen else 0 end), 0) as bigint)
from liability l join instalment i on i.liability_id = l.liability_id and {known i}
left join posting p on p.liability_id = i.liability_id and p.number = i.number and p.account in (2, 3, 4) and {events p}
where l.levy_year = $levy_year and l.notice_no = $notice_no and {known l}
group by l.liability_id, i.instalment_id
order by l.liability_id, i.number;

-- query: charged_of_notice
-- purpose: the instalments in force under a number with what is still due on each, by part, for what a correction changes
-- in: levy_year count, notice_no count
-- out: liability_id id, accounting_year count, instalment_id id?, number count, due_ymd day?, charged_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- out: due_medical yen, due_support yen, due_care yen, due_child yen
-- rows: many
select l.liability_id, l.accounting_year, i.instalment_id, coalesce(i.number, 0), i.due_ymd, coalesce(i.charged_yen, 0),
       coalesce(i.medical_yen, 0), coalesce(i.support_yen, 0), coalesce(i.care_yen, 0), coalesce(i.child_yen, 0),
       cast(coalesce((select sum(p.medical_yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 2), 0) as bigint),
       cast(coalesce((select sum(p.support_yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 2), 0) as bigint),
       cast(coalesce((select sum(p.care_yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 2), 0) as bigint),
       cast(coalesce((select sum(p.child_yen) from posting p where p.liability_id = i.liability_id and p.number = i.number and p.account = 2), 0) as bigint)
from liability l left join instalment i on i.liability_id = l.liability_id and {now i}
where l.levy_year = $levy_year and l.notice_no = $notice_no and {now l}
order by i.number, l.liability_id;

-- query: paid_of_notices
-- purpose: what was received and overpaid under some notice numbers, by instalment
-- in: levy_year count, notice_nos id[]
-- out: notice_no count, number count, received_yen yen, overpaid_yen yen
-- rows: many
select l.notice_no, p.number,
       cast(sum(case when p.account = 3 then p.yen else 0 end) as bigint),
       cast(-sum(case when p.account = 4 then p.yen else 0 end) as bigint)
from liability l join posting p on p.liability_id = l.liability_id and p.account in (3, 4)
where l.levy_year = $levy_year and l.notice_no in {in notice_nos} and {now l}
group by l.notice_no, p.number
order by l.notice_no, p.number;

-- query: unbalanced_entry
-- purpose: transactions opened by these events whose postings do not sum to zero, in whole or by part
-- out: entry_id id, yen yen
-- rows: many
select p.entry_id, cast(sum(p.yen) as bigint)
from posting p where {events p}
group by p.entry_id
having sum(p.yen) <> 0 or sum(p.medical_yen) <> 0 or sum(p.support_yen) <> 0
    or sum(p.care_yen) <> 0 or sum(p.child_yen) <> 0
limit 20;

-- query: torn_posting
-- purpose: postings of these events whose parts do not make the whole
-- out: posting_id id
-- rows: many
select p.posting_id from posting p
where {events p} and p.account <= 8
  and p.yen <> p.medical_yen + p.support_yen + p.care_yen + p.child_yen
limit 20;

-- query: empty_entry
-- purpose: transactions of these events without a posting
-- out: entry_id id
-- rows: many
select e.entry_id from journal_entry e where {events e}
except
select p.entry_id from posting p where {events p}
limit 20;

-- query: charge_differs
-- purpose: instalments opened by these events whose amount is not what the journal charged on them
-- out: liability_id id, number count, charged_yen yen, posted_yen yen
-- rows: many
select i.liability_id, i.number, i.charged_yen,
       cast(coalesce((select sum(p.yen) from posting p where p.liability_id = i.liability_id
            and p.number = i.number and p.account = 2 and p.is_charge = 1), 0) as bigint)
from instalment i
where {events i} and {now i}
  and i.charged_yen <> coalesce((select sum(p.yen) from posting p
        where p.liability_id = i.liability_id and p.number = i.number and p.account = 2
          and p.is_charge = 1), 0)
limit 20;

-- query: charge_without_instalment
-- purpose: charges of these events, with also_paid whatever they posted, on an instalment that does not exist
-- in: also_paid flag
-- out: liability_id id, number count, posted_yen yen
-- rows: many
select p.liability_id, p.number, cast(sum(p.yen) as bigint) from posting p
where {events p} and p.account = 2 and (p.is_charge = 1 or $also_paid = 1)
  and not exists (select 1 from instalment i where i.liability_id = p.liability_id
        and i.number = p.number and {now i})
group by p.liability_id, p.number
having sum(p.yen) <> 0 limit 20;

-- query: decision_differs
-- purpose: decisions of these events, still in force, whose amount is not what is charged under their number
-- out: levy_year count, notice_no count, decided_yen yen, charged_yen yen
-- rows: many
select d.fiscal_year, d.decision_no, d.total_yen,
       cast(coalesce((select sum(i.charged_yen) from liability l join instalment i on i.liability_id = l.liability_id and {now i}
            where l.levy_year = d.fiscal_year and l.notice_no = d.decision_no and {now l}), 0) as bigint)
from decision d
where {events d} and {now d}
  and not exists (select 1 from liability g join cleaned c on c.liability_id = g.liability_id and {now c}
        where g.levy_year = d.fiscal_year and g.notice_no = d.decision_no and {now g})
  and d.total_yen <> coalesce((select sum(i.charged_yen) from liability l join instalment i on i.liability_id = l.liability_id and {now i}
            where l.levy_year = d.fiscal_year and l.notice_no = d.decision_no and {now l}), 0)
limit 20;

-- query: decision_uncharged
-- purpose: decisions of these events with an amount and no liability
-- out: fiscal_year count, decision_no count, total_yen yen
-- rows: many
select d.fiscal_year, d.decision_no, d.total_yen from decision d
where {events d} and {now d} and d.total_yen > 0
  and not exists (select 1 from liability l where l.levy_year = d.fiscal_year
        and l.notice_no = d.decision_no and {now l})
limit 20;

-- query: year_totals
-- purpose: what a levy year was charged and what is still due, from the journal
-- in: levy_year count
-- out: account count, yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select p.account, cast(sum(p.yen) as bigint), cast(sum(p.medical_yen) as bigint),
       cast(sum(p.support_yen) as bigint), cast(sum(p.care_yen) as bigint),
       cast(sum(p.child_yen) as bigint)
from liability l join posting p on p.liability_id = l.liability_id
where l.levy_year = $levy_year and {now l}
group by p.account order by p.account;

-- query: written
-- purpose: whether these events touched the ledger or a decision at all
-- out: touched count
-- rows: maybe
select 1 where exists (select 1 from posting p where {events p})
    or exists (select 1 from journal_entry e where {events e})
    or exists (select 1 from instalment i where {events i})
    or exists (select 1 from receipt r where {events r})
    or exists (select 1 from receipt_treatment t where {events t})
    or exists (select 1 from decision d where {events d});

-- query: instalment_of_debtor
-- purpose: all that one debtor owes or owed: every instalment with its liability, what was charged, received and is still due, as known
-- in: debtor_id id, levy_year count
-- out: liability_id id, kind text, debtor_id id, household_id id, accounting_year count
-- out: levy_year count, notice_no count, number count, due_ymd day, charged_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen, balance_yen yen
-- out: received_yen yen, overpaid_yen yen
-- rows: many
select l.liability_id, l.kind, l.debtor_id, l.household_id, l.accounting_year, l.levy_year,
       l.notice_no, i.number, i.due_ymd, i.charged_yen, i.medical_yen, i.support_yen,
       i.care_yen, i.child_yen,
       cast(coalesce(sum(case when p.account = 2 then p.yen else 0 end), 0) as bigint),
       cast(coalesce(sum(case when p.account = 3 then p.yen else 0 end), 0) as bigint),
       cast(-coalesce(sum(case when p.account = 4 then p.yen else 0 end), 0) as bigint)
from liability l join instalment i on i.liability_id = l.liability_id and {known i}
left join posting p on p.liability_id = i.liability_id and p.number = i.number and p.account in (2, 3, 4) and {events p}
where l.debtor_id = $debtor_id and ($levy_year = 0 or l.levy_year = $levy_year)
  and {known l}
group by l.liability_id, i.instalment_id
order by l.levy_year desc, l.notice_no, l.liability_id, i.number;

-- query: instalments_of_year
-- purpose: every instalment of a levy year that is paid by slip or debit, in the order of the due days
-- in: levy_year count, due_before day
-- out: notice_no count, number count, due_ymd day, charged_yen yen
-- rows: many
select l.notice_no, i.number, i.due_ymd, i.charged_yen
from liability l join instalment i on i.liability_id = l.liability_id and {now i}
where l.levy_year = $levy_year and {now l} and i.charged_yen > 0 and i.due_ymd < $due_before and i.number < 51
order by i.due_ymd, l.notice_no, i.number;

-- query: books_of
-- purpose: the accounting year in whose books liabilities stand: their own, or the one they were carried over into
-- in: liability_ids id[]
-- out: liability_id id, booked_year count
-- rows: many
select l.liability_id, coalesce((select max(c.to_year) from carry_over c where c.liability_id = l.liability_id and {now c}), l.accounting_year)
from liability l where l.liability_id in {in liability_ids} and {now l}
order by l.liability_id;
