-- query: arrears_standing_of
-- purpose: how far households are behind on a day
-- in: household_ids id[]
-- out: household_id id, state count, has_reason flag, short_months count, blocks_limits flag
-- rows: many
select s.household_id, s.state, s.has_reason, s.short_months, s.blocks_limits
from arrears_standing s
where s.household_id in {in household_ids} and {asof s}
order by s.household_id, s.known_from;

-- query: arrears_standing_open
-- purpose: the standing of a household that stands now, to be replaced
-- in: household_id id
-- out: arrears_standing_id id, state count, has_reason flag, short_months count, blocks_limits flag, valid_from day, valid_to day?
-- rows: many
select s.arrears_standing_id, s.state, s.has_reason, s.short_months, s.blocks_limits, s.valid_from, s.valid_to
from arrears_standing s
where s.household_id = $household_id and {now s}
order by s.valid_from;

-- query: insured_after
-- purpose: who is insured on a day, by person id
-- in: after id, n count
-- out: person_id id
-- rows: many
select distinct e.person_id
from insured_period e
where e.person_id > $after and {asof e}
order by e.person_id
limit $n;

-- query: renewal_of_job
-- purpose: the renewal a job is drafting
-- in: job_id id
-- out: renewal_no count, renewal_ymd day, status count, drafted_by id, insured count
-- rows: maybe
select r.renewal_no, r.renewal_ymd, r.status, r.drafted_by, r.insured from renewal r where r.job_id = $job_id;

-- query: renewal_get
-- purpose: one renewal
-- in: renewal_no count
-- out: renewal_no count, renewal_ymd day, status count, drafted_by id, insured count
-- rows: maybe
select r.renewal_no, r.renewal_ymd, r.status, r.drafted_by, r.insured from renewal r where r.renewal_no = $renewal_no;

-- query: renewal_set
-- purpose: a renewal goes on
-- in: renewal_no count, status count, insured count
-- rows: exec
update renewal set status = $status, insured = $insured where renewal_no = $renewal_no;

-- query: renewal_counts
-- purpose: how many rows of a renewal have which kind and outcome
-- in: renewal_no count
-- out: family text, kind text, outcome count, n count
-- rows: many
select r.family, r.kind, r.outcome, count(*)
from renewal_row r
where r.renewal_no = $renewal_no
group by r.family, r.kind, r.outcome
order by r.family, r.kind, r.outcome;

-- query: renewal_documents
-- purpose: the documents of a renewal in the order in which they are issued and printed
-- in: renewal_no count
-- out: person_id id, family text, kind text, outcome count, share count, valid_until day?
-- rows: many
select r.person_id, r.family, r.kind, r.outcome, r.share, r.valid_until
from renewal_row r join person p on p.person_id = r.person_id left join household h on h.household_id = r.household_id
where r.renewal_no = $renewal_no and (r.outcome < 10 or r.outcome = 13)
order by r.family desc, r.kind, r.postal_code, h.household_no, p.person_no;

-- query: renewal_issued
-- purpose: what was issued for a row, and where it is printed
-- in: renewal_no count, person_id id, family text, outcome count, serial text?, stream count, position count
-- rows: exec
update renewal_row set outcome = $outcome, serial = $serial, stream = $stream, position = $position
where renewal_no = $renewal_no and person_id = $person_id and family = $family;

-- query: renewal_last_stream
-- purpose: how many streams and documents of a kind there are so far
-- in: renewal_no count, kind text
-- out: n count
-- rows: one
select count(*) from renewal_row r where r.renewal_no = $renewal_no and r.kind = $kind and r.stream > 0;

-- query: renewal_streams
-- purpose: the streams of a renewal
-- in: renewal_no count
-- out: kind text, stream count, n count
-- rows: many
select r.kind, r.stream, count(*)
from renewal_row r
where r.renewal_no = $renewal_no and r.stream > 0
group by r.kind, r.stream
order by r.kind, r.stream;

-- query: renewal_stream
-- purpose: the documents of one stream in their order, with what is printed on them
-- in: renewal_no count, kind text, stream count
-- out: person_id id, person_no text, serial text, layout text, layout_hash blob, print_data blob
-- rows: many
select r.person_id, p.person_no, x.serial, x.layout, x.layout_hash, x.print_data
from renewal_row r join certificate_print x on x.serial = r.serial join person p on p.person_id = r.person_id
where r.renewal_no = $renewal_no and r.kind = $kind and r.stream = $stream
order by r.position;
