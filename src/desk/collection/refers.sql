-- query: hangs_on
-- purpose: how much of this desk hangs on a person: liabilities
-- in: person_id id
-- out: n count
-- rows: one
select cast(count(*) as bigint) from liability l where l.debtor_id = $person_id and {now l};
