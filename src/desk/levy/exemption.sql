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
