-- query: hangs_on
-- purpose: how much of this desk hangs on a person: liabilities, direct debits, transfers
-- in: person_id id
-- out: n count
-- rows: one
select cast((select count(*) from liability l where l.debtor_id = $person_id and {now l})
  + (select count(*) from direct_debit d where d.person_id = $person_id and {now d})
  + (select count(*) from transfer_order o where o.person_id = $person_id and {now o}) as bigint);
