-- query: exemptions_of_year
-- purpose: the exemptions granted for a year, as known, for the population
-- in: fiscal_year count
-- out: household_id id, debtor_id id, yen yen, rate count, of_income flag, cuts text
-- rows: many
select e.household_id, e.debtor_id, e.yen, e.rate, e.of_income, e.cuts
from exemption e
where e.fiscal_year = $fiscal_year and {known e} and e.status = 2
order by e.household_id, e.debtor_id, e.exemption_no;

-- query: exemptions_of_households
-- purpose: the same of some households
-- in: household_ids id[], fiscal_year count
-- out: household_id id, debtor_id id, yen yen, rate count, of_income flag, cuts text
-- rows: many
select e.household_id, e.debtor_id, e.yen, e.rate, e.of_income, e.cuts
from exemption e
where e.household_id in {in household_ids} and e.fiscal_year = $fiscal_year and {known e} and e.status = 2
order by e.household_id, e.debtor_id, e.exemption_no;

-- query: exemptions_granted
-- purpose: the granted exemptions of some households with their numbers, to be confirmed again after a correction
-- in: household_ids id[], fiscal_year count
-- out: exemption_no count, household_id id, debtor_id id
-- rows: many
select e.exemption_no, e.household_id, e.debtor_id
from exemption e
where e.household_id in {in household_ids} and e.fiscal_year = $fiscal_year and {now e} and e.status = 2
order by e.exemption_no;

-- query: exemption_one
-- purpose: one exemption as it stands, with the event it was entered by
-- in: fiscal_year count, exemption_no count
-- out: exemption_row_id id, household_id id, debtor_id id, ground text, pattern count, yen yen, rate count, of_income flag, cuts text, applied_ymd day, status count, decided_ymd day?, note text, event_no id
-- rows: maybe
select e.exemption_row_id, e.household_id, e.debtor_id, e.ground, e.pattern, e.yen, e.rate, e.of_income, e.cuts, e.applied_ymd,
       e.status, e.decided_ymd, e.note, (select min(f.known_from) from exemption f where f.fiscal_year = e.fiscal_year and f.exemption_no = e.exemption_no)
from exemption e where e.fiscal_year = $fiscal_year and e.exemption_no = $exemption_no and {now e};

-- query: exemption_entered_by
-- purpose: who entered an application: the first state of it
-- in: fiscal_year count, exemption_no count
-- out: entered_by id?
-- rows: maybe
select v.entered_by from event v
where v.event_no = (select min(e.known_from) from exemption e where e.fiscal_year = $fiscal_year and e.exemption_no = $exemption_no);

-- query: exemptions_listed
-- purpose: the exemptions of a year with their debtors, those that wait first
-- in: fiscal_year count, household_id id, n count
-- out: exemption_no count, household_no text, debtor_no text, debtor text?, ground text, pattern count, yen yen, rate count, of_income flag, cuts text, applied_ymd day, status count, decided_ymd day?, event_no id
-- rows: many
select e.exemption_no, h.household_no, p.person_no,
       (select n.name from person_name n where n.person_id = e.debtor_id and n.is_used = 1 and {asof n}),
       e.ground, e.pattern, e.yen, e.rate, e.of_income, e.cuts, e.applied_ymd, e.status, e.decided_ymd,
       (select min(f.known_from) from exemption f where f.fiscal_year = e.fiscal_year and f.exemption_no = e.exemption_no)
from exemption e
join household h on h.household_id = e.household_id
join person p on p.person_id = e.debtor_id
where e.fiscal_year = $fiscal_year and ($household_id = 0 or e.household_id = $household_id) and {now e}
order by case when e.status = 1 then 0 else 1 end, e.exemption_no desc limit $n;

-- query: exemption_reviews_open
-- purpose: exempted premiums that were corrected and wait for a person's word
-- in: fiscal_year count, n count
-- out: exemption_review_id id, exemption_no count, household_no text, decision_no count, before_yen yen, after_yen yen, opened day
-- rows: many
select r.exemption_review_id, r.exemption_no, h.household_no, r.decision_no, r.before_yen, r.after_yen, v.effective
from exemption_review r
join exemption e on e.fiscal_year = r.fiscal_year and e.exemption_no = r.exemption_no and {now e}
join household h on h.household_id = e.household_id
join event v on v.event_no = r.known_from
where r.fiscal_year = $fiscal_year and r.answer = 0 and {now r}
order by r.exemption_review_id limit $n;

-- query: exemption_review_one
-- purpose: one of them
-- in: exemption_review_id id
-- out: fiscal_year count, exemption_no count, decision_no count, before_yen yen, after_yen yen, answer count
-- rows: maybe
select r.fiscal_year, r.exemption_no, r.decision_no, r.before_yen, r.after_yen, r.answer
from exemption_review r where r.exemption_review_id = $exemption_review_id and {now r};
