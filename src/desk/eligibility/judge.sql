-- query: revenue_claims
-- purpose: the revenues claimed by these people that count on a day
-- in: person_ids id[]
-- out: person_id id, revenue yen
-- rows: many
select c.person_id, c.revenue
from revenue_claim c
where c.person_id in {in person_ids} and {asof c}
order by c.person_id, c.revenue_claim_id;

-- query: judged_on
-- purpose: what these people are judged to be on a day
-- in: person_ids id[]
-- out: person_id id, judgement_id id, elderly count, share count, division count, valid_from day, valid_to day
-- rows: many
select j.person_id, j.judgement_id, j.elderly, j.share, j.division, j.valid_from, j.valid_to
from judgement_person j
where j.person_id in {in person_ids} and {asof j}
order by j.person_id, j.valid_from;

-- query: judge_overrides_on
-- purpose: the office's own words over judgements of these people on a day
-- in: person_ids id[]
-- out: person_id id, is_share flag, value count, valid_to day, reason text
-- rows: many
select o.person_id, o.is_share, o.value, o.valid_to, o.reason
from judgement_override o
where o.person_id in {in person_ids} and {asof o}
order by o.person_id, o.known_from;

-- query: judgements_of
-- purpose: judgements of households as known, oldest first
-- in: household_ids id[], from_year count
-- out: judgement_id id, household_id id, judge_year count, cause count, judged_ymd day, rule_hash blob, looked_from id, inputs blob, explanation blob, valid_from day, valid_to day, known_from id
-- rows: many
select j.judgement_id, j.household_id, j.judge_year, j.cause, j.judged_ymd, j.rule_hash, j.looked_from, j.inputs, j.explanation, j.valid_from, j.valid_to, j.known_from
from judgement j
where j.household_id in {in household_ids} and j.judge_year >= $from_year and {known j}
order by j.household_id, j.valid_from, j.judgement_id;

-- query: judgement_people
-- purpose: the people of judgements as known, in the order of the household
-- in: judgement_ids id[]
-- out: judgement_person_id id, judgement_id id, person_id id, elderly count, share count, division count, valid_from day, valid_to day
-- rows: many
select j.judgement_person_id, j.judgement_id, j.person_id, j.elderly, j.share, j.division, j.valid_from, j.valid_to
from judgement_person j
where j.judgement_id in {in judgement_ids} and {known j}
order by j.judgement_id, j.position;

-- query: judgement_row
-- purpose: one judgement, in force or replaced
-- in: judgement_id id
-- out: judgement_id id, household_id id, judge_year count, cause count, judged_ymd day, rule_hash blob, looked_from id, inputs blob, explanation blob, valid_from day, valid_to day, known_from id
-- rows: maybe
select j.judgement_id, j.household_id, j.judge_year, j.cause, j.judged_ymd, j.rule_hash, j.looked_from, j.inputs, j.explanation, j.valid_from, j.valid_to, j.known_from
from judgement j
where j.judgement_id = $judgement_id;

-- query: judgement_row_people
-- purpose: the people of one judgement, in force or replaced
-- in: judgement_id id
-- out: person_id id, elderly count, share count, division count, valid_from day, valid_to day
-- rows: many
select j.person_id, j.elderly, j.share, j.division, j.valid_from, j.valid_to
from judgement_person j
where j.judgement_id = $judgement_id
order by j.position;

-- query: judged_households_of_people
-- purpose: households whose judgements in force of a year looked at these people
-- in: person_ids id[], judge_year count
-- out: household_id id, valid_from day
-- rows: many
select j.household_id, min(j.valid_from)
from judgement j
where {now j} and j.judge_year = $judge_year
  and j.household_id in (select m.household_id from membership m where {now m} and m.person_id in {in person_ids})
group by j.household_id
order by j.household_id;

-- query: turning_households
-- purpose: NHI households of insured people born in a range of days: for the monthly judgement
-- in: born_from day, born_to day
-- out: household_id id
-- rows: many
select t.household_id
from (
    select m.household_id
    from person_identity i
    join insured_period c on c.person_id = i.person_id and {asof c}
    join membership m on m.person_id = i.person_id and {asof m}
    where i.birth_ymd >= $born_from and i.birth_ymd < $born_to and {known i}
    union
    select x.household_id
    from person_identity i
    join insured_period c on c.person_id = i.person_id and {asof c}
    join placement x on x.person_id = i.person_id and {asof x}
    where i.birth_ymd >= $born_from and i.birth_ymd < $born_to and {known i}
) t
order by t.household_id;
