-- query: rate_set_named
-- purpose: rates by the name somebody gave them
-- in: name text
-- out: rate_set_id id, fiscal_year count, settings text
-- rows: maybe
select r.rate_set_id, r.fiscal_year, r.settings from rate_set r where r.name = $name;

-- query: rate_sets
-- purpose: the newest rates with a name
-- in: n count
-- out: name text, fiscal_year count, settings text
-- rows: many
select r.name, r.fiscal_year, r.settings from rate_set r order by r.rate_set_id desc limit $n;

-- query: rate_solve_clear
-- purpose: a job that was killed writes its result anew
-- in: job_id id
-- rows: exec
delete from rate_solve where job_id = $job_id;

-- query: rate_solve_step_clear
-- purpose: as rate_solve_clear
-- in: job_id id
-- rows: exec
delete from rate_solve_step where job_id = $job_id;

-- query: rate_solve_of
-- purpose: what a job looked for
-- in: job_id id
-- out: fiscal_year count, by_part flag, moves text, shares text, rate_unit count, yen_unit yen, target_yen yen
-- out: target_medical yen, target_support yen, target_care yen, target_child yen, evaluations count
-- rows: maybe
select s.fiscal_year, s.by_part, s.moves, s.shares, s.rate_unit, s.yen_unit, s.target_yen,
       s.target_medical, s.target_support, s.target_care, s.target_child, s.evaluations
from rate_solve s where s.job_id = $job_id;

-- query: rate_solve_steps
-- purpose: what it found
-- in: job_id id
-- out: step count, settings text, households count, failed count, total_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select s.step, s.settings, s.households, s.failed, s.total_yen, s.medical_yen, s.support_yen,
       s.care_yen, s.child_yen
from rate_solve_step s where s.job_id = $job_id order by s.step;

-- query: rate_solves_recent
-- purpose: the newest of them
-- in: n count
-- out: job_id id, fiscal_year count, target_yen yen
-- rows: many
select s.job_id, s.fiscal_year, s.target_yen from rate_solve s order by s.job_id desc limit $n;

-- query: person_numbers
-- purpose: the printed numbers of some people
-- in: person_ids id[]
-- out: person_id id, person_no text
-- rows: many
select p.person_id, p.person_no from person p where p.person_id in {in person_ids} order by p.person_id;
