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
-- purpose: households judged in a year in which one of these people lives, with one of them and the first day judged
-- in: person_ids id[], judge_year count
-- out: household_id id, person_id id, valid_from day
-- rows: many
select m.household_id, min(m.person_id), min(j.valid_from)
from membership m
join judgement j on j.household_id = m.household_id and {now j} and j.judge_year = $judge_year
where {now m} and m.person_id in {in person_ids}
group by m.household_id
order by m.household_id;

-- query: judged_head
-- purpose: somebody of a household that has been judged in a year, to hang a pending re-judgement on
-- in: household_id id, judge_year count
-- out: person_id id
-- rows: maybe
select p.person_id
from judgement j
join judgement_person p on p.judgement_id = j.judgement_id and {now p}
where j.household_id = $household_id and j.judge_year = $judge_year and {now j}
order by p.position, p.judgement_person_id
limit 1;

-- query: revenue_claims_of_year
-- purpose: claims in force of these people for a judge year, which a newer application replaces
-- in: person_ids id[], judge_year count
-- out: revenue_claim_id id
-- rows: many
select c.revenue_claim_id
from revenue_claim c
where c.person_id in {in person_ids} and c.judge_year = $judge_year and {now c};

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
