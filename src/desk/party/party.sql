-- query: person_with_number
-- purpose: people who have or had a number
-- in: number text, kind text
-- out: person_id id
-- rows: many
select n.person_id
from person_number n
where n.number = $number and n.kind = $kind and {now n}
group by n.person_id
order by n.person_id
limit 100;

-- query: household_with_number
-- purpose: the household with a number
-- in: number text
-- out: household_id id
-- rows: maybe
select h.household_id
from household h
where h.household_no = $number;

-- query: people_rows
-- purpose: everything a page or list shows of people, as of; protection as it stands at the same time
-- in: ids id[]
-- out: person_id id, person_no text, name text?, kana text?, name_kind text?, real_name text?
-- out: birth_ymd day?, sex text, death_ymd day?, residency_kind text?, nationality text?, stay_status text?, stay_until day?
-- out: household_id id?, household_no text?, relation text?, is_head flag?, head_id id?, head_name text?
-- out: postal_code text?, prefecture text?, city text?, town text?, number text?, building text?, is_protected flag
-- rows: many
select p.person_id, p.person_no, n.name, n.kana, n.kind, rn.name, i.birth_ymd, i.sex, i.death_ymd, s.kind,
  f.nationality, f.stay_status, f.stay_until, m.household_id, h.household_no, m.relation, m.is_head, hm.person_id, hn.name,
  a.postal_code, a.prefecture, a.city, a.town, a.number, a.building,
  case when exists (select 1 from protection x where x.person_id = p.person_id and {asof x})
         or exists (select 1 from membership mm join protection x on x.person_id = mm.person_id and {asof x}
                    where mm.household_id = m.household_id and {asof mm}) then 1 else 0 end
from person p
join person_identity i on i.person_id = p.person_id and {known i}
left join person_name n on n.person_id = p.person_id and n.is_used = 1 and {asof n}
left join person_name rn on rn.person_id = p.person_id and rn.kind = 'real' and rn.is_used = 0 and {asof rn}
left join residency s on s.person_id = p.person_id and {asof s}
left join foreign_status f on f.person_id = p.person_id and {asof f}
left join membership m on m.person_id = p.person_id and {asof m}
left join household h on h.household_id = m.household_id
left join membership hm on hm.household_id = m.household_id and hm.is_head = 1 and {asof hm}
left join person_name hn on hn.person_id = hm.person_id and hn.is_used = 1 and {asof hn}
left join address a on a.household_id = m.household_id and a.kind = 'residence' and {asof a}
where p.person_id in {in ids}
order by p.person_id;

-- query: protected_people
-- purpose: which of the people are protected, themselves or through somebody they live with
-- in: ids id[]
-- out: person_id id
-- rows: many
select p.person_id
from person p
where p.person_id in {in ids}
  and (exists (select 1 from protection x where x.person_id = p.person_id and {asof x})
    or exists (select 1 from membership m
               join membership mm on mm.household_id = m.household_id and {asof mm}
               join protection x on x.person_id = mm.person_id and {asof x}
               where m.person_id = p.person_id and {asof m}))
order by p.person_id;

-- query: last_facts
-- purpose: of people who have left: where they lived last, why they are off the register, their newest name in use; latest first
-- in: ids id[]
-- out: person_id id, part count, valid_from day, household_id id, household_no text, relation text, is_head count
-- out: ended_by text?, name text, kana text?, name_kind text
-- rows: many
select m.person_id as person_id, cast(1 as bigint) as part, m.valid_from as valid_from, m.household_id as household_id,
  h.household_no as household_no, m.relation as relation, cast(m.is_head as bigint) as is_head,
  cast(null as text) as ended_by, '' as name, cast(null as text) as kana, '' as name_kind
from membership m
join household h on h.household_id = m.household_id
where m.person_id in {in ids} and {known m}
union all
select s.person_id, cast(2 as bigint), s.valid_from, cast(0 as bigint), '', '', cast(0 as bigint),
  s.ended_by, '', cast(null as text), ''
from residency s
where s.person_id in {in ids} and {known s}
union all
select n.person_id, cast(3 as bigint), n.valid_from, cast(0 as bigint), '', '', cast(0 as bigint),
  cast(null as text), n.name, n.kana, n.kind
from person_name n
where n.person_id in {in ids} and n.is_used = 1 and {known n}
order by part, person_id, valid_from desc;

-- query: home_members
-- purpose: everybody who lives or lived in a household, by its id or (id 0) its number; stays in order
-- in: household_id id, household_no text
-- out: household_id id, household_no text, person_id id, relation text, is_head flag, valid_from day, valid_to day?
-- rows: many
select h.household_id, h.household_no, m.person_id, m.relation, m.is_head, m.valid_from, m.valid_to
from household h
join membership m on m.household_id = h.household_id and {known m}
where h.household_id = (case when $household_id <> 0 then $household_id
  else (select x.household_id from household x where x.household_no = $household_no) end)
order by m.person_id, m.valid_from;

-- query: own_addresses
-- purpose: addresses of people themselves: sending addresses, where they came from and went to
-- in: ids id[], business text
-- out: person_id id, kind text, business text, postal_code text?, prefecture text, city text, town text, number text, building text?, addressee text?, valid_from day
-- rows: many
select a.person_id, a.kind, a.business, a.postal_code, a.prefecture, a.city, a.town, a.number, a.building, a.addressee, a.valid_from
from address a
where a.person_id in {in ids} and a.business in ('all', $business) and {asof a}
order by a.person_id, a.valid_from desc;

-- query: search_kana
-- purpose: people whose kana begins so, by kana
-- in: low text, high text, n count
-- out: person_id id
-- rows: many
select n.person_id
from person_name n
where n.kana_fold >= $low and n.kana_fold < $high and {now n}
group by n.person_id
order by min(n.kana_sort), n.person_id
limit $n;

-- query: search_day
-- purpose: people born on a day
-- in: day day, n count
-- out: person_id id
-- rows: many
select i.person_id
from person_identity i
where i.birth_ymd = $day and {now i}
order by i.person_id
limit $n;

-- query: search_gram_names
-- purpose: people one of whose names holds every pair of characters
-- in: grams text[], n_grams count, n count
-- out: person_id id
-- rows: many
select g.owner_id
from search_gram g
where g.kind = 'n' and g.gram in {in grams}
group by g.owner_id
having count(distinct g.gram) = $n_grams
limit $n;

-- query: search_gram_homes
-- purpose: households one of whose addresses holds every pair of characters
-- in: grams text[], n_grams count, n count
-- out: household_id id
-- rows: many
select g.owner_id
from search_gram g
where g.kind = 'a' and g.gram in {in grams}
group by g.owner_id
having count(distinct g.gram) = $n_grams
limit $n;

-- query: search_one_name
-- purpose: people one of whose names holds a character
-- in: low text, high text, n count
-- out: person_id id
-- rows: many
select g.owner_id
from search_gram g
where g.kind = 'n' and g.gram >= $low and g.gram < $high
group by g.owner_id
limit $n;

-- query: names_of
-- purpose: every name of candidates, folded, to see whether the pairs stand together
-- in: ids id[]
-- out: person_id id, name_fold text
-- rows: many
select n.person_id, n.name_fold
from person_name n
where n.person_id in {in ids} and {now n}
order by n.person_id;

-- query: addresses_of
-- purpose: every address of candidate households, folded
-- in: ids id[]
-- out: household_id id, address_fold text
-- rows: many
select a.household_id, a.address_fold
from address a
where a.household_id in {in ids} and {now a}
order by a.household_id;

-- query: sorted_by_kana
-- purpose: candidates by kana sort key
-- in: ids id[], n count
-- out: person_id id
-- rows: many
select n.person_id
from person_name n
where n.person_id in {in ids} and {now n}
group by n.person_id
order by min(n.kana_sort), n.person_id
limit $n;

-- query: households_people
-- purpose: everybody who lives or lived in households
-- in: ids id[]
-- out: person_id id
-- rows: many
select m.person_id
from membership m
where m.household_id in {in ids} and {now m}
group by m.person_id
order by m.person_id;

-- query: people_by_no
-- purpose: people with any of the numbers
-- in: nos text[]
-- out: person_id id, number text
-- rows: many
select n.person_id, n.number
from person_number n
where n.number in {in nos} and n.kind = 'addressee' and {now n}
order by n.number;

-- query: households_by_no
-- purpose: households with any of the numbers
-- in: nos text[]
-- out: household_id id, household_no text
-- rows: many
select h.household_id, h.household_no
from household h
where h.household_no in {in nos}
order by h.household_no;

-- query: states_rows
-- purpose: the facts open now of people, with their rows, for feeds that compare and replace
-- in: ids id[]
-- out: person_id id, identity_id id, is_corporation flag, birth_ymd day?, birth_note text?, sex text, death_ymd day?
-- out: name_id id?, name_kind text?, name text?, kana text?, name_from day?, membership_id id?, household_id id?, relation text?, is_head flag?, member_from day?
-- out: residency_id id?, started_by text?, resident_from day?, address_id id?, postal_code text?, town_code text?, city_code text?, prefecture text?, city text?
-- out: town text?, number text?, building text?, address_from day?
-- rows: many
select i.person_id, i.identity_id, case when i.kind = 'corporation' then 1 else 0 end, i.birth_ymd, i.birth_note, i.sex, i.death_ymd,
  n.name_id, n.kind, n.name, n.kana, n.valid_from, m.membership_id, m.household_id, m.relation, m.is_head, m.valid_from,
  s.residency_id, s.started_by, s.valid_from, a.address_id, a.postal_code, a.town_code, a.city_code, a.prefecture, a.city,
  a.town, a.number, a.building, a.valid_from
from person_identity i
left join person_name n on n.person_id = i.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = i.person_id and {asof m}
left join residency s on s.person_id = i.person_id and s.kind = 'resident' and {asof s}
left join address a on a.household_id = m.household_id and a.kind = 'residence' and {asof a}
where i.person_id in {in ids} and {now i}
order by i.person_id;

-- query: import_seen
-- purpose: a file of the kind with the digest
-- in: kind text, sha256 text
-- out: import_file_id id
-- rows: maybe
select f.import_file_id
from import_file f
where f.kind = $kind and f.sha256 = $sha256;

-- query: import_problems_of
-- purpose: the lines of a job that were not taken
-- in: job_id id
-- out: line count, field text, value text, reason text
-- rows: many
select e.line, e.field, e.value, e.reason
from import_error e
where e.job_id = $job_id
order by e.line, e.import_error_id;

-- query: import_problems_clear
-- purpose: a job that runs again lists its bad lines anew
-- in: job_id id
-- rows: exec
delete from import_error where job_id = $job_id;

-- query: person_numbers
-- purpose: every number of a person
-- in: person_id id
-- out: number_id id, kind text, number text, valid_from day, valid_to day?, known_from id
-- rows: many
select n.number_id, n.kind, n.number, n.valid_from, n.valid_to, n.known_from
from person_number n
where n.person_id = $person_id and {known n}
order by n.kind, n.valid_from, n.number_id;

-- query: person_names
-- purpose: every name of a person
-- in: person_id id
-- out: name_id id, kind text, name text, kana text?, is_used flag, valid_from day, valid_to day?, known_from id
-- rows: many
select n.name_id, n.kind, n.name, n.kana, n.is_used, n.valid_from, n.valid_to, n.known_from
from person_name n
where n.person_id = $person_id and {known n}
order by n.is_used desc, n.valid_from desc, n.name_id;

-- query: person_identities
-- purpose: what a person was born with, corrections left out
-- in: person_id id
-- out: identity_id id, kind text, birth_ymd day?, birth_note text?, sex text, death_ymd day?
-- rows: maybe
select i.identity_id, i.kind, i.birth_ymd, i.birth_note, i.sex, i.death_ymd
from person_identity i
where i.person_id = $person_id and {known i};

-- query: person_residencies
-- purpose: when a person was a resident or known as a non-resident
-- in: person_id id
-- out: residency_id id, kind text, started_by text, ended_by text?, is_provisional flag, valid_from day, valid_to day?, known_from id
-- rows: many
select r.residency_id, r.kind, r.started_by, r.ended_by, r.is_provisional, r.valid_from, r.valid_to, r.known_from
from residency r
where r.person_id = $person_id and {known r}
order by r.valid_from desc, r.residency_id;

-- query: person_stays
-- purpose: the households a person lived in, with the relation
-- in: person_id id
-- out: membership_id id, household_no text, relation text, is_head flag, valid_from day, valid_to day?, known_from id
-- rows: many
select m.membership_id, h.household_no, m.relation, m.is_head, m.valid_from, m.valid_to, m.known_from
from membership m
join household h on h.household_id = m.household_id
where m.person_id = $person_id and {known m}
order by m.valid_from desc, m.membership_id;

-- query: person_addresses
-- purpose: a person's own addresses: sending addresses, where he came from and went to, of a non-resident
-- in: person_id id
-- out: address_id id, kind text, business text, postal_code text?, city_code text?, town_code text?, prefecture text, city text, town text, number text, building text?, addressee text?, valid_from day, valid_to day?, known_from id
-- rows: many
select a.address_id, a.kind, a.business, a.postal_code, a.city_code, a.town_code, a.prefecture, a.city, a.town, a.number,
  a.building, a.addressee, a.valid_from, a.valid_to, a.known_from
from address a
where a.person_id = $person_id and {known a}
order by a.kind, a.valid_from desc, a.address_id;

-- query: person_contacts
-- purpose: telephone numbers and the like of a person
-- in: person_id id
-- out: contact_id id, kind text, value text, source text, note text?, valid_from day, valid_to day?, known_from id
-- rows: many
select c.contact_id, c.kind, c.value, c.source, c.note, c.valid_from, c.valid_to, c.known_from
from contact c
where c.person_id = $person_id and {known c}
order by c.valid_from desc, c.contact_id;

-- query: person_accounts
-- purpose: bank accounts of a person
-- in: person_id id
-- out: account_id id, business text, purpose text, bank_code text, branch_code text, kind text, account_no text, holder text, is_public flag, source text, source_ymd day, valid_from day, valid_to day?, known_from id
-- rows: many
select a.account_id, a.business, a.purpose, a.bank_code, a.branch_code, a.kind, a.account_no, a.holder, a.is_public,
  a.source, a.source_ymd, a.valid_from, a.valid_to, a.known_from
from account a
where a.person_id = $person_id and {known a}
order by a.purpose, a.valid_from desc, a.account_id;

-- query: agents_of
-- purpose: who acts for people
-- in: ids id[]
-- out: person_id id, agent_id id, kind text, business text, agent_no text?, agent_person_id id?, name text, kana text?, postal_code text?, prefecture text, city text, town text, number text
-- out: building text?, phone text?, document text, document_ymd day, takes_mail flag, valid_from day, valid_to day?, known_from id
-- rows: many
select g.person_id, g.agent_id, g.kind, g.business, q.person_no, g.agent_person_id, g.name, g.kana, g.postal_code, g.prefecture, g.city,
  g.town, g.number, g.building, g.phone, g.document, g.document_ymd, g.takes_mail, g.valid_from, g.valid_to, g.known_from
from agent g
left join person q on q.person_id = g.agent_person_id
where g.person_id in {in ids} and {known g}
order by g.person_id, g.valid_from desc, g.agent_id;

-- query: person_protections
-- purpose: protection marks of a person
-- in: person_id id
-- out: protection_id id, kind text, decision_no text, valid_from day, valid_to day?, known_from id
-- rows: many
select x.protection_id, x.kind, x.decision_no, x.valid_from, x.valid_to, x.known_from
from protection x
where x.person_id = $person_id and {known x}
order by x.valid_from desc, x.protection_id;

-- query: person_merges
-- purpose: links of a person, as follower and as leader
-- in: person_id id
-- out: merge_link_id id, person_id id, person_no text, leading_id id, leading_no text, reason text, valid_from day, valid_to day?, known_from id
-- rows: many
select m.merge_link_id, m.person_id, p.person_no, m.leading_id, l.person_no, m.reason, m.valid_from, m.valid_to, m.known_from
from merge_link m
join person p on p.person_id = m.person_id
join person l on l.person_id = m.leading_id
where m.merge_link_id in (select x.merge_link_id from merge_link x where x.person_id = $person_id
    union select y.merge_link_id from merge_link y where y.leading_id = $person_id) and {known m}
order by m.valid_from desc, m.merge_link_id;

-- query: leaders
-- purpose: by whom people are led, as of
-- in: ids id[]
-- out: person_id id, leading_id id
-- rows: many
select m.person_id, m.leading_id
from merge_link m
where m.person_id in {in ids} and {asof m}
order by m.person_id;

-- query: followers
-- purpose: whom a person leads, as of
-- in: person_id id
-- out: person_id id
-- rows: many
select m.person_id
from merge_link m
where m.leading_id = $person_id and {asof m}
order by m.person_id;

-- query: lead_links
-- purpose: every link in force, as of; whoever counts people counts the leading number
-- out: person_id id, leading_id id
-- rows: many
select m.person_id, m.leading_id
from merge_link m
where {asof m}
order by m.leading_id, m.person_id;

-- query: links_known
-- purpose: every link, in force or ended, for the file that is handed over
-- out: person_no text, leading_no text, valid_from day, valid_to day?
-- rows: many
select p.person_no, l.person_no, m.valid_from, m.valid_to
from merge_link m
join person p on p.person_id = m.person_id
join person l on l.person_id = m.leading_id
where {known m}
order by l.person_no, p.person_no, m.valid_from;

-- query: alike_people
-- purpose: people with the same reading, or with the same name and day of birth
-- in: name_fold text, kana_fold text?, birth day?, n count
-- out: person_id id
-- rows: many
select c.person_id
from (select n.person_id as person_id from person_name n where n.kana_fold = $kana_fold and {now n}
  union
  select i.person_id from person_identity i
  join person_name m on m.person_id = i.person_id and m.name_fold = $name_fold and {now m}
  where i.birth_ymd = $birth and {now i}) c
order by c.person_id
limit $n;

-- query: alike_items
-- purpose: the five items of people as they are compared
-- in: ids id[]
-- out: person_id id, person_no text, name_fold text?, kana_fold text?, birth_ymd day?, sex text, home_fold text?, own_fold text?
-- rows: many
select p.person_id, p.person_no, n.name_fold, n.kana_fold, i.birth_ymd, i.sex, a.address_fold, b.address_fold
from person p
join person_identity i on i.person_id = p.person_id and {now i}
left join person_name n on n.person_id = p.person_id and {asof n}
left join membership m on m.person_id = p.person_id and {asof m}
left join address a on a.household_id = m.household_id and a.kind = 'residence' and {asof a}
left join address b on b.person_id = p.person_id and b.kind = 'nonresident' and {asof b}
where p.person_id in {in ids}
order by p.person_id;

-- query: person_dealings
-- purpose: how much of this desk hangs on a person: memberships, accounts, agents, links
-- in: person_id id
-- out: n count
-- rows: one
select cast((select count(*) from membership m where m.person_id = $person_id and {now m})
  + (select count(*) from account a where a.person_id = $person_id and {now a})
  + (select count(*) from agent g where g.person_id = $person_id and {now g})
  + (select count(*) from agent h where h.agent_person_id = $person_id and {now h})
  + (select count(*) from merge_link k where k.person_id = $person_id and {now k})
  + (select count(*) from merge_link l where l.leading_id = $person_id and {now l}) as bigint);

-- query: match_clear
-- purpose: the list of pairs is written anew
-- rows: exec
delete from name_match;

-- query: match_pairs
-- purpose: pairs of living people with the same reading and day of birth that no link joins, with how many of five items are the same
-- out: person_id id, other_id id, same_items count
-- rows: many
with living as materialized (
  select n.person_id, n.kana_fold, n.name_fold, i.birth_ymd, i.sex
  from person_name n join person_identity i on i.person_id = n.person_id and {known i} and i.death_ymd is null
  where n.is_used = 1 and {asof n})
select a.person_id, b.person_id,
  cast(2 + (case when a.name_fold = b.name_fold then 1 else 0 end) + (case when a.sex = b.sex then 1 else 0 end)
    + (case when exists (select 1 from address x join address y on y.address_fold = x.address_fold
        where ((x.person_id = a.person_id and x.kind = 'nonresident') or x.household_id in
            (select m.household_id from membership m where m.person_id = a.person_id and {asof m}))
          and ((y.person_id = b.person_id and y.kind = 'nonresident') or y.household_id in
            (select k.household_id from membership k where k.person_id = b.person_id and {asof k}))
          and {asof x} and {asof y}) then 1 else 0 end) as bigint)
from living a
join living b on b.birth_ymd = a.birth_ymd and b.kana_fold = a.kana_fold and b.person_id > a.person_id
where not exists (select 1 from merge_link l where l.person_id = a.person_id and l.leading_id = b.person_id and {asof l})
  and not exists (select 1 from merge_link n where n.person_id = b.person_id and n.leading_id = a.person_id and {asof n})
order by a.person_id, b.person_id;
