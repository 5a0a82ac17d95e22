-- Certificates (証): the register, the facts a document is decided from, what is printed.

-- query: holders
-- purpose: what is known of people that decides their documents and stands on them, as of
-- in: ids id[]
-- out: person_id id, person_no text, birth_ymd day?, sex text, name text, kana text?, name_kind text, real_name text?, real_kana text?
-- out: stay_until day?, placed_household id?, review_ymd day?, placed_to day?, home_household id?, symbol text?, number text?, branch text?, acquired_ymd day?
-- out: has_card flag, wants_confirmation flag, wants_notice flag, undelivered flag
-- rows: many
select p.person_id, p.person_no, i.birth_ymd, i.sex, n.name, n.kana, n.kind, rn.name, rn.kana,
  f.stay_until, x.household_id, x.review_ymd, x.valid_to, m.household_id, ih.symbol, ih.number,
  (select max(b.branch) from branch_number b where b.person_id = p.person_id and b.number = ih.number and b.symbol = ih.symbol),
  e.valid_from,
  case when exists (select 1 from card_registration r where r.person_id = p.person_id and {asof r}) then 1 else 0 end,
  case when exists (select 1 from certificate_wish w where w.person_id = p.person_id and w.kind = 'confirmation' and {asof w}) then 1 else 0 end,
  case when exists (select 1 from certificate_wish v where v.person_id = p.person_id and v.kind = 'notice' and {asof v}) then 1 else 0 end,
  case when (select g.how from certificate c join certificate_handover g on g.serial = c.serial
    where c.person_id = p.person_id and {known c} order by g.known_from desc limit 1) = 'undelivered' then 1 else 0 end
from person p
join person_identity i on i.person_id = p.person_id and {known i}
join person_name n on n.person_id = p.person_id and n.is_used = 1 and {asof n}
left join person_name rn on rn.person_id = p.person_id and rn.kind = 'real' and rn.is_used = 0 and {asof rn}
left join foreign_status f on f.person_id = p.person_id and {asof f}
left join placement x on x.person_id = p.person_id and {asof x}
left join membership m on m.person_id = p.person_id and {asof m}
left join insured_household ih on ih.household_id = coalesce(x.household_id, m.household_id) and {asof ih}
left join insured_period e on e.person_id = p.person_id and {asof e}
where p.person_id in {in ids}
order by p.person_id;

-- query: places_of_use
-- purpose: where people who stay elsewhere use their documents on a day, and when we were told
-- in: ids id[]
-- out: person_id id, postal_code text?, prefecture text, city text, town text, number text, building text?, told day
-- rows: many
select x.person_id, x.postal_code, x.prefecture, x.city, x.town, x.number, x.building, v.received
from placement x
join event v on v.event_no = x.known_from
where x.person_id in {in ids} and {asof x} and x.city is not null
order by x.person_id, x.valid_from;

-- query: household_insured
-- purpose: who is insured in a household on a day: its members, and those placed in it
-- in: household_id id
-- out: person_id id
-- rows: many
select m.person_id
from membership m
join insured_period e on e.person_id = m.person_id and {asof e}
where m.household_id = $household_id and {asof m}
  and not exists (select 1 from placement y where y.person_id = m.person_id and y.household_id <> $household_id and {asof y})
union
select x.person_id
from placement x
join insured_period e on e.person_id = x.person_id and {asof e}
where x.household_id = $household_id and {asof x}
order by 1;

-- query: held_of
-- purpose: every document issued to people, and those of some serials, with what became of it, newest first
-- in: ids id[], serials text[]
-- out: person_id id, certificate_id id, kind text, family text, serial text, symbol text, number text, branch text, face_name text, face_kana text?, real_name text?, real_kana text?
-- out: is_sex_on_back flag, is_undisclosed flag, issued_ymd day, effective_ymd day?, valid_until day?, issue_count count, cause text?, share count, division count, limit_yen yen, disease count
-- out: long_stay_ymd day?, place text?, issued_by text?, returned_ymd day?, return_reason text?, return_cause_ymd day?, insured flag, newer flag, how text?, confirmed flag?, handed_at time?, handed_by text?, person_no text, name text?
-- rows: many
select c.person_id, c.certificate_id, c.kind, c.family, c.serial, c.symbol, c.number, c.branch, c.face_name, c.face_kana, c.real_name, c.real_kana,
  c.is_sex_on_back, c.is_undisclosed, c.issued_ymd, c.effective_ymd, c.valid_until, c.issue_count, c.cause, c.share, c.division, c.limit_yen, c.disease,
  c.long_stay_ymd, c.place, c.issued_by, c.returned_ymd, c.return_reason, c.return_cause_ymd,
  case when exists (select 1 from insured_period e where e.person_id = c.person_id and {asof e}) then 1 else 0 end,
  case when exists (select 1 from certificate d where d.person_id = c.person_id and d.family = c.family and {known d}
    and (d.issued_ymd > c.issued_ymd or (d.issued_ymd = c.issued_ymd and d.serial > c.serial))) then 1 else 0 end,
  h.how, h.is_confirmed, h.at, h.user_name, p.person_no, n.name
from certificate c
join person p on p.person_id = c.person_id
left join person_name n on n.person_id = c.person_id and n.is_used = 1 and {asof n}
left join certificate_handover h on h.serial = c.serial and h.certificate_handover_id =
  (select max(g.certificate_handover_id) from certificate_handover g where g.serial = c.serial)
where (c.person_id in {in ids} or c.serial in {in serials}) and {known c}
order by c.person_id, c.issued_ymd desc, c.serial desc;

-- query: serials_to_return
-- purpose: documents that must come back and have not, by serial
-- in: after text, day day, old_kinds text[], n count
-- out: serial text
-- rows: many
select c.serial
from certificate c
where c.serial > $after and {known c} and c.returned_ymd is null and c.kind not in ('notice', 'special_notice')
  and (c.valid_until is null or c.valid_until >= $day) and not (c.kind in {in old_kinds})
  and (not exists (select 1 from insured_period u where u.person_id = c.person_id and {asof u})
    or exists (select 1 from certificate v where v.person_id = c.person_id and v.family = c.family and {known v}
      and (v.issued_ymd > c.issued_ymd or (v.issued_ymd = c.issued_ymd and v.serial > c.serial))))
order by c.serial
limit $n;

-- query: special_serials
-- purpose: documents of the arrears side by serial: all of them, or those that are still out
-- in: after text, open_only flag, day day, n count
-- out: serial text
-- rows: many
select c.serial
from certificate c
where c.serial > $after and {known c} and c.kind in ('short_card', 'qualification', 'special_confirmation', 'special_notice')
  and ($open_only = 0 or (c.returned_ymd is null and (c.valid_until is null or c.valid_until >= $day)))
order by c.serial
limit $n;

-- query: last_serial
-- purpose: the greatest serial of the register
-- out: serial text?
-- rows: one
select max(c.serial) from certificate c;

-- query: issued_counts
-- purpose: how many documents of a family people were given
-- in: ids id[]
-- out: person_id id, family text, n count
-- rows: many
select c.person_id, c.family, max(c.issue_count)
from certificate c
where c.person_id in {in ids} and {now c}
group by c.person_id, c.family
order by c.person_id, c.family;

-- query: certificates_in_force
-- purpose: documents of people that have not come back, to be ended by a newer one
-- in: ids id[]
-- out: person_id id, certificate_id id, family text, serial text
-- rows: many
select c.person_id, c.certificate_id, c.family, c.serial
from certificate c
where c.person_id in {in ids} and c.returned_ymd is null and {now c}
order by c.person_id, c.family, c.issued_ymd desc, c.serial desc;

-- query: certificate_row
-- purpose: the whole newest row of a document, for the one that replaces it
-- in: serial text
-- out: certificate_id id, person_id id, kind text, family text, symbol text, number text, branch text, face_name text, face_kana text?, real_name text?, real_kana text?
-- out: is_sex_on_back flag, is_undisclosed flag, issued_ymd day, effective_ymd day?, valid_until day?, issue_count count, cause text?, share count, division count, limit_yen yen, disease count
-- out: long_stay_ymd day?, place text?, issued_by text?, returned_ymd day?
-- rows: maybe
select c.certificate_id, c.person_id, c.kind, c.family, c.symbol, c.number, c.branch, c.face_name, c.face_kana, c.real_name, c.real_kana,
  c.is_sex_on_back, c.is_undisclosed, c.issued_ymd, c.effective_ymd, c.valid_until, c.issue_count, c.cause, c.share, c.division, c.limit_yen, c.disease,
  c.long_stay_ymd, c.place, c.issued_by, c.returned_ymd
from certificate c
where c.serial = $serial and {now c};

-- query: newest_period
-- purpose: the newest period of a person: why and since when he is insured no more
-- in: person_id id
-- out: valid_to day?, lost_by text?
-- rows: many
select e.valid_to, e.lost_by
from insured_period e
where e.person_id = $person_id and {known e}
order by e.valid_from desc
limit 1;

-- query: print_of
-- purpose: what was printed on a document
-- in: serial text
-- out: layout text, layout_hash blob, print_data blob, pulled count
-- rows: maybe
select x.layout, x.layout_hash, x.print_data, x.pulled
from certificate_print x
where x.serial = $serial;

-- query: open_cards
-- purpose: the card registrations of a person that stand
-- in: person_id id
-- out: card_registration_id id, valid_from day, valid_to day?, source text
-- rows: many
select r.card_registration_id, r.valid_from, r.valid_to, r.source
from card_registration r
where r.person_id = $person_id and {now r}
order by r.valid_from;

-- query: open_wishes
-- purpose: the wishes of a person that stand
-- in: person_id id
-- out: certificate_wish_id id, kind text, reason text, valid_from day, valid_to day?
-- rows: many
select x.certificate_wish_id, x.kind, x.reason, x.valid_from, x.valid_to
from certificate_wish x
where x.person_id = $person_id and {now x}
order by x.kind, x.valid_from;

-- query: open_numbers
-- purpose: the symbol and number a household stands under, with the row
-- in: household_id id
-- out: insured_household_id id, symbol text, number text, valid_from day, valid_to day?
-- rows: many
select h.insured_household_id, h.symbol, h.number, h.valid_from, h.valid_to
from insured_household h
where h.household_id = $household_id and {now h}
order by h.valid_from;

-- query: branches_of_number
-- purpose: every branch number ever given under a symbol and number
-- in: symbol text, number text
-- out: person_id id, branch text
-- rows: many
select b.person_id, b.branch
from branch_number b
where b.number = $number and b.symbol = $symbol
order by b.branch;

-- query: issued_by_event
-- purpose: the serials an event gave to people
-- in: ids id[], event_no id
-- out: person_id id, kind text, serial text
-- rows: many
select c.person_id, c.kind, c.serial
from certificate c
where c.person_id in {in ids} and c.known_from = $event_no and c.returned_ymd is null
order by c.person_id, c.kind;

-- query: certificates_after
-- purpose: every document of the register by serial, for a file
-- in: after text, n count, known id
-- out: person_no text, kind text, serial text, symbol text, number text, branch text, face_name text, face_kana text?, real_name text?, real_kana text?
-- out: is_sex_on_back flag, is_undisclosed flag, issued_ymd day, effective_ymd day?, valid_until day?, issue_count count, cause text?, share count, division count
-- out: long_stay_ymd day?, limit_yen yen, disease count, returned_ymd day?, return_reason text?, return_cause_ymd day?
-- rows: many
select p.person_no, c.kind, c.serial, c.symbol, c.number, c.branch, c.face_name, c.face_kana, c.real_name, c.real_kana,
  c.is_sex_on_back, c.is_undisclosed, c.issued_ymd, c.effective_ymd, c.valid_until, c.issue_count, c.cause, c.share, c.division,
  c.long_stay_ymd, c.limit_yen, c.disease, c.returned_ymd, c.return_reason, c.return_cause_ymd
from certificate c join person p on p.person_id = c.person_id
where c.serial > $after and {known c}
order by c.serial
limit $n;
