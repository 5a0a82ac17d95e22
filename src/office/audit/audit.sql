-- query: writer_last
-- purpose: the number for the next writer
-- out: writer_id id
-- rows: one
select coalesce(max(writer_id), 0) + 1 from audit_writer;

-- query: line_last
-- purpose: the number for the next line (inside the write transaction, so that it is ours)
-- out: line_no id
-- rows: one
select coalesce(max(line_no), 0) + 1 from audit_line;

-- query: lines
-- purpose: audit lines, newest first, by who, whose, screen, period; outcomes stand beside their line
-- in: before id, user_name text?, person_id id, screen text?, from_us time, to_us time, abnormal flag, n count
-- out: line_no id, time_us time, user_name text, terminal text, branch text, screen text, class text
-- out: purpose text, conditions text, person_id id, household_id id, persons count, result count, outcome count?, outcome_persons count?
-- rows: many
select l.line_no, l.time_us, l.user_name, l.terminal, l.branch, l.screen, l.class, l.purpose, l.conditions,
       l.person_id, l.household_id, l.persons, l.result, o.result, o.persons
from audit_line l
left join audit_line o on o.outcome_of = l.line_no
where l.line_no < $before and l.outcome_of is null
  and l.time_us >= $from_us and l.time_us < $to_us
  and ($user_name is null or l.user_name = $user_name)
  and ($person_id = 0 or l.person_id = $person_id)
  and ($screen is null or l.screen = $screen)
  and (case when $abnormal = 1 then l.is_off_hours + case when l.result < 0 then 1 else 0 end else 1 end) > 0
order by l.line_no desc
limit $n;

-- query: lines_of_person
-- purpose: the same for one person, by the person's index
-- in: before id, person_id id, user_name text?, screen text?, from_us time, to_us time, abnormal flag, n count
-- out: line_no id, time_us time, user_name text, terminal text, branch text, screen text, class text
-- out: purpose text, conditions text, person_id id, household_id id, persons count, result count, outcome count?, outcome_persons count?
-- rows: many
select l.line_no, l.time_us, l.user_name, l.terminal, l.branch, l.screen, l.class, l.purpose, l.conditions,
       l.person_id, l.household_id, l.persons, l.result, o.result, o.persons
from audit_line l
left join audit_line o on o.outcome_of = l.line_no
where l.person_id = $person_id and l.person_id > 0 and l.line_no < $before and l.outcome_of is null
  and l.time_us >= $from_us and l.time_us < $to_us
  and ($user_name is null or l.user_name = $user_name)
  and ($screen is null or l.screen = $screen)
  and (case when $abnormal = 1 then l.is_off_hours + case when l.result < 0 then 1 else 0 end else 1 end) > 0
order by l.line_no desc
limit $n;

-- query: lines_of_user
-- purpose: the same for one user, by the user's index
-- in: before id, user_name text, screen text?, from_us time, to_us time, abnormal flag, n count
-- out: line_no id, time_us time, user_name text, terminal text, branch text, screen text, class text
-- out: purpose text, conditions text, person_id id, household_id id, persons count, result count, outcome count?, outcome_persons count?
-- rows: many
select l.line_no, l.time_us, l.user_name, l.terminal, l.branch, l.screen, l.class, l.purpose, l.conditions,
       l.person_id, l.household_id, l.persons, l.result, o.result, o.persons
from audit_line l
left join audit_line o on o.outcome_of = l.line_no
where l.user_name = $user_name and l.line_no < $before and l.outcome_of is null
  and l.time_us >= $from_us and l.time_us < $to_us
  and ($screen is null or l.screen = $screen)
  and (case when $abnormal = 1 then l.is_off_hours + case when l.result < 0 then 1 else 0 end else 1 end) > 0
order by l.line_no desc
limit $n;

-- query: chain
-- purpose: every line of every chain in chain order, for verify
-- in: after_writer id, after_sequence count, n count
-- out: line_no id, writer_id id, sequence count, outcome_of id?, time_us time, user_id id, user_name text, terminal text, branch text
-- out: screen text, class text, is_off_hours flag, person_id id, household_id id, job_id id, purpose text, conditions text
-- out: persons count, result count, salt blob, content blob, link blob
-- rows: many
select line_no, writer_id, sequence, outcome_of, time_us, user_id, user_name, terminal, branch,
       screen, class, is_off_hours, person_id, household_id, job_id, purpose, conditions,
       persons, result, salt, content, link
from audit_line
where (writer_id, sequence) > ($after_writer, $after_sequence)
order by writer_id, sequence
limit $n;

-- query: writers
-- purpose: every writer, for verify and anchors
-- out: writer_id id, started_us time, host text, process count, seed blob
-- rows: many
select writer_id, started_us, host, process, seed from audit_writer order by writer_id;

-- query: anchors
-- purpose: every anchor by day
-- out: anchor_ymd day, last_line count, heads blob, journal_link count, journal_hash blob, anchor_hash blob
-- rows: many
select anchor_ymd, last_line, heads, journal_link, journal_hash, anchor_hash from audit_anchor order by anchor_ymd;

-- query: anchor_newest
-- purpose: the last anchor
-- out: anchor_ymd day, last_line count, anchor_hash blob
-- rows: maybe
select anchor_ymd, last_line, anchor_hash from audit_anchor order by anchor_ymd desc limit 1;

-- query: count_by_day
-- purpose: lines and abnormal lines in a period, for the home page and the review
-- in: from_us time, to_us time
-- out: lines count, off_hours count, refused count
-- rows: one
select count(*), count(*) filter (where is_off_hours = 1), count(*) filter (where result < 0 and outcome_of is null)
from audit_line where time_us >= $from_us and time_us < $to_us;

-- query: heads
-- purpose: the newest line of every chain that grew between two lines, for anchors
-- in: after_line id, last_line id
-- out: writer_id id, sequence count, link blob
-- rows: many
select l.writer_id, l.sequence, l.link
from audit_line l
join (select m.writer_id as writer_id, max(m.sequence) as newest from audit_line m
      where m.line_no > $after_line and m.line_no <= $last_line group by m.writer_id) h
  on h.writer_id = l.writer_id and h.newest = l.sequence
order by l.writer_id;

-- query: anchor_of
-- purpose: the anchor of a day
-- in: anchor_ymd day
-- out: last_line count, anchor_hash blob
-- rows: maybe
select last_line, anchor_hash from audit_anchor where anchor_ymd = $anchor_ymd;
