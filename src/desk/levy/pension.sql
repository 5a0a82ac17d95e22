-- Statements of pension deduction: methods, payments, candidates, requests, results.

-- query: method_of_household
-- purpose: how the premium of a household and year is collected, every debtor, as known now
-- in: household_id id, year count
-- out: collection_method_id id, household_id id, debtor_id id, fiscal_year count, method count, reason count, failed count, cause text
-- out: decided_ymd day, annual_yen yen, notice_no count, provisional_no count, is_provisional flag, event_no id
-- rows: many
select m.collection_method_id, m.household_id, m.debtor_id, m.fiscal_year, m.method, m.reason, m.failed, m.cause, m.decided_ymd,
  m.annual_yen, m.notice_no, m.provisional_no, m.is_provisional, m.known_from
from collection_method m
where m.household_id = $household_id and m.fiscal_year = $year and {now m}
order by m.collection_method_id;

-- query: method_of_event
-- purpose: the methods that events decided
-- out: collection_method_id id, household_id id, debtor_id id, fiscal_year count, method count, reason count, failed count, cause text
-- out: decided_ymd day, annual_yen yen, notice_no count, provisional_no count, is_provisional flag, event_no id
-- rows: many
select m.collection_method_id, m.household_id, m.debtor_id, m.fiscal_year, m.method, m.reason, m.failed, m.cause, m.decided_ymd,
  m.annual_yen, m.notice_no, m.provisional_no, m.is_provisional, m.known_from
from collection_method m
where {events m}
order by m.collection_method_id;

-- query: method_page
-- purpose: the methods of a year in order, for jobs
-- in: year count, after id, n count
-- out: collection_method_id id, household_id id, debtor_id id, fiscal_year count, method count, reason count, failed count, cause text
-- out: decided_ymd day, annual_yen yen, notice_no count, provisional_no count, is_provisional flag, event_no id
-- rows: many
select m.collection_method_id, m.household_id, m.debtor_id, m.fiscal_year, m.method, m.reason, m.failed, m.cause, m.decided_ymd,
  m.annual_yen, m.notice_no, m.provisional_no, m.is_provisional, m.known_from
from collection_method m
where m.fiscal_year = $year and {now m} and m.collection_method_id > $after
order by m.collection_method_id
limit $n;

-- query: method_of_debtor
-- purpose: under which household a debtor pays in a year
-- in: debtor_id id, year count
-- out: household_id id, notice_no count
-- rows: many
select m.household_id, m.notice_no
from collection_method m
where m.debtor_id = $debtor_id and m.fiscal_year = $year and {now m}
order by m.collection_method_id desc;

-- query: payments_of
-- purpose: the payments of a debtor and year as planned now
-- in: household_id id, debtor_id id, year count
-- out: collection_payment_id id, number count, method count, due_ymd day, amount_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select a.collection_payment_id, a.number, a.method, a.due_ymd, a.amount_yen, a.medical_yen, a.support_yen, a.care_yen, a.child_yen
from collection_payment a
where a.household_id = $household_id and a.debtor_id = $debtor_id and a.fiscal_year = $year and {now a}
order by a.number;

-- query: method_decisions
-- purpose: the decisions of a year with what the method follows from, by decision
-- in: year count, after id, n count
-- out: decision_id id, decision_no count, household_id id, debtor_id id, total_yen yen, result count?, failed count?, has_account flag
-- rows: many
select d.decision_id, d.decision_no, d.household_id, d.debtor_id, d.total_yen, j.result, j.failed,
  case when exists (select 1 from account a where a.person_id = d.debtor_id and a.purpose = 'debit'
    and a.business in ('levy', 'collection', 'all') and {asof a}) then 1 else 0 end
from decision d
left join deduction_judgement j on j.household_id = d.household_id and j.fiscal_year = d.fiscal_year
  and j.debtor_id = d.debtor_id and {now j}
where d.fiscal_year = $year and {now d} and d.decision_id > $after
order by d.decision_id
limit $n;

-- query: provisional_heads
-- purpose: whether a debtor is insured and of the ages with everybody of his household, while no decision of the year is there
-- in: household_id id, debtor_id id, born_by day, born_after day
-- out: is_head_insured flag, insured count, elders count
-- rows: one
select case when exists (select 1 from insured_period e where e.person_id = $debtor_id and {asof e}) then 1 else 0 end,
  (select count(*) from membership m join insured_period e on e.person_id = m.person_id and {asof e}
    where m.household_id = $household_id and {asof m}),
  (select count(*) from membership m join insured_period e on e.person_id = m.person_id and {asof e}
    join person_identity b on b.person_id = m.person_id and {known b}
    where m.household_id = $household_id and {asof m} and b.birth_ymd <= $born_by and b.birth_ymd > $born_after);

-- query: wish_of
-- purpose: the wishes of a debtor to pay by direct debit, newest last
-- in: person_id id
-- out: pension_wish_id id, household_id id, received_ymd day, from_ymd day, ended_ymd day?, ended_by text?
-- rows: many
select w.pension_wish_id, w.household_id, w.received_ymd, w.from_ymd, w.ended_ymd, w.ended_by
from pension_wish w
where w.person_id = $person_id and {now w}
order by w.received_ymd, w.pension_wish_id;

-- query: wish_open
-- purpose: every wish that has not ended, for the return after arrears
-- in: after id, n count
-- out: pension_wish_id id, person_id id, household_id id, received_ymd day, from_ymd day
-- rows: many
select w.pension_wish_id, w.person_id, w.household_id, w.received_ymd, w.from_ymd
from pension_wish w
where {now w} and w.ended_ymd is null and w.pension_wish_id > $after
order by w.pension_wish_id
limit $n;

-- query: candidates_of
-- purpose: what the payers told of pensions of people for a year, by person
-- in: ids id[], year count
-- out: person_id id, candidate_id id, payer text, reason text, pension_yen yen
-- rows: many
select c.person_id, c.candidate_id, c.payer, c.reason, c.pension_yen
from pension_candidate c
where c.person_id in {in ids} and c.fiscal_year = $year and {now c}
order by c.person_id, c.payer, c.candidate_id;

-- query: candidate_newest
-- purpose: the newest pension of a person that a payer told of, of any year
-- in: person_id id
-- out: candidate_id id, payer text, fiscal_year count
-- rows: many
select c.candidate_id, c.payer, c.fiscal_year
from pension_candidate c
where c.person_id = $person_id and {now c}
order by c.fiscal_year desc, c.payer, c.candidate_id desc;

-- query: candidate_by_id
-- purpose: a pensioner's record as it came
-- in: candidate_id id
-- out: pension_candidate_row_id id, pension_file_id id, fiscal_year count, notice text, reason text, payer text, identity text, record blob, pension_yen yen, matched_by text, person_id id?
-- rows: maybe
select c.pension_candidate_row_id, c.pension_file_id, c.fiscal_year, c.notice, c.reason, c.payer, c.identity, c.record, c.pension_yen,
  c.matched_by, c.person_id
from pension_candidate c
where c.candidate_id = $candidate_id and {now c};

-- query: candidates_by_identity
-- purpose: pensioners by what tells them apart in the records, newest first
-- in: identities text[]
-- out: identity text, candidate_id id, person_id id?, fiscal_year count
-- rows: many
select c.identity, c.candidate_id, c.person_id, c.fiscal_year
from pension_candidate c
where c.identity in {in identities} and {now c}
order by c.identity, c.fiscal_year desc, c.candidate_id desc;

-- query: candidates_unmatched
-- purpose: pensioners of whom we do not know who of ours they are
-- in: year count
-- out: candidate_id id, payer text, matched_by text, record blob
-- rows: many
select c.candidate_id, c.payer, c.matched_by, c.record
from pension_candidate c
where c.matched_by in ('none', 'several') and c.fiscal_year = $year and {now c} and c.reason <> '70'
order by c.candidate_id;

-- query: born_on
-- purpose: people of a day of birth and sex with their names and readings, as candidates for a pensioner's record
-- in: birth day, sex text
-- out: person_id id, name text, kana text?
-- rows: many
select i.person_id, n.name, n.kana
from person_identity i
join person_name n on n.person_id = i.person_id and {asof n}
where i.birth_ymd = $birth and i.sex = $sex and {known i}
order by i.person_id, n.name_id;

-- query: home_address_of
-- purpose: where a person lives, in the parts of the register
-- in: person_id id
-- out: prefecture text, city text, town text, number text, building text?
-- rows: many
select a.prefecture, a.city, a.town, a.number, a.building
from membership m join address a on a.household_id = m.household_id and a.kind = 'residence' and {asof a}
where m.person_id = $person_id and {asof m};

-- query: pension_file_seen
-- purpose: was this very file exchanged already
-- in: sha256 text
-- out: pension_file_id id, made_ymd day
-- rows: maybe
select f.pension_file_id, f.made_ymd from pension_file f where f.sha256 = $sha256;

-- query: pension_file_taken
-- purpose: how many files of a notice came since a day
-- in: notice text, since day
-- out: n count
-- rows: one
select count(*) from pension_file f where f.notice = $notice and f.way = 'in' and f.made_ymd >= $since;

-- query: pension_files
-- purpose: the files exchanged, newest first
-- in: n count
-- out: way text, notice text, file_name text, made_ymd day, records count, amount1_yen yen, amount2_yen yen, received day
-- rows: many
select f.way, f.notice, f.file_name, f.made_ymd, f.records, f.amount1_yen, f.amount2_yen, e.received
from pension_file f join event e on e.event_no = f.known_from
order by f.pension_file_id desc
limit $n;

-- query: pension_file_count
-- purpose: how many files went out, for the next number
-- out: n count
-- rows: one
select count(*) from pension_file f where f.way = 'out';

-- query: requests_of_state
-- purpose: requests of a notice in a state, oldest first
-- in: state count, notice text, after id, n count
-- out: pension_request_row_id id, request_id id, fiscal_year count, household_id id, debtor_id id, candidate_id id, notice text, reason text, day day, amount1_yen yen, amount2_yen yen, state count, sent_file_id id?, answer_file_id id?, result text?, worked text?
-- rows: many
select r.pension_request_row_id, r.request_id, r.fiscal_year, r.household_id, r.debtor_id, r.candidate_id, r.notice, r.reason, r.day,
  r.amount1_yen, r.amount2_yen, r.state, r.sent_file_id, r.answer_file_id, r.result, r.worked
from pension_request r
where r.state = $state and r.notice = $notice and {now r} and r.request_id > $after
order by r.request_id
limit $n;

-- query: requests_of_candidates
-- purpose: requests of a notice about some pensioners in a state, newest first
-- in: ids id[], notice text, state count
-- out: pension_request_row_id id, request_id id, fiscal_year count, household_id id, debtor_id id, candidate_id id, notice text, reason text, day day, amount1_yen yen, amount2_yen yen, state count, sent_file_id id?, answer_file_id id?, result text?, worked text?
-- rows: many
select r.pension_request_row_id, r.request_id, r.fiscal_year, r.household_id, r.debtor_id, r.candidate_id, r.notice, r.reason, r.day,
  r.amount1_yen, r.amount2_yen, r.state, r.sent_file_id, r.answer_file_id, r.result, r.worked
from pension_request r
where r.candidate_id in {in ids} and r.notice = $notice and r.state = $state and {now r}
order by r.request_id desc;

-- query: request_by_id
-- purpose: one request as it stands now
-- in: request_id id
-- out: pension_request_row_id id, request_id id, fiscal_year count, household_id id, debtor_id id, candidate_id id, notice text, reason text, day day, amount1_yen yen, amount2_yen yen, state count, sent_file_id id?, answer_file_id id?, result text?, worked text?
-- rows: maybe
select r.pension_request_row_id, r.request_id, r.fiscal_year, r.household_id, r.debtor_id, r.candidate_id, r.notice, r.reason, r.day,
  r.amount1_yen, r.amount2_yen, r.state, r.sent_file_id, r.answer_file_id, r.result, r.worked
from pension_request r
where r.request_id = $request_id and {now r};

-- query: requests_of_household
-- purpose: every request about a household and year, with the days of its files
-- in: household_id id, year count
-- out: request_id id, debtor_id id, notice text, reason text, day day, amount1_yen yen, amount2_yen yen, state count, result text?, worked text?, sent_ymd day?, answered_ymd day?
-- rows: many
select r.request_id, r.debtor_id, r.notice, r.reason, r.day, r.amount1_yen, r.amount2_yen, r.state, r.result, r.worked,
  (select f.made_ymd from pension_file f where f.pension_file_id = r.sent_file_id),
  (select f.made_ymd from pension_file f where f.pension_file_id = r.answer_file_id)
from pension_request r
where r.household_id = $household_id and r.fiscal_year = $year and {now r}
order by r.request_id;

-- query: requests_rejected
-- purpose: requests the payer did not take and nobody has worked off, oldest first
-- out: request_id id, fiscal_year count, household_no text, person_no text, name text?, notice text, result text?, amount1_yen yen, day day
-- rows: many
select r.request_id, r.fiscal_year, h.household_no, p.person_no, n.name, r.notice, r.result, r.amount1_yen, r.day
from pension_request r
join household h on h.household_id = r.household_id
join person p on p.person_id = r.debtor_id
left join person_name n on n.person_id = r.debtor_id and n.is_used = 1 and {asof n}
where r.state = 3 and {now r}
order by r.request_id;

-- query: results_of_household
-- purpose: what was taken from the pension of a household's debtors in a year
-- in: household_id id, year count
-- out: debtor_id id?, number count, paid_ymd day, reason text, amount_yen yen, notice_no count
-- rows: many
select r.debtor_id, r.number, r.paid_ymd, r.reason, r.amount_yen, r.notice_no
from pension_result r
where r.household_id = $household_id and r.fiscal_year = $year
order by r.paid_ymd, r.pension_result_id;

-- query: results_of_event
-- purpose: money taken from pensions that events are to post
-- out: pension_result_id id, notice_no count, fiscal_year count, number count, paid_ymd day, amount_yen yen
-- rows: many
select r.pension_result_id, r.notice_no, r.fiscal_year, r.number, r.paid_ymd, r.amount_yen
from pension_result r
where {events r} and r.notice_no > 0 and r.amount_yen > 0
order by r.pension_result_id;

-- query: results_unposted
-- purpose: money taken from pensions of people nobody of ours is known as
-- in: n count
-- out: pension_result_id id, fiscal_year count, number count, paid_ymd day, payer text, reason text, amount_yen yen
-- rows: many
select r.pension_result_id, r.fiscal_year, r.number, r.paid_ymd, r.payer, r.reason, r.amount_yen
from pension_result r
where r.notice_no = 0 and r.amount_yen > 0
order by r.pension_result_id
limit $n;

-- query: result_before
-- purpose: what was already told to have been taken from a debtor on a payment of a year
-- in: debtor_id id, year count, number count
-- out: amount_yen yen
-- rows: one
select cast(coalesce(sum(r.amount_yen), 0) as bigint) from pension_result r
where r.debtor_id = $debtor_id and r.fiscal_year = $year and r.number = $number;

-- query: letter_of_method
-- purpose: notices of a decision about the method
-- in: collection_method_id id
-- out: pension_letter_id id, kind text, issue_ymd day, print_data blob, layout_hash blob, pulled_reason count
-- rows: many
select l.pension_letter_id, l.kind, l.issue_ymd, l.print_data, l.layout_hash, l.pulled_reason
from pension_letter l
where l.collection_method_id = $collection_method_id
order by l.pension_letter_id;

-- query: letters_of_household
-- purpose: notices of pension deduction of a household and year, newest first
-- in: household_id id, year count
-- out: pension_letter_id id, kind text, issue_ymd day, pulled_reason count
-- rows: many
select l.pension_letter_id, l.kind, l.issue_ymd, l.pulled_reason
from pension_letter l
where l.household_id = $household_id and l.fiscal_year = $year
order by l.pension_letter_id desc;

-- query: letter_by_id
-- purpose: one notice of pension deduction
-- in: pension_letter_id id
-- out: household_id id, debtor_id id, kind text, issue_ymd day, print_data blob, layout_hash blob, pulled_reason count
-- rows: maybe
select l.household_id, l.debtor_id, l.kind, l.issue_ymd, l.print_data, l.layout_hash, l.pulled_reason
from pension_letter l
where l.pension_letter_id = $pension_letter_id;

-- query: accounts_of
-- purpose: the accounts of a person that stand registered on a day
-- in: person_id id
-- out: business text, purpose text, bank_code text, branch_code text, kind text, account_no text, is_public flag, valid_from day
-- rows: many
select a.business, a.purpose, a.bank_code, a.branch_code, a.kind, a.account_no, a.is_public, a.valid_from
from account a
where a.person_id = $person_id and {asof a}
order by a.purpose, a.business, a.account_id;
