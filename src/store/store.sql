-- The store's own statements.

-- query: event_last
-- purpose: the newest event number
-- out: event_no id
-- rows: one
select coalesce(max(e.event_no), 0) from event e;

-- query: event_by_no
-- purpose: one event as it was entered
-- in: event_no id
-- out: kind text, effective day, received day, source text, route text, reason text, entered_by id?, checked_by id?, approved_by id?
-- out: status count, household_id id?, person_id id?, job_id id?, entered_at time
-- rows: maybe
select e.kind, e.effective, e.received, e.source, e.route, e.reason, e.entered_by, e.checked_by,
       e.approved_by, e.status, e.household_id, e.person_id, e.job_id, e.entered_at
from event e where e.event_no = $event_no;

-- query: event_marks
-- purpose: who checked, approved or rejected some events later, oldest first
-- in: event_nos id[]
-- out: event_no id, status count, user_id id
-- rows: many
select m.event_no, m.status, m.user_id from event_mark m where m.event_no in {in event_nos}
order by m.event_no, m.event_mark_id;

-- query: event_newer
-- purpose: the newest event about a household after an event number
-- in: household_id id, since id
-- out: event_no id
-- rows: maybe
select e.event_no from event e where e.household_id = $household_id and e.event_no > $since
order by e.event_no desc limit 1;

-- query: event_history
-- purpose: events about a household or about some persons, newest first
-- in: household_id id, person_ids id[], before id, limit count
-- out: event_no id, kind text, effective day, received day, source text, route text, reason text, entered_by id?, checked_by id?, approved_by id?
-- out: status count, household_id id?, person_id id?, job_id id?, entered_at time
-- rows: many
select e.event_no, e.kind, e.effective, e.received, e.source, e.route, e.reason, e.entered_by,
       e.checked_by, e.approved_by, e.status, e.household_id, e.person_id, e.job_id, e.entered_at
from event e
where e.event_no in (
    select h.event_no from event h where h.household_id = $household_id and h.event_no < $before
    union
    select p.event_no from event p where p.person_id in {in person_ids} and p.event_no < $before)
order by e.event_no desc limit $limit;

-- query: link_last
-- purpose: the newest link of the chain
-- out: link_no id, last_event id, digest blob
-- rows: maybe
select l.link_no, l.last_event, l.digest from chain_link l order by l.link_no desc limit 1;

-- query: link_by_no
-- purpose: one link, for comparison with an anchor
-- in: link_no id
-- out: digest blob
-- rows: maybe
select l.digest from chain_link l where l.link_no = $link_no;

-- query: links
-- purpose: the chain from its beginning, for verify
-- in: after id, limit count
-- out: link_no id, first_event id, last_event id, digest blob
-- rows: many
select l.link_no, l.first_event, l.last_event, l.digest from chain_link l
where l.link_no > $after order by l.link_no limit $limit;

-- query: parts
-- purpose: the parts of some links in order, for verify
-- in: after id, upto id
-- out: link_no id, table_name text, row_count count, digest blob
-- rows: many
select p.link_no, p.table_name, p.row_count, p.digest from chain_part p
where p.link_no > $after and p.link_no <= $upto order by p.link_no, p.table_name;

-- query: closures_of
-- purpose: all closures of one table by row, for verify
-- in: table_name text
-- out: row_key id, known_from id
-- rows: many
select c.row_key, c.known_from from closure c where c.table_name = $table_name
order by c.row_key, c.closure_id;

-- query: purged_of
-- purpose: the digests of deleted rows of one table, for verify
-- in: table_name text
-- out: row_key id, row_event id, row_digest blob
-- rows: many
select p.row_key, p.row_event, p.row_digest from purged p where p.table_name = $table_name;

-- query: ids_take
-- purpose: a block of internal ids
-- in: n count
-- out: next_id id
-- rows: one
insert into id_block (block_no, next_id) values (1, 1 + $n)
on conflict (block_no) do update set next_id = id_block.next_id + $n
returning next_id;

-- query: number_take
-- purpose: the next numbers of a series
-- in: series text, n count
-- out: next_number count
-- rows: one
insert into number_series (series, next_number) values ($series, 1 + $n)
on conflict (series) do update set next_number = number_series.next_number + $n
returning next_number;

-- query: info_get
-- purpose: one thing the database says about itself
-- in: name text
-- out: value text
-- rows: maybe
select i.value from store_info i where i.name = $name;

-- query: info_put
-- purpose: say one thing about this database
-- in: name text, value text
-- rows: exec
insert into store_info (name, value) values ($name, $value)
on conflict (name) do update set value = excluded.value;

-- query: tables_here
-- purpose: whether the database is empty
-- out: n count
-- rows: one
select count(*) from sqlite_schema where type = 'table';

-- query: tables_here postgres
-- why: each engine has its own catalogue
select count(*) from pg_catalog.pg_tables where schemaname = 'public';

