-- query: income_of_year
-- purpose: every statement of a year for the whole city, for the population
-- in: income_year count
-- out: person_id id, source count, is_undeclared flag, salary_revenue yen, pension_revenue yen
-- out: salary_income yen?, pension_income yen?, business_income yen, property_income yen
-- out: other_income yen, forestry_income yen, separate_income yen, separate_deduction yen
-- out: net_loss_carried yen, casualty_loss_carried yen, family_wages_paid yen
-- out: family_wages_received yen, salary_adjustment yen, fixed_asset_tax yen, dependants count
-- out: small_children count
-- rows: many
select i.person_id, i.source, i.is_undeclared, i.salary_revenue, i.pension_revenue,
       i.salary_income, i.pension_income, i.business_income, i.property_income,
       i.other_income, i.forestry_income, i.separate_income, i.separate_deduction,
       i.net_loss_carried, i.casualty_loss_carried, i.family_wages_paid,
       i.family_wages_received, i.salary_adjustment, i.fixed_asset_tax, i.dependants,
       i.small_children
from income i
where i.income_year = $income_year and {known i};

-- query: income_of_persons
-- purpose: the statements about some persons, for the counter and for what a new statement closes
-- in: person_ids id[], income_year count
-- out: income_id id, person_id id, source count, is_undeclared flag, salary_revenue yen
-- out: pension_revenue yen, salary_income yen?, pension_income yen?, business_income yen
-- out: property_income yen, other_income yen, forestry_income yen, separate_income yen
-- out: separate_deduction yen, net_loss_carried yen, casualty_loss_carried yen
-- out: family_wages_paid yen, family_wages_received yen, salary_adjustment yen
-- out: fixed_asset_tax yen, dependants count, small_children count, total_income yen?
-- out: taxable yen?, tax_state count, widow count, disability count, is_minor flag
-- rows: many
select i.income_id, i.person_id, i.source, i.is_undeclared, i.salary_revenue,
       i.pension_revenue, i.salary_income, i.pension_income, i.business_income,
       i.property_income, i.other_income, i.forestry_income, i.separate_income,
       i.separate_deduction, i.net_loss_carried, i.casualty_loss_carried,
       i.family_wages_paid, i.family_wages_received, i.salary_adjustment,
       i.fixed_asset_tax, i.dependants, i.small_children, i.total_income, i.taxable,
       i.tax_state, i.widow, i.disability, i.is_minor
from income i
where i.person_id in {in person_ids} and i.income_year = $income_year and {known i}
order by i.person_id, i.source;

-- query: households_numbered
-- purpose: every household a chunk of the yearly run looked at, insured in the year or not
-- in: after id, up_to id
-- out: household_id id
-- rows: many
select h.household_id
from insured_household h
where h.household_id > $after and h.household_id <= $up_to and {during h}
group by h.household_id
order by h.household_id;

-- query: draft_get
-- purpose: one draft
-- in: draft_no count
-- out: draft_no count, kind text, fiscal_year count, as_of_ymd day, known_no id, rule_hash blob
-- out: rules text, status count, job_id id, run_by id, households count, total_yen yen
-- out: pulled count
-- out: content blob?, confirmed_by id?, issue_ymd day?, confirm_job id?
-- rows: maybe
select d.draft_no, d.kind, d.fiscal_year, d.as_of_ymd, d.known_no, d.rule_hash, d.rules,
       d.status, d.job_id, d.run_by, d.households, d.total_yen, d.pulled, d.content, d.confirmed_by,
       d.issue_ymd, d.confirm_job
from draft d
where d.draft_no = (case when $draft_no = 0 then (select max(x.draft_no) from draft x) else $draft_no end);

-- query: draft_of_job
-- purpose: the draft a resumed job was making
-- in: job_id id
-- out: draft_no count
-- rows: maybe
select d.draft_no from draft d where d.job_id = $job_id;

-- query: draft_list
-- purpose: the newest drafts first
-- in: n count
-- out: draft_no count, kind text, fiscal_year count, as_of_ymd day, known_no id, rule_hash blob
-- out: rules text, status count, job_id id, run_by id, households count, total_yen yen
-- out: pulled count
-- out: confirmed_by id?, issue_ymd day?
-- rows: many
select d.draft_no, d.kind, d.fiscal_year, d.as_of_ymd, d.known_no, d.rule_hash, d.rules,
       d.status, d.job_id, d.run_by, d.households, d.total_yen, d.pulled, d.confirmed_by, d.issue_ymd
from draft d order by d.draft_no desc limit $n;

-- query: draft_finish
-- purpose: the control totals of a complete draft
-- in: draft_no count, households count, total_yen yen, pulled count, content blob
-- rows: exec
update draft set status = 2, households = $households, total_yen = $total_yen,
       pulled = $pulled, content = $content
where draft_no = $draft_no and status = 1;

-- query: draft_confirming
-- purpose: a chief begins to confirm; from now on the draft cannot be dropped
-- in: draft_no count, confirmed_by id, issue_ymd day, confirm_job id
-- rows: exec
update draft set status = 3, confirmed_by = $confirmed_by, issue_ymd = $issue_ymd,
       confirm_job = $confirm_job
where draft_no = $draft_no and status = 2;

-- query: draft_status
-- purpose: the next state of a draft
-- in: draft_no count, status count
-- rows: exec
update draft set status = $status where draft_no = $draft_no;

-- query: draft_confirmed_of_year
-- purpose: the draft that stands for a year already, so that a second one is refused
-- in: fiscal_year count
-- out: draft_no count
-- rows: many
select d.draft_no from draft d where d.fiscal_year = $fiscal_year and d.kind = 'initial' and d.status in (3, 4);

-- query: assessment_page
-- purpose: assessments of a draft in key order, some at a time
-- in: draft_no count, after_id id, n count
-- out: household_id id, debtor_id id, from_ymd day, outcome count, reason count, total_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen, tier count, marks count
-- out: judge_yen yen, insured count, instalments blob, explanation blob, inputs blob
-- rows: many
select a.household_id, a.debtor_id, a.from_ymd, a.outcome, a.reason, a.total_yen,
       a.medical_yen, a.support_yen, a.care_yen, a.child_yen, a.tier, a.marks, a.judge_yen,
       a.insured, a.instalments, a.explanation, a.inputs
from draft_assessment a
where a.draft_no = $draft_no and a.household_id > $after_id
  and a.household_id <= (select max(b.household_id) from (
      select c.household_id from draft_assessment c
      where c.draft_no = $draft_no and c.household_id > $after_id
      order by c.household_id limit $n) b)
order by a.household_id, a.from_ymd;

-- query: assessment_of_household
-- purpose: what a draft says about one household
-- in: draft_no count, household_id id
-- out: debtor_id id, from_ymd day, outcome count, reason count, total_yen yen, tier count
-- out: marks count, explanation blob
-- rows: many
select a.debtor_id, a.from_ymd, a.outcome, a.reason, a.total_yen, a.tier, a.marks,
       a.explanation
from draft_assessment a
where a.draft_no = $draft_no and a.household_id = $household_id order by a.from_ymd;

-- query: assessment_totals
-- purpose: control totals of a draft by outcome, reason and reduction
-- in: draft_no count
-- out: outcome count, reason count, tier count, households count, insured count, total_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen, cap_medical count
-- out: cap_support count, cap_care count, cap_child count, undeclared count
-- rows: many
select a.outcome, a.reason, a.tier, count(*), cast(sum(a.insured) as bigint),
       cast(sum(a.total_yen) as bigint), cast(sum(a.medical_yen) as bigint),
       cast(sum(a.support_yen) as bigint), cast(sum(a.care_yen) as bigint),
       cast(sum(a.child_yen) as bigint), cast(sum(a.marks & 1) as bigint),
       cast(sum((a.marks & 2) / 2) as bigint), cast(sum((a.marks & 4) / 4) as bigint),
       cast(sum((a.marks & 8) / 8) as bigint), cast(sum((a.marks & 16) / 16) as bigint)
from draft_assessment a where a.draft_no = $draft_no
group by a.outcome, a.reason, a.tier order by a.outcome, a.reason, a.tier;

-- query: assessment_drop
-- purpose: a dropped draft's rows go, some at a time
-- in: draft_no count, up_to_id id
-- rows: exec
delete from draft_assessment where draft_no = $draft_no and household_id <= $up_to_id;

-- query: assessment_bound
-- purpose: the last household of the next piece
-- in: draft_no count, n count
-- out: household_id id
-- rows: many
select a.household_id from draft_assessment a where a.draft_no = $draft_no
order by a.household_id limit $n;

-- query: chunk_of_draft
-- purpose: what the chain says a draft held
-- in: draft_no count
-- out: chunk_id id, first_household id, last_household id, assessments count, total_yen yen
-- out: content blob
-- rows: many
select c.chunk_id, c.first_household, c.last_household, c.assessments, c.total_yen, c.content
from draft_chunk c where c.draft_no = $draft_no and {now c} order by c.first_household;

-- query: decision_of_event
-- purpose: what one event decided, for the desks that charge and print
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
       d.instalments, d.explanation, d.inputs, d.known_from,
       {open d}
from decision d where {events d} order by d.decision_no;

-- query: decision_of_household
-- purpose: a household's decisions as known; year 0: every year
-- in: household_id id, fiscal_year count
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
       d.instalments, d.explanation, d.inputs, d.known_from,
       case when {known d} then 1 else 0 end
from decision d
where d.household_id = $household_id and ($fiscal_year = 0 or d.fiscal_year = $fiscal_year)
order by d.known_from desc, d.decision_no desc;

-- query: decision_page
-- purpose: the decisions in force of a year in notice order, some at a time
-- in: fiscal_year count, after_no count, n count
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
where d.fiscal_year = $fiscal_year and d.decision_no > $after_no and {known d}
order by d.decision_no limit $n;

-- query: decision_stored
-- purpose: every decision of a year, in force or replaced, in the order in which they were made, some at a time
-- in: fiscal_year count, after_id id, n count
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
       d.instalments, d.explanation, d.inputs, d.known_from,
       {open d}
from decision d
where d.fiscal_year = $fiscal_year and d.decision_id > $after_id
order by d.decision_id limit $n;

-- query: decision_numbered
-- purpose: one decision by the number on its notice
-- in: fiscal_year count, decision_no count
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
       d.instalments, d.explanation, d.inputs, d.known_from,
       case when {known d} then 1 else 0 end
from decision d
where d.fiscal_year = $fiscal_year and d.decision_no = $decision_no
order by d.known_from desc;

-- query: decision_totals
-- purpose: what was decided for a year, for the control totals and the charges
-- in: fiscal_year count
-- out: decisions count, total_yen yen
-- rows: one
select count(*), cast(coalesce(sum(d.total_yen), 0) as bigint)
from decision d where d.fiscal_year = $fiscal_year and {now d};

-- query: decision_of_draft
-- purpose: how far the confirmation of a draft has come
-- in: draft_no count, fiscal_year count
-- out: decisions count, total_yen yen
-- rows: one
select count(*), cast(coalesce(sum(d.total_yen), 0) as bigint)
from decision d where d.fiscal_year = $fiscal_year and d.draft_no = $draft_no and {now d};

-- query: notice_of_decision
-- purpose: the notice printed for a decision
-- in: decision_id id
-- out: notice_id id, kind text, issue_ymd day, batch_no count, position count, print_data blob
-- out: layout_hash blob, pulled_reason count
-- rows: many
select n.notice_id, n.kind, n.issue_ymd, n.batch_no, n.position, n.print_data, n.layout_hash,
       n.pulled_reason
from notice n where n.decision_id = $decision_id and {known n} order by n.notice_id desc;

-- query: notice_page
-- purpose: notices with their decision for verify and reprint, some at a time
-- in: fiscal_year count, after_no count, n count
-- out: decision_no count, total_yen yen, notice_id id, print_data blob, pulled_reason count
-- rows: many
select d.decision_no, d.total_yen, n.notice_id, n.print_data, n.pulled_reason
from decision d join notice n on n.decision_id = d.decision_id and {now n}
where d.fiscal_year = $fiscal_year and d.decision_no > $after_no and {now d}
order by d.decision_no limit $n;

-- query: household_numbers
-- purpose: the printed numbers of some households
-- in: household_ids id[]
-- out: household_id id, household_no text
-- rows: many
select h.household_id, h.household_no from household h
where h.household_id in {in household_ids} order by h.household_id;

-- query: household_symbols
-- purpose: symbols and numbers households are or were insured under, newest first
-- in: household_ids id[]
-- out: household_id id, symbol text, number text
-- rows: many
select i.household_id, i.symbol, i.number from insured_household i
where i.household_id in {in household_ids} and {known i} order by i.household_id, i.valid_from desc, i.number;

-- query: notices_printed
-- purpose: how far the printing of a year has come
-- in: fiscal_year count
-- out: notices count, pulled count
-- rows: one
select count(*), cast(coalesce(sum(case when n.pulled_reason <> 0 then 1 else 0 end), 0) as bigint)
from notice n join decision d on d.decision_id = n.decision_id
where d.fiscal_year = $fiscal_year and {now n};

-- query: decision_count
-- purpose: how many notices a year has, and how many are left
-- in: fiscal_year count, after_no count
-- out: decisions count
-- rows: one
select count(*) from decision d
where d.fiscal_year = $fiscal_year and d.decision_no > $after_no and {now d};

-- query: comparison_clear
-- purpose: a job that was killed writes its result anew
-- in: job_id id
-- rows: exec
delete from comparison_set where job_id = $job_id;

-- query: comparison_bucket_clear
-- purpose: as comparison_clear
-- in: job_id id
-- rows: exec
delete from comparison_bucket where job_id = $job_id;

-- query: radar_cause_clear
-- purpose: as comparison_clear
-- in: job_id id
-- rows: exec
delete from radar_cause where job_id = $job_id;

-- query: radar_change_clear
-- purpose: as comparison_clear
-- in: job_id id
-- rows: exec
delete from radar_change where job_id = $job_id;

-- query: comparison_sets_of
-- purpose: the sets of a comparison, the base first
-- in: job_id id
-- out: number count, name text, fiscal_year count, households count, insured count
-- out: undeclared count, failed count, total_yen yen, medical_yen yen, support_yen yen
-- out: care_yen yen, child_yen yen, tier_7 count, tier_5 count, tier_2 count, cap_medical count
-- out: cap_support count, cap_care count, cap_child count, winners count, losers count
-- out: gain_yen yen, loss_yen yen
-- rows: many
select s.number, s.name, s.fiscal_year, s.households, s.insured, s.undeclared, s.failed,
       s.total_yen, s.medical_yen, s.support_yen, s.care_yen, s.child_yen, s.tier_7, s.tier_5,
       s.tier_2, s.cap_medical, s.cap_support, s.cap_care, s.cap_child, s.winners, s.losers,
       s.gain_yen, s.loss_yen
from comparison_set s where s.job_id = $job_id order by s.number;

-- query: comparison_buckets
-- purpose: the distribution of a comparison's sets
-- in: job_id id
-- out: number count, bucket count, households count
-- rows: many
select b.number, b.bucket, b.households from comparison_bucket b
where b.job_id = $job_id order by b.number, b.bucket;

-- query: comparison_recent
-- purpose: the newest comparisons
-- in: n count
-- out: job_id id, fiscal_year count, name text, sets count
-- rows: many
select s.job_id, max(s.fiscal_year), max(case when s.number = 1 then s.name else '' end), count(*)
from comparison_set s group by s.job_id order by s.job_id desc limit $n;

-- query: radar_causes
-- purpose: causes of a radar run, the most frequent first
-- in: job_id id
-- out: number count, names text, households count, winners count, losers count
-- out: difference_yen yen
-- rows: many
select c.number, c.names, c.households, c.winners, c.losers, c.difference_yen
from radar_cause c where c.job_id = $job_id order by c.households desc, c.number;

-- query: radar_changes
-- purpose: households of a radar run, the largest differences first, of one cause (-1: all)
-- in: job_id id, cause count, n count
-- out: household_id id, household_no text, before_yen yen, after_yen yen, cause count
-- rows: many
select c.household_id, h.household_no, c.before_yen, c.after_yen, c.cause
from radar_change c join household h on h.household_id = c.household_id
where c.job_id = $job_id and ($cause = -1 or c.cause = $cause)
order by abs(c.after_yen - c.before_yen) desc, h.household_no limit $n;

-- query: decision_years
-- purpose: the years that have decisions
-- out: fiscal_year count
-- rows: many
select distinct d.fiscal_year from draft d where d.status in (3, 4) order by d.fiscal_year;

-- query: assessment_pulled_named
-- purpose: who gets no notice and why, with the household's number, for the draft's page
-- in: draft_no count, n count
-- out: household_id id, household_no text, outcome count, reason count, total_yen yen
-- rows: many
select a.household_id, h.household_no, a.outcome, a.reason, a.total_yen
from draft_assessment a join household h on h.household_id = a.household_id
where a.draft_no = $draft_no and a.outcome <> 1
order by a.reason, h.household_no limit $n;

-- query: first_event_after
-- purpose: the first event about people, cover or income that reached us after a day
-- in: day day
-- out: event_no id?
-- rows: maybe
select min(e.event_no) from event e
where e.received > $day
  and (substr(e.kind, 1, 6) = 'party.' or substr(e.kind, 1, 12) = 'eligibility.'
       or e.kind in ('levy.income', 'levy.exemption'));

-- query: decided_of
-- purpose: every levy decided to a debtor, also those replaced since
-- in: debtor_id id
-- out: decision_no count, fiscal_year count, decided_ymd day, issue_ymd day, basis text, officer text?, total_yen yen, is_open flag
-- rows: many
select d.decision_no, d.fiscal_year, d.decided_ymd, d.issue_ymd, d.basis,
       (select a.full_name from user_account a where a.user_id = d.officer_id and {now a}),
       d.total_yen, {open d}
from decision d where d.debtor_id = $debtor_id
order by d.decision_id desc;

-- query: tax_people
-- purpose: who counts for the levy and is no child: the insured and the heads of their households, by id
-- in: born_by day, after id, n count
-- out: person_id id, person_no text
-- rows: many
select p.person_id, p.person_no
from person p
where p.person_id > $after
  and exists (select 1 from person_identity i where i.person_id = p.person_id and {known i} and i.birth_ymd < $born_by)
  and (exists (select 1 from insured_period e where e.person_id = p.person_id and {asof e})
    or exists (select 1 from membership h
      join membership m on m.household_id = h.household_id and {asof m}
      join insured_period e on e.person_id = m.person_id and {asof e}
      where h.person_id = p.person_id and h.is_head = 1 and {asof h}))
order by p.person_id
limit $n;

-- query: tax_take_last
-- purpose: up to which event one who uses the changes of the tax office has taken them; 0 never
-- in: consumer text
-- out: until_event id
-- rows: one
select cast(coalesce(max(t.until_event), 0) as bigint) from tax_take t where t.consumer = $consumer;

-- query: tax_changed
-- purpose: how many people have statements of income that came between two events
-- in: first id, last id
-- out: people count
-- rows: one
select count(distinct i.person_id) from income i where i.known_from between $first and $last;

-- query: deduction_households
-- purpose: the decisions of a year with what the judgement of deduction asks of the household, by decision
-- in: year count, born_by day, born_after day, after id, n count
-- out: decision_id id, household_id id, debtor_id id, total_yen yen, birth_ymd day?, is_head_insured flag, insured count, elders count
-- rows: many
select d.decision_id, d.household_id, d.debtor_id, d.total_yen, i.birth_ymd,
  case when exists (select 1 from insured_period e where e.person_id = d.debtor_id and {asof e}) then 1 else 0 end,
  (select count(*) from membership m join insured_period e on e.person_id = m.person_id and {asof e}
    where m.household_id = d.household_id and {asof m}),
  (select count(*) from membership m join insured_period e on e.person_id = m.person_id and {asof e}
    join person_identity b on b.person_id = m.person_id and {known b}
    where m.household_id = d.household_id and {asof m} and b.birth_ymd <= $born_by and b.birth_ymd > $born_after)
from decision d
join person_identity i on i.person_id = d.debtor_id and {known i}
where d.fiscal_year = $year and {now d} and d.decision_id > $after
order by d.decision_id
limit $n;

-- query: deduction_of
-- purpose: how a debtor of a household was judged for a year, as known now
-- in: household_id id, debtor_id id, year count
-- out: deduction_judgement_id id, debtor_id id, result count, failed count, pension_yen yen, care_yen yen, levy_yen yen
-- rows: maybe
select j.deduction_judgement_id, j.debtor_id, j.result, j.failed, j.pension_yen, j.care_yen, j.levy_yen
from deduction_judgement j
where j.household_id = $household_id and j.debtor_id = $debtor_id and j.fiscal_year = $year and {now j};

-- query: income_told
-- purpose: the statements about some persons with the event each came in by, newest year first
-- in: person_ids id[]
-- out: person_id id, income_year count, source count, is_undeclared flag, salary_revenue yen, pension_revenue yen, other_yen yen
-- out: fixed_asset_tax yen, total_income yen?, taxable yen?, tax_state count, event_no id, told_by text, received day, at time
-- rows: many
select i.person_id, i.income_year, i.source, i.is_undeclared, i.salary_revenue, i.pension_revenue,
       i.business_income + i.property_income + i.other_income + i.forestry_income,
       i.fixed_asset_tax, i.total_income, i.taxable, i.tax_state, i.known_from, e.source, e.received, e.entered_at
from income i
join event e on e.event_no = i.known_from
where i.person_id in {in person_ids} and {known i}
order by i.person_id, i.income_year desc, i.source;
