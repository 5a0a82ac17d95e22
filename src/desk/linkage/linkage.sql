-- query: links
-- purpose: the register of links, by number
-- out: link_no text, name text, way text, partner text, partner_type text, purpose text, provision text, law text, layout text, cycle text, valid_from day, valid_to day?
-- rows: many
select l.link_no, l.name, l.way, l.partner, l.partner_type, l.purpose, l.provision, l.law, l.layout, l.cycle, l.valid_from, l.valid_to
from data_link l where {now l}
order by l.link_no;

-- query: link_by_no
-- purpose: one link as it stands
-- in: link_no text
-- out: data_link_id id, link_no text, name text, way text, partner text, partner_type text, purpose text, provision text, law text, layout text, cycle text, valid_from day, valid_to day?
-- rows: maybe
select l.data_link_id, l.link_no, l.name, l.way, l.partner, l.partner_type, l.purpose, l.provision, l.law, l.layout, l.cycle, l.valid_from, l.valid_to
from data_link l where l.link_no = $link_no and {now l};

-- query: uses
-- purpose: the approved applications of a link, newest first
-- in: link_no text
-- out: use_no count, applicant text, purpose text, law text, items text, entered_by text?, approved_by text?, valid_from day, valid_to day
-- rows: many
select u.use_no, u.applicant, u.purpose, u.law, u.items,
       (select a.full_name from user_account a where a.user_id = u.entered_by and {now a}),
       (select a.full_name from user_account a where a.user_id = u.approved_by and {now a}),
       u.valid_from, u.valid_to
from data_use u where u.link_no = $link_no and {now u}
order by u.use_no desc;

-- query: open_items
-- purpose: what a link is open for on a day
-- in: link_no text
-- out: items text
-- rows: many
select u.items from data_use u where u.link_no = $link_no and {asof u} order by u.use_no;

-- query: recipients
-- purpose: whom data may be given to and for what, out of the register: links that are open on the day
-- out: link_no text, name text, way text, partner text, purpose text, provision text, law text, items text, valid_from day, valid_to day
-- rows: many
select l.link_no, l.name, l.way, l.partner, l.purpose, l.provision, u.law, u.items, u.valid_from, u.valid_to
from data_link l join data_use u on u.link_no = l.link_no and {asof u}
where {now l} and l.way <> 'in'
order by l.partner, l.link_no, u.use_no;

-- query: system
-- purpose: a registered system of a link, as of
-- in: link_no text, system_no text
-- out: kind text, name text, public_key text
-- rows: maybe
select s.kind, s.name, s.public_key from link_system s
where s.link_no = $link_no and s.system_no = $system_no and {asof s};

-- query: systems
-- purpose: the systems and terminals registered for a link
-- in: link_no text
-- out: system_no text, kind text, name text, public_key text, valid_from day
-- rows: many
select s.system_no, s.kind, s.name, s.public_key, s.valid_from from link_system s
where s.link_no = $link_no and {now s} order by s.system_no;

-- query: transfers
-- purpose: the newest passings of data, of one link or of all, or only the refused ones
-- in: link_no text, refused_only flag, n count
-- out: transfer_id id, link_no text, way text, source text, target text, items text, people count, file_name text, user_name text, terminal text, at_us time, result text, reason text
-- rows: many
select t.transfer_id, t.link_no, t.way, t.source, t.target, t.items, t.people, t.file_name, t.user_name, t.terminal, t.at_us, t.result, t.reason
from transfer t
where ($link_no = '' or t.link_no = $link_no) and ($refused_only = 0 or t.result = 'refused')
order by t.transfer_id desc limit $n;

-- query: transfers_of_person
-- purpose: what went over links about one person, newest first
-- in: person_id id
-- out: link_no text, way text, source text, target text, items text, purpose text, user_name text, at_us time, result text
-- rows: many
select t.link_no, t.way, t.source, t.target, x.items, t.purpose, t.user_name, t.at_us, x.result
from transfer_person x join transfer t on t.transfer_id = x.transfer_id
where x.person_id = $person_id
order by x.transfer_person_id desc limit 200;

-- query: transfer_seen
-- purpose: has this file been taken before?
-- in: link_no text, sha256 text
-- out: transfer_id id
-- rows: maybe
select t.transfer_id from transfer t
where t.link_no = $link_no and t.sha256 = $sha256 and t.way = 'in' and t.result = 'taken' limit 1;

-- query: old_transfers
-- purpose: passings whose seven years are over
-- in: before day, n count
-- out: transfer_id id
-- rows: many
select t.transfer_id from transfer t where t.at_ymd < $before order by t.transfer_id limit $n;

-- query: old_people
-- purpose: lines about persons whose seven years are over
-- in: before day, n count
-- out: transfer_person_id id
-- rows: many
select x.transfer_person_id from transfer_person x where x.at_ymd < $before order by x.transfer_person_id limit $n;

-- query: insured_page
-- purpose: the next people who are insured on the day, by id
-- in: after id, n count
-- out: person_id id, acquired day, lost day?, symbol text?, insured_no text?, branch text?
-- rows: many
select i.person_id, i.valid_from, i.valid_to, h.symbol, h.number,
       (select max(b.branch) from branch_number b where b.person_id = i.person_id and b.symbol = h.symbol and b.number = h.number)
from insured_period i
left join membership m on m.person_id = i.person_id and {asof m}
left join insured_household h on h.household_id = m.household_id and {asof h}
where i.person_id > $after and {asof i}
order by i.person_id limit $n;

-- query: insured_one
-- purpose: the newest period of one person, with the number of the household he lives in on the day
-- in: person_id id
-- out: acquired day, lost day?, symbol text?, insured_no text?, branch text?
-- rows: maybe
select i.valid_from, i.valid_to, h.symbol, h.number,
       (select max(b.branch) from branch_number b where b.person_id = i.person_id and b.symbol = h.symbol and b.number = h.number)
from insured_period i
left join membership m on m.person_id = i.person_id and {asof m}
left join insured_household h on h.household_id = m.household_id and {asof h}
where i.person_id = $person_id and {known i}
order by i.valid_from desc limit 1;

-- query: levied
-- purpose: the newest decision of every one of these debtors
-- in: person_ids id[]
-- out: debtor_id id, fiscal_year count, total_yen yen
-- rows: many
select d.debtor_id, d.fiscal_year, cast(sum(d.total_yen) as bigint)
from decision d
where d.debtor_id in {in person_ids} and {now d}
  and d.fiscal_year = (select max(x.fiscal_year) from decision x where x.debtor_id = d.debtor_id and {now x})
group by d.debtor_id, d.fiscal_year;

-- query: mediums
-- purpose: the register of media, newest first
-- out: medium_no text, link_no text, purpose text, handed_to text, entered_by text?, approved_by text?, state text, state_ymd day
-- rows: many
select m.medium_no, m.link_no, m.purpose, m.handed_to,
       (select a.full_name from user_account a where a.user_id = m.entered_by and {now a}),
       (select a.full_name from user_account a where a.user_id = m.approved_by and {now a}),
       m.state, m.state_ymd
from medium m where {now m} order by m.medium_row_id desc limit 200;

-- query: medium_by_no
-- purpose: one medium as it stands
-- in: medium_no text
-- out: medium_row_id id, medium_no text, link_no text, purpose text, handed_to text, entered_by id, approved_by id, sha256 text, state text, state_ymd day, state_by id
-- rows: maybe
select m.medium_row_id, m.medium_no, m.link_no, m.purpose, m.handed_to, m.entered_by, m.approved_by, m.sha256, m.state, m.state_ymd, m.state_by
from medium m where m.medium_no = $medium_no and {now m};

-- query: disclosures
-- purpose: the requests of one person, newest first
-- in: person_id id
-- out: disclosure_id id, request_no count, kind text, requester text, identity count, is_proxy flag, proxy_document text, content text, received_ymd day, due_ymd day, extension text, decision text, decided_ymd day?, decided_by id, reason text
-- rows: many
select d.disclosure_id, d.request_no, d.kind, d.requester, d.identity, d.is_proxy, d.proxy_document, d.content, d.received_ymd, d.due_ymd, d.extension, d.decision, d.decided_ymd, d.decided_by, d.reason
from disclosure d where d.person_id = $person_id and {now d}
order by d.request_no desc;

-- query: disclosure_by_no
-- purpose: one request as it stands
-- in: request_no count
-- out: disclosure_id id, request_no count, person_id id, kind text, requester text, identity count, is_proxy flag, proxy_document text, content text, received_ymd day, due_ymd day, extension text, decision text, decided_ymd day?, decided_by id, reason text
-- rows: maybe
select d.disclosure_id, d.request_no, d.person_id, d.kind, d.requester, d.identity, d.is_proxy, d.proxy_document, d.content, d.received_ymd, d.due_ymd, d.extension, d.decision, d.decided_ymd, d.decided_by, d.reason
from disclosure d where d.request_no = $request_no and {now d};

-- query: disclosures_open
-- purpose: requests that wait for their decision, the nearest end of time first
-- out: request_no count, person_no text, kind text, received_ymd day, due_ymd day
-- rows: many
select d.request_no, p.person_no, d.kind, d.received_ymd, d.due_ymd
from disclosure d join person p on p.person_id = d.person_id
where d.decision = '' and {now d}
order by d.due_ymd, d.request_no limit 200;

-- query: decided_disclosures
-- purpose: decisions on requests of one person, for the register of decisions
-- in: person_id id
-- out: request_no count, kind text, decision text, decided_ymd day?, reason text, officer text?, known_from id
-- rows: many
select d.request_no, d.kind, d.decision, d.decided_ymd, d.reason,
       (select a.full_name from user_account a where a.user_id = d.decided_by and {now a}), d.known_from
from disclosure d where d.person_id = $person_id and d.decision <> '' and {now d}
order by d.request_no desc;

-- query: slips
-- purpose: reception slips, those without an answer first
-- in: overdue_only flag, today day, n count
-- out: slip_no count, received_ymd day, caller text, content text, is_serious flag, due_ymd day, answer text, answered_ymd day?
-- rows: many
select s.slip_no, s.received_ymd, s.caller, s.content, s.is_serious, s.due_ymd, s.answer, s.answered_ymd
from reception_slip s
where {now s} and ($overdue_only = 0 or (s.answered_ymd is null and s.due_ymd < $today) or s.answered_ymd > s.due_ymd)
order by case when s.answered_ymd is null then 0 else 1 end, s.is_serious desc, s.due_ymd, s.slip_no limit $n;

-- query: slip_by_no
-- purpose: one slip as it stands
-- in: slip_no count
-- out: slip_id id, slip_no count, received_ymd day, caller text, content text, is_serious flag, due_ymd day, answer text, answered_ymd day?, entered_by id
-- rows: maybe
select s.slip_id, s.slip_no, s.received_ymd, s.caller, s.content, s.is_serious, s.due_ymd, s.answer, s.answered_ymd, s.entered_by
from reception_slip s where s.slip_no = $slip_no and {now s};

-- query: homes_of_person
-- purpose: every household a person lived in, with the days, for the extract
-- in: person_id id
-- out: household_id id, valid_from day, valid_to day?, is_head flag
-- rows: many
select m.household_id, m.valid_from, m.valid_to, m.is_head from membership m
where m.person_id = $person_id and {now m} order by m.valid_from;
