-- query: decision_of_households
-- purpose: the decisions in force of some households and a year, for what a correction compares
-- in: household_ids id[], fiscal_year count
-- out: decision_id id, decision_no count, fiscal_year count, household_id id, debtor_id id
-- out: from_ymd day, cause text, decided_ymd day, issue_ymd day, basis text, officer_id id
-- out: draft_no count, rule_hash blob, looked_from id, as_of_ymd day, outcome count, reason count
-- out: total_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen, tier count
-- out: marks count, judge_yen yen, insured count, instalments blob, explanation blob, inputs blob
-- out: event_no id, is_open flag
-- rows: many
select d.decision_id, d.decision_no, d.fiscal_year, d.household_id, d.debtor_id, d.from_ymd,
       d.cause, d.decided_ymd, d.issue_ymd, d.basis, d.officer_id, d.draft_no, d.rule_hash,
       d.looked_from, d.as_of_ymd, d.outcome, d.reason, d.total_yen, d.medical_yen,
       d.support_yen, d.care_yen, d.child_yen, d.tier, d.marks, d.judge_yen, d.insured,
       d.instalments, d.explanation, d.inputs, d.known_from, 1
from decision d
where d.household_id in {in household_ids} and d.fiscal_year = $fiscal_year and {now d}
order by d.household_id, d.from_ymd, d.decision_no;

-- query: decision_of_range
-- purpose: the same of a range of households
-- in: fiscal_year count, after id, up_to id
-- out: decision_id id, decision_no count, fiscal_year count, household_id id, debtor_id id
-- out: from_ymd day, cause text, decided_ymd day, issue_ymd day, basis text, officer_id id
-- out: draft_no count, rule_hash blob, looked_from id, as_of_ymd day, outcome count, reason count
-- out: total_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen, tier count
-- out: marks count, judge_yen yen, insured count, instalments blob, explanation blob, inputs blob
-- out: event_no id, is_open flag
-- rows: many
select d.decision_id, d.decision_no, d.fiscal_year, d.household_id, d.debtor_id, d.from_ymd,
       d.cause, d.decided_ymd, d.issue_ymd, d.basis, d.officer_id, d.draft_no, d.rule_hash,
       d.looked_from, d.as_of_ymd, d.outcome, d.reason, d.total_yen, d.medical_yen,
       d.support_yen, d.care_yen, d.child_yen, d.tier, d.marks, d.judge_yen, d.insured,
       d.instalments, d.explanation, d.inputs, d.known_from, 1
from decision d
where d.household_id > $after and d.household_id <= $up_to and d.fiscal_year = $fiscal_year and {now d}
order by d.household_id, d.from_ymd, d.decision_no;

-- query: decision_of_correction_draft
-- purpose: what a correction's draft decided, by number, some at a time, for its notices
-- in: draft_no count, fiscal_year count, after_no count, n count
-- out: decision_id id, decision_no count, fiscal_year count, household_id id, debtor_id id
-- out: from_ymd day, cause text, decided_ymd day, issue_ymd day, basis text, officer_id id
-- out: draft_no count, rule_hash blob, looked_from id, as_of_ymd day, outcome count, reason count
-- out: total_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen, tier count
-- out: marks count, judge_yen yen, insured count, instalments blob, explanation blob, inputs blob
-- out: event_no id, is_open flag
-- rows: many
select d.decision_id, d.decision_no, d.fiscal_year, d.household_id, d.debtor_id, d.from_ymd,
       d.cause, d.decided_ymd, d.issue_ymd, d.basis, d.officer_id, d.draft_no, d.rule_hash,
       d.looked_from, d.as_of_ymd, d.outcome, d.reason, d.total_yen, d.medical_yen,
       d.support_yen, d.care_yen, d.child_yen, d.tier, d.marks, d.judge_yen, d.insured,
       d.instalments, d.explanation, d.inputs, d.known_from, {open d}
from correction c join decision d on d.decision_id = c.decision_id
where c.draft_no = $draft_no and d.fiscal_year = $fiscal_year and d.decision_no > $after_no
  and ($draft_no > 0 or ({now d} and not exists (select 1 from notice n where n.decision_id = d.decision_id)))
order by d.decision_no limit $n;

-- query: correction_count
-- purpose: how many decisions of a correction are left to print
-- in: draft_no count, fiscal_year count, after_no count
-- out: decisions count
-- rows: one
select count(*) from correction c join decision d on d.decision_id = c.decision_id
where c.draft_no = $draft_no and d.fiscal_year = $fiscal_year and d.decision_no > $after_no
  and ($draft_no > 0 or ({now d} and not exists (select 1 from notice n where n.decision_id = d.decision_id)));

-- query: decision_by_id
-- purpose: one decision, in force or replaced
-- in: decision_id id
-- out: decision_id id, decision_no count, fiscal_year count, household_id id, debtor_id id
-- out: from_ymd day, cause text, decided_ymd day, issue_ymd day, basis text, officer_id id
-- out: draft_no count, rule_hash blob, looked_from id, as_of_ymd day, outcome count, reason count
-- out: total_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen, tier count
-- out: marks count, judge_yen yen, insured count, instalments blob, explanation blob, inputs blob
-- out: event_no id, is_open flag
-- rows: many
select d.decision_id, d.decision_no, d.fiscal_year, d.household_id, d.debtor_id, d.from_ymd,
       d.cause, d.decided_ymd, d.issue_ymd, d.basis, d.officer_id, d.draft_no, d.rule_hash,
       d.looked_from, d.as_of_ymd, d.outcome, d.reason, d.total_yen, d.medical_yen,
       d.support_yen, d.care_yen, d.child_yen, d.tier, d.marks, d.judge_yen, d.insured,
       d.instalments, d.explanation, d.inputs, d.known_from, {open d}
from decision d where d.decision_id = $decision_id;

-- query: correction_of_decision
-- purpose: what a decision changed
-- in: decision_id id
-- out: replaces_id id, draft_no count, before_yen yen, after_yen yen, change_ymd day
-- rows: maybe
select c.replaces_id, c.draft_no, c.before_yen, c.after_yen, c.change_ymd
from correction c where c.decision_id = $decision_id;

-- query: correction_drafts_of_job
-- purpose: the two drafts a correction run makes, for a resumed job
-- in: job_id id
-- out: draft_no count, kind text
-- rows: many
select d.draft_no, d.kind from draft d where d.job_id = $job_id order by d.draft_no;

-- query: draft_correction_page
-- purpose: what the assessments of a correction's draft replace, in the order of assessment_page
-- in: draft_no count, after_id id, up_to_id id
-- out: household_id id, debtor_id id, from_ymd day, replaces_id id, decision_no count, before_yen yen, cause text, basis text, change_ymd day
-- rows: many
select c.household_id, c.debtor_id, c.from_ymd, c.replaces_id, c.decision_no, c.before_yen, c.cause, c.basis, c.change_ymd
from draft_correction c
where c.draft_no = $draft_no and c.household_id > $after_id and c.household_id <= $up_to_id
order by c.household_id, c.from_ymd, c.debtor_id;

-- query: draft_correction_sums
-- purpose: the control totals of a correction's draft by outcome and cause
-- in: draft_no count
-- out: outcome count, reason count, cause text, households count, before_yen yen, after_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select a.outcome, a.reason, c.cause, count(*), cast(sum(c.before_yen) as bigint), cast(sum(a.total_yen) as bigint),
       cast(sum(a.medical_yen) as bigint), cast(sum(a.support_yen) as bigint), cast(sum(a.care_yen) as bigint), cast(sum(a.child_yen) as bigint)
from draft_assessment a
join draft_correction c on c.draft_no = a.draft_no and c.household_id = a.household_id and c.debtor_id = a.debtor_id and c.from_ymd = a.from_ymd
where a.draft_no = $draft_no
group by a.outcome, a.reason, c.cause
order by a.outcome, a.reason, c.cause;

-- query: draft_correction_stale
-- purpose: decisions a draft would replace that were replaced since
-- in: draft_no count
-- out: decision_no count
-- rows: many
select c.decision_no from draft_correction c
join decision d on d.decision_id = c.replaces_id
where c.draft_no = $draft_no and c.replaces_id <> 0 and not ({now d})
order by c.decision_no limit 20;

-- query: draft_correction_taken
-- purpose: debtors a draft would levy for the first time that were levied since
-- in: draft_no count, fiscal_year count
-- out: household_no text
-- rows: many
select h.household_no from draft_correction c
join decision d on d.household_id = c.household_id and d.fiscal_year = $fiscal_year and d.debtor_id = c.debtor_id and {now d} and d.draft_no <> $draft_no and d.from_ymd = c.from_ymd
join household h on h.household_id = c.household_id
where c.draft_no = $draft_no and c.replaces_id = 0
order by h.household_no limit 20;

-- query: draft_correction_shown
-- purpose: the rows of a correction's draft for its page, the largest differences first
-- in: draft_no count, n count
-- out: household_id id, household_no text, debtor_id id, outcome count, reason count, cause text, before_yen yen, after_yen yen, change_ymd day, decision_no count
-- rows: many
select a.household_id, h.household_no, a.debtor_id, a.outcome, a.reason, c.cause, c.before_yen, a.total_yen, c.change_ymd, c.decision_no
from draft_assessment a
join draft_correction c on c.draft_no = a.draft_no and c.household_id = a.household_id and c.debtor_id = a.debtor_id and c.from_ymd = a.from_ymd
join household h on h.household_id = a.household_id
where a.draft_no = $draft_no
order by abs(a.total_yen - c.before_yen) desc, h.household_no, a.from_ymd limit $n;

-- query: draft_correction_drop
-- purpose: the rows of a dropped draft go
-- in: draft_no count
-- rows: exec
delete from draft_correction where draft_no = $draft_no;

-- query: correction_draft_finish
-- purpose: the control totals of a complete correction draft
-- in: draft_no count, status count, households count, total_yen yen, pulled count, content blob
-- rows: exec
update draft set status = $status, households = $households, total_yen = $total_yen,
       pulled = $pulled, content = $content
where draft_no = $draft_no and status = 1;

-- query: correction_sums_of_draft
-- purpose: what a correction's draft has decided so far
-- in: draft_no count
-- out: decisions count, before_yen yen, after_yen yen
-- rows: one
select count(*), cast(coalesce(sum(c.before_yen), 0) as bigint), cast(coalesce(sum(c.after_yen), 0) as bigint)
from correction c where c.draft_no = $draft_no;

-- query: user_named
-- purpose: who ran or confirmed a draft
-- in: user_id id
-- out: full_name text
-- rows: maybe
select a.full_name from user_account a where a.user_id = $user_id and {now a};

-- query: initial_of_year
-- purpose: whether the yearly run of a year was confirmed
-- in: fiscal_year count
-- out: draft_no count
-- rows: many
select d.draft_no from draft d where d.fiscal_year = $fiscal_year and d.kind = 'initial' and d.status = 4;

-- query: correction_history
-- purpose: every state of a household's levies of a year with what each changed, newest first
-- in: household_id id, fiscal_year count
-- out: decision_id id, decision_no count, debtor_id id, decided_ymd day, issue_ymd day, cause text, basis text, total_yen yen, before_yen yen?, change_ymd day?, officer text?, event_no id, is_open flag
-- rows: many
select d.decision_id, d.decision_no, d.debtor_id, d.decided_ymd, d.issue_ymd, d.cause, d.basis, d.total_yen, c.before_yen, c.change_ymd,
       (select a.full_name from user_account a where a.user_id = d.officer_id and {now a}), d.known_from,
       case when {known d} then 1 else 0 end
from decision d left join correction c on c.decision_id = d.decision_id
where d.household_id = $household_id and d.fiscal_year = $fiscal_year
order by d.known_from desc, d.decision_no;
