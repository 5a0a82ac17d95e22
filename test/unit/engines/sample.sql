-- query: resident_by_no
-- purpose: a resident as of
-- in: resident_no text
-- out: resident_row_id id, kana text?, birth day?, moved_month month?, is_foreign flag, income yen?, photo blob?
-- rows: maybe
select r.resident_row_id, r.kana, r.birth, r.moved_month, r.is_foreign, r.income, r.photo
from resident r where r.resident_no = $resident_no and {asof r};

-- query: residents
-- purpose: residents by row, by number and since
-- in: rows id[], after id
-- out: resident_row_id id, resident_no text
-- rows: many
select r.resident_row_id, r.resident_no from resident r
where r.resident_row_id in {in rows} and r.resident_row_id > $after and {now r}
order by r.resident_row_id;

-- query: residents_named
-- purpose: residents with one of some names
-- in: names text[]
-- out: resident_row_id id
-- rows: many
select r.resident_row_id from resident r where r.kana in {in names} order by r.resident_row_id;

-- query: residents_during
-- purpose: residents that overlap some days
-- out: resident_no text
-- rows: many
select r.resident_no from resident r where {during r} order by r.resident_no;

-- query: residents_known
-- purpose: how many rows were known
-- out: n count
-- rows: one
select count(*) from resident r where {known r};

-- query: residents_of_events
-- purpose: rows that events opened
-- out: n count
-- rows: one
select count(*) from resident r where {events r};

-- query: decisions
-- purpose: all decisions
-- out: decision_id id, household_no count, total yen, explanation blob
-- rows: many
select d.decision_id, d.household_no, d.total, d.explanation from decision d order by d.decision_id;

-- query: decision_total
-- purpose: count and sum
-- out: n count, total yen?
-- rows: one
select count(*), cast(sum(d.total) as bigint) from decision d;

-- query: note_put
-- purpose: write a note
-- in: name text, n count?
-- rows: exec
insert into note (name, n) values ($name, $n) on conflict (name) do update set n = excluded.n;

-- query: note_get
-- purpose: read a note
-- in: name text
-- out: n count?, seen_at time?, is_open flag?
-- rows: one
select n.n, n.seen_at, n.is_open from note n where n.name = $name;

-- query: notes
-- purpose: two rows where one is promised
-- out: n count?
-- rows: maybe
select n.n from note n;

-- query: note_drop
-- purpose: delete a note
-- in: name text
-- rows: exec
delete from note where name = $name;

-- query: functions
-- purpose: what SQLite gets registered
-- in: a count, b count, name text
-- out: most count, less count, padded text, at count
-- rows: one
select cast(greatest($a, $b) as bigint), cast(least($a, $b) as bigint), lpad($name, 8, '0'), cast(strpos($name, 'い') as bigint);

-- query: joined
-- purpose: string_agg
-- out: names text?
-- rows: one
select string_agg(x.name, '・') from (select n.name from note n order by n.name) x;
