-- query: late_instalments
-- purpose: what some debtors had to pay by a day, with what is still due on it
-- in: debtor_ids id[], day day
-- out: debtor_id id, liability_id id, kind text, levy_year count, notice_no count, number count
-- out: due_ymd day, charged_yen yen, balance_yen yen
-- rows: many
select l.debtor_id, l.liability_id, l.kind, l.levy_year, l.notice_no, i.number, i.due_ymd, i.charged_yen,
       cast(coalesce((select sum(p.yen) from posting p where p.liability_id = i.liability_id
            and p.number = i.number and p.account = 2), 0) as bigint)
from liability l join instalment i on i.liability_id = l.liability_id and {now i}
where l.debtor_id in {in debtor_ids} and {now l} and i.due_ymd < $day
order by l.debtor_id, l.levy_year, i.due_ymd, l.liability_id, i.number;

-- query: late_payments
-- purpose: what changed the balances of some liabilities beside charges: receipts, appropriations, write-offs, by the day they count from
-- in: liability_ids id[]
-- out: liability_id id, number count, paid_ymd day, yen yen
-- rows: many
select p.liability_id, p.number, e.value_ymd, cast(-sum(p.yen) as bigint)
from posting p join journal_entry e on e.entry_id = p.entry_id
where p.liability_id in {in liability_ids} and p.account = 2 and p.is_charge = 0
group by p.liability_id, p.number, e.value_ymd
having sum(p.yen) <> 0
order by p.liability_id, p.number, e.value_ymd;

-- query: late_waivers
-- purpose: days of some liabilities on which no late charge is asked for
-- in: liability_ids id[]
-- out: liability_id id, number count, from_ymd day, to_ymd day?
-- rows: many
select x.liability_id, x.number, x.valid_from, x.valid_to
from late_waiver x where x.liability_id in {in liability_ids} and {now x}
order by x.liability_id, x.number, x.valid_from;

-- query: holds
-- purpose: why letters of some debtors wait, at whatever time
-- in: debtor_ids id[]
-- out: hold_id id, debtor_id id, liability_id id, kind text, reason text, from_ymd day, to_ymd day?
-- rows: many
select x.hold_id, x.debtor_id, x.liability_id, x.kind, x.reason, x.valid_from, x.valid_to
from dunning_hold x where x.debtor_id in {in debtor_ids} and {now x}
order by x.debtor_id, x.valid_from, x.hold_id;

-- query: limit_renewals
-- purpose: what renews the limitation of a debtor's instalments, by day: dunnings that stand, payments, agreements to pay (0: of every instalment)
-- in: debtor_id id
-- out: liability_id id, number count, cause count, day_ymd day
-- rows: many
select x.liability_id, x.number, x.cause, x.day_ymd from (
  select d.liability_id as liability_id, d.number as number, 1 as cause, d.issue_ymd as day_ymd
  from dunning d where d.debtor_id = $debtor_id and {now d}
  union all
  select p.liability_id, p.number, 2, e.value_ymd
  from liability l
  join journal_entry e on e.liability_id = l.liability_id and e.kind in ('receipt', 'reposted')
  join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id and p.account = 3
  where l.debtor_id = $debtor_id and {now l}
  group by p.liability_id, p.number, e.value_ymd having sum(p.yen) > 0
  union all
  select h.liability_id, 0, 3, h.valid_from
  from dunning_hold h where h.debtor_id = $debtor_id and h.kind = 'agreement' and {now h}) x
order by x.day_ymd, x.cause, x.liability_id, x.number;

-- query: debtor_of_liability
-- purpose: whose a liability is
-- in: liability_id id
-- out: debtor_id id, kind text, levy_year count, notice_no count
-- rows: maybe
select l.debtor_id, l.kind, l.levy_year, l.notice_no from liability l
where l.liability_id = $liability_id and {now l};

-- query: dunning_debtors
-- purpose: debtors with an instalment due before a day, some at a time
-- in: after id, n count, day day
-- out: debtor_id id
-- rows: many
select l.debtor_id from liability l
where l.debtor_id > $after and {now l}
  and exists (select 1 from instalment i where i.liability_id = l.liability_id and {now i}
              and i.due_ymd < $day and i.charged_yen > 0)
group by l.debtor_id order by l.debtor_id limit $n;

-- query: dunned_of_debtors
-- purpose: the dunnings of some debtors that stand
-- in: debtor_ids id[]
-- out: liability_id id, number count
-- rows: many
select d.liability_id, d.number from dunning d
where d.debtor_id in {in debtor_ids} and {now d}
order by d.liability_id, d.number;

-- query: draft_insert
-- purpose: a new draft
-- in: draft_no id, kind text, as_of_ymd day, terms text, run_by id, job_id id
-- rows: exec
insert into dunning_draft (draft_no, kind, as_of_ymd, terms, status, letters, letters_yen, left_out, run_by, job_id)
values ($draft_no, $kind, $as_of_ymd, $terms, 1, 0, 0, 0, $run_by, $job_id);

-- query: draft_get
-- purpose: one draft
-- in: draft_no id
-- out: draft_no id, kind text, as_of_ymd day, terms text, status count, letters count, letters_yen yen
-- out: left_out count, run_by id, job_id id, confirmed_by id?, issue_ymd day?
-- rows: maybe
select d.draft_no, d.kind, d.as_of_ymd, d.terms, d.status, d.letters, d.letters_yen, d.left_out, d.run_by, d.job_id,
       d.confirmed_by, d.issue_ymd
from dunning_draft d where d.draft_no = $draft_no;

-- query: draft_of_job
-- purpose: the draft a job makes
-- in: job_id id
-- out: draft_no id
-- rows: maybe
select d.draft_no from dunning_draft d where d.job_id = $job_id;

-- query: drafts_newest
-- purpose: the newest drafts of a kind
-- in: kind text, n count
-- out: draft_no id, as_of_ymd day, terms text, status count, letters count, letters_yen yen, left_out count, issue_ymd day?
-- rows: many
select d.draft_no, d.as_of_ymd, d.terms, d.status, d.letters, d.letters_yen, d.left_out, d.issue_ymd
from dunning_draft d where d.kind = $kind order by d.draft_no desc limit $n;

-- query: draft_finish
-- purpose: a draft is ready: its totals
-- in: draft_no id
-- rows: exec
update dunning_draft set status = 2,
  letters = (select cast(case when dunning_draft.kind = 'dunning' then count(*) else count(distinct r.debtor_id) end as bigint)
             from dunning_draft_row r where r.draft_no = dunning_draft.draft_no and (r.reason = 0 or r.reason > 10)),
  letters_yen = (select cast(coalesce(sum(r.balance_yen + case when dunning_draft.kind = 'dunning' then 0 else r.late_yen end), 0) as bigint)
             from dunning_draft_row r where r.draft_no = dunning_draft.draft_no and (r.reason = 0 or r.reason > 10)),
  left_out = (select count(*) from dunning_draft_row r where r.draft_no = dunning_draft.draft_no and r.reason between 1 and 10)
where draft_no = $draft_no and status = 1;

-- query: draft_status
-- purpose: a draft goes from one state to another, once
-- in: draft_no id, before count, after count, confirmed_by id?, issue_ymd day?
-- rows: exec
update dunning_draft set status = $after, confirmed_by = coalesce($confirmed_by, confirmed_by),
  issue_ymd = coalesce($issue_ymd, issue_ymd)
where draft_no = $draft_no and status = $before;

-- query: draft_rows_drop
-- purpose: the rows of a draft go with it
-- in: draft_no id
-- rows: exec
delete from dunning_draft_row where draft_no = $draft_no;

-- query: draft_reasons
-- purpose: how many rows a draft has by reason
-- in: draft_no id
-- out: reason count, rows_n count, debtors count, yen yen
-- rows: many
select r.reason, count(*), count(distinct r.debtor_id), cast(sum(r.balance_yen) as bigint)
from dunning_draft_row r where r.draft_no = $draft_no group by r.reason order by r.reason;

-- query: draft_amounts
-- purpose: a draft's letters by the amount unpaid
-- in: draft_no id
-- out: band count, rows_n count, yen yen
-- rows: many
select case when r.balance_yen < 5000 then 0 when r.balance_yen < 10000 then 1 when r.balance_yen < 20000 then 2
            when r.balance_yen < 30000 then 3 when r.balance_yen < 50000 then 4 when r.balance_yen < 100000 then 5 else 6 end,
       count(*), cast(sum(r.balance_yen) as bigint)
from dunning_draft_row r where r.draft_no = $draft_no and (r.reason = 0 or r.reason > 10)
group by 1 order by 1;

-- query: draft_page
-- purpose: rows of a draft, some at a time, with names; letters or what is left out
-- in: draft_no id, after id, n count, is_left_out flag
-- out: draft_row_id id, debtor_id id, person_no text, name text?, liability_id id, levy_year count, notice_no count
-- out: number count, due_ymd day, balance_yen yen, late_yen yen, reason count
-- rows: many
select r.draft_row_id, r.debtor_id, pn.person_no, nm.name, r.liability_id, l.levy_year, l.notice_no, r.number,
       r.due_ymd, r.balance_yen, r.late_yen, r.reason
from dunning_draft_row r
join liability l on l.liability_id = r.liability_id and {now l}
join person pn on pn.person_id = r.debtor_id
left join person_name nm on nm.person_id = r.debtor_id and nm.is_used = 1 and {asof nm}
where r.draft_no = $draft_no and r.draft_row_id > $after
  and (($is_left_out = 1 and r.reason between 1 and 10) or ($is_left_out = 0 and (r.reason = 0 or r.reason > 10)))
order by r.draft_row_id limit $n;

-- query: reminded_debtors
-- purpose: how often some debtors were reminded, and how often a letter to them came back
-- in: debtor_ids id[]
-- out: debtor_id id, reminders count, last_ymd day?, returned count
-- rows: many
select r.debtor_id, cast(sum(r.n) as bigint), max(r.day), cast(sum(r.back) as bigint)
from (select m.debtor_id as debtor_id, 1 as n, m.issue_ymd as day, 0 as back from reminder m
      where m.debtor_id in {in debtor_ids} and {now m}
      union all
      select i.debtor_id, 0, null, 1 from post_item i
      join post_result s on s.post_item_id = i.post_item_id and s.state = 3
      where i.debtor_id in {in debtor_ids}
        and not exists (select 1 from post_result c where c.post_item_id = i.post_item_id and c.state = 4)) r
group by r.debtor_id order by r.debtor_id;

-- query: confirm_page
-- purpose: the letters of a draft with what is due on them now, some at a time
-- in: draft_no id, after id, n count
-- out: draft_row_id id, debtor_id id, liability_id id, kind text, levy_year count, number count, due_ymd day
-- out: drafted_yen yen, reason count, balance_yen yen, is_dunned flag
-- rows: many
select r.draft_row_id, r.debtor_id, r.liability_id, l.kind, l.levy_year, r.number, r.due_ymd, r.balance_yen, r.reason,
       cast(coalesce((select sum(p.yen) from posting p where p.liability_id = r.liability_id
            and p.number = r.number and p.account = 2), 0) as bigint),
       case when exists (select 1 from dunning d where d.liability_id = r.liability_id and d.number = r.number and {now d})
            then 1 else 0 end
from dunning_draft_row r join liability l on l.liability_id = r.liability_id and {now l}
where r.draft_no = $draft_no and r.draft_row_id > $after and (r.reason = 0 or r.reason > 10)
order by r.draft_row_id limit $n;

-- query: draft_row_reason
-- purpose: a drafted row gets no letter after all
-- in: draft_row_id id, reason count
-- rows: exec
update dunning_draft_row set reason = $reason where draft_row_id = $draft_row_id;

-- query: draft_debtors
-- purpose: debtors with a letter in a draft, some at a time
-- in: draft_no id, after id, n count
-- out: debtor_id id, hand_reason count
-- rows: many
select r.debtor_id, max(r.reason) from dunning_draft_row r
where r.draft_no = $draft_no and r.debtor_id > $after and (r.reason = 0 or r.reason > 10)
group by r.debtor_id order by r.debtor_id limit $n;

-- query: draft_rows_of_debtors
-- purpose: the instalments of some debtors that a reminder is drafted for
-- in: draft_no id, debtor_ids id[]
-- out: debtor_id id, liability_id id, number count
-- rows: many
select r.debtor_id, r.liability_id, r.number from dunning_draft_row r
where r.draft_no = $draft_no and r.debtor_id in {in debtor_ids} and (r.reason = 0 or r.reason > 10)
order by r.debtor_id, r.liability_id, r.number;
