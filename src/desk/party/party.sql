-- query: person_with_number
-- purpose: the person who has or had a number
-- in: number text, kind text
-- out: person_id id
-- rows: many
select n.person_id
from person_number n
where n.number = $number and n.kind = $kind and {now n}
order by n.person_id;
