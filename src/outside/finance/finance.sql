-- query: state_of
-- purpose: one thing the service knows of itself
-- in: name text
-- out: value count
-- rows: maybe
select s.value from finance_state s where s.name = $name;

-- query: state_new
-- purpose: begins to know it
-- in: name text, value count
-- rows: exec
insert into finance_state (name, value) values ($name, $value);

-- query: state_set
-- purpose: remembers it anew
-- in: name text, value count
-- rows: exec
update finance_state set value = $value where name = $name;

-- query: day_file_of
-- purpose: a file it took before
-- in: file_no text
-- out: sha256 text
-- rows: maybe
select f.sha256 from day_file f where f.file_no = $file_no;

-- query: day_file_put
-- purpose: a file it takes
-- in: file_no text, sha256 text, day_ymd day, records count, receipt_yen yen
-- rows: exec
insert into day_file (file_no, sha256, day_ymd, records, receipt_yen) values ($file_no, $sha256, $day_ymd, $records, $receipt_yen);

-- query: booked_put
-- purpose: a line of it
-- in: file_no text, line count, flow text, year count, fund text, subject text, yen yen
-- rows: exec
insert into booked (file_no, line, flow, year, fund, subject, yen) values ($file_no, $line, $flow, $year, $fund, $subject, $yen);

-- query: booked_sum
-- purpose: what it has booked for a day
-- in: day_ymd day, flow text
-- out: yen yen
-- rows: one
select cast(coalesce(sum(b.yen), 0) as bigint) from booked b join day_file f on f.file_no = b.file_no
where f.day_ymd = $day_ymd and b.flow = $flow;

-- query: order_of
-- purpose: an order it took before
-- in: reference text
-- out: order_no text, content text
-- rows: maybe
select o.order_no, o.content from payment_order o where o.reference = $reference;

-- query: order_put
-- purpose: an order it takes
-- in: reference text, order_no text, content text, taken_ymd day, total_yen yen
-- rows: exec
insert into payment_order (reference, order_no, content, taken_ymd, total_yen) values ($reference, $order_no, $content, $taken_ymd, $total_yen);
