-- query: cases_newest
-- purpose: applications and unjust enrichment, newest first, before a number; kind empty: every kind
-- in: kind text, before text, n count
-- out: no text, kind text, batch_no count, sheet count, person_id id, treated_from month, treated_to month, yen yen, received_ymd day
-- rows: many
select x.no, x.kind, x.batch_no, x.sheet, x.person_id, x.treated_from, x.treated_to, x.yen, x.received_ymd
from (select a.application_no as no, a.kind as kind, a.batch_no as batch_no, a.sheet as sheet, a.person_id as person_id,
    a.treated_from as treated_from, a.treated_to as treated_to, a.claimed_yen as yen, a.received_ymd as received_ymd
  from benefit_application a where {now a} and a.application_no < $before and ($kind = '' or a.kind = $kind)
  union all
  select u.case_no, 'unjust_enrichment', u.batch_no, u.sheet, u.person_id, u.treated_from, u.treated_to, u.insurer_yen, u.received_ymd
  from unjust_enrichment u where {now u} and u.case_no < $before and ($kind = '' or $kind = 'unjust_enrichment')) x
order by x.no desc limit $n;

-- query: cases_of_batch
-- purpose: the same of one batch of paper
-- in: batch_no count, kind text, before text, n count
-- out: no text, kind text, batch_no count, sheet count, person_id id, treated_from month, treated_to month, yen yen, received_ymd day
-- rows: many
select x.no, x.kind, x.batch_no, x.sheet, x.person_id, x.treated_from, x.treated_to, x.yen, x.received_ymd
from (select a.application_no as no, a.kind as kind, a.batch_no as batch_no, a.sheet as sheet, a.person_id as person_id,
    a.treated_from as treated_from, a.treated_to as treated_to, a.claimed_yen as yen, a.received_ymd as received_ymd
  from benefit_application a where {now a} and a.application_no < $before and ($kind = '' or a.kind = $kind) and a.batch_no = $batch_no
  union all
  select u.case_no, 'unjust_enrichment', u.batch_no, u.sheet, u.person_id, u.treated_from, u.treated_to, u.insurer_yen, u.received_ymd
  from unjust_enrichment u where {now u} and u.case_no < $before and ($kind = '' or $kind = 'unjust_enrichment') and u.batch_no = $batch_no) x
order by x.no desc limit $n;

-- query: cases_of_people
-- purpose: the same of some people, whose treatment or who applied; batch 0: every batch
-- in: person_ids id[], batch_no count, kind text, before text, n count
-- out: no text, kind text, batch_no count, sheet count, person_id id, treated_from month, treated_to month, yen yen, received_ymd day
-- rows: many
select x.no, x.kind, x.batch_no, x.sheet, x.person_id, x.treated_from, x.treated_to, x.yen, x.received_ymd
from (select a.application_no as no, a.kind as kind, a.batch_no as batch_no, a.sheet as sheet, a.person_id as person_id,
    a.treated_from as treated_from, a.treated_to as treated_to, a.claimed_yen as yen, a.received_ymd as received_ymd
  from benefit_application a where {now a} and a.application_no < $before and ($kind = '' or a.kind = $kind)
    and (a.person_id in {in person_ids} or a.applicant_id in {in person_ids}) and ($batch_no = 0 or a.batch_no = $batch_no)
  union all
  select u.case_no, 'unjust_enrichment', u.batch_no, u.sheet, u.person_id, u.treated_from, u.treated_to, u.insurer_yen, u.received_ymd
  from unjust_enrichment u where {now u} and u.case_no < $before and ($kind = '' or $kind = 'unjust_enrichment')
    and u.person_id in {in person_ids} and ($batch_no = 0 or u.batch_no = $batch_no)) x
order by x.no desc limit $n;

-- query: sheets_of_batch
-- purpose: which sheets of a batch of paper are entered
-- in: batch_no count
-- out: sheet count
-- rows: many
select a.sheet from benefit_application a where a.batch_no = $batch_no and {now a}
union all
select u.sheet from unjust_enrichment u where u.batch_no = $batch_no and {now u};

-- query: application_rows
-- purpose: an application by its number: every row it ever had, the newest first, with the event and the job each came from
-- in: application_no text
-- out: kind text, batch_no count, sheet count, line count, keying text, person_id id, applicant_id id, household_no text?, card_number text
-- out: treated_from month, treated_to month, institution text, paid_yen yen, claimed_yen yen, is_public flag, bank_code text, branch_code text
-- out: account_kind text, account_no text, holder text, received_ymd day, state text, known_from id, is_open flag, entered_at time, job_id id?
-- rows: many
select a.kind, a.batch_no, a.sheet, a.line, a.keying, a.person_id, a.applicant_id, h.household_no, a.card_number,
  a.treated_from, a.treated_to, a.institution, a.paid_yen, a.claimed_yen, a.is_public, a.bank_code, a.branch_code,
  a.account_kind, a.account_no, a.holder, a.received_ymd, a.state, a.known_from, {open a}, e.entered_at, e.job_id
from benefit_application a join event e on e.event_no = a.known_from
left join household h on h.household_id = a.household_id
where a.application_no = $application_no
order by a.known_from desc;

-- query: unjust_rows
-- purpose: a case of unjust enrichment by its number: every row it ever had, the newest first, with the event and the job each came from
-- in: case_no text
-- out: batch_no count, sheet count, line count, keying text, person_id id, household_no text?, card_number text, cause text
-- out: treated_from month, treated_to month, insurer_yen yen, received_ymd day, known_from id, is_open flag, entered_at time, job_id id?
-- rows: many
select u.batch_no, u.sheet, u.line, u.keying, u.person_id, h.household_no, u.card_number, u.cause,
  u.treated_from, u.treated_to, u.insurer_yen, u.received_ymd, u.known_from, {open u}, e.entered_at, e.job_id
from unjust_enrichment u join event e on e.event_no = u.known_from
left join household h on h.household_id = u.household_id
where u.case_no = $case_no
order by u.known_from desc;

-- query: hangs_on
-- purpose: how much of this desk hangs on a person
-- in: person_id id
-- out: n count
-- rows: one
select cast((select count(*) from benefit_application a where (a.person_id = $person_id or a.applicant_id = $person_id) and {now a})
  + (select count(*) from unjust_enrichment u where u.person_id = $person_id and {now u}) as bigint);
