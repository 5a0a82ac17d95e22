-- query: hangs_on
-- purpose: how much of this desk hangs on a person: periods, certificates, numbers and the like
-- in: person_id id
-- out: n count
-- rows: one
select cast((select count(*) from insured_period a where a.person_id = $person_id and {now a})
  + (select count(*) from branch_number b where b.person_id = $person_id)
  + (select count(*) from other_cover c where c.person_id = $person_id and {now c})
  + (select count(*) from circumstance d where d.person_id = $person_id and {now d})
  + (select count(*) from placement e where e.person_id = $person_id and {now e})
  + (select count(*) from head_override f where f.person_id = $person_id and {now f})
  + (select count(*) from mark_override g where g.person_id = $person_id and {now g})
  + (select count(*) from certificate h where h.person_id = $person_id and {now h})
  + (select count(*) from application i where i.person_id = $person_id)
  + (select count(*) from application_item j where j.person_id = $person_id) as bigint);
