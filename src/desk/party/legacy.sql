-- query: legacy_of_person
-- purpose: what the legacy single file says of somebody
-- in: person_id id
-- out: file count, reference text, fiscal_year count?, from_ymd day, until_ymd day?, amount_yen yen?, content text
-- rows: many
select r.file, r.reference, r.fiscal_year, r.from_ymd, r.until_ymd, r.amount_yen, r.content
from legacy_record r where r.person_id = $person_id order by r.file, r.from_ymd, r.reference;

-- query: legacy_moved_of_person
-- purpose: the same as it was moved into the four files
-- in: person_id id
-- out: file count, reference text, fiscal_year count?, from_ymd day, until_ymd day?, amount_yen yen?, content text
-- rows: many
select cast(1 as bigint) as file, r.reference as reference, m.fiscal_year as fiscal_year, m.from_ymd as from_ymd, m.until_ymd as until_ymd, m.amount_yen as amount_yen, m.content as content
from legacy_eligibility m join legacy_record r on r.legacy_record_id = m.legacy_record_id where m.person_id = $person_id
union all
select cast(2 as bigint) as file, r.reference as reference, m.fiscal_year as fiscal_year, m.from_ymd as from_ymd, m.until_ymd as until_ymd, m.amount_yen as amount_yen, m.content as content
from legacy_levy m join legacy_record r on r.legacy_record_id = m.legacy_record_id where m.person_id = $person_id
union all
select cast(3 as bigint) as file, r.reference as reference, m.fiscal_year as fiscal_year, m.from_ymd as from_ymd, m.until_ymd as until_ymd, m.amount_yen as amount_yen, m.content as content
from legacy_benefit m join legacy_record r on r.legacy_record_id = m.legacy_record_id where m.person_id = $person_id
union all
select cast(4 as bigint) as file, r.reference as reference, m.fiscal_year as fiscal_year, m.from_ymd as from_ymd, m.until_ymd as until_ymd, m.amount_yen as amount_yen, m.content as content
from legacy_collection m join legacy_record r on r.legacy_record_id = m.legacy_record_id where m.person_id = $person_id
order by file, from_ymd, reference;

-- query: legacy_balance
-- purpose: records and sums that an event brought, in the single file and in the file each was moved to
-- out: file count, lines count, yen yen, moved_lines count, moved_yen yen
-- rows: many
select s.file, s.lines, s.yen, m.lines, m.yen from
(select r.file as file, count(*) as lines, cast(coalesce(sum(r.amount_yen), 0) as bigint) as yen from legacy_record r where {events r} group by r.file) s
join (
select cast(1 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_eligibility m where {events m}
union all
select cast(2 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_levy m where {events m}
union all
select cast(3 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_benefit m where {events m}
union all
select cast(4 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_collection m where {events m}
) m on m.file = s.file order by s.file;

-- query: legacy_known
-- purpose: which of some records were moved before
-- in: names text[]
-- out: reference text
-- rows: many
select r.reference from legacy_record r where r.reference in {in names};
