-- query: hangs_on
-- purpose: how much of this desk hangs on a person: incomes and decisions
-- in: person_id id
-- out: n count
-- rows: one
select cast((select count(*) from income i where i.person_id = $person_id and {now i})
  + (select count(*) from decision d where d.debtor_id = $person_id and {now d}) as bigint);
