-- query: check_head
-- purpose: households in which people live, without exactly one head
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select cast(0 as bigint), h.household_id, h.household_no, '住んでいる人 ' || cast(count(*) as text) || '人 世帯主 ' || cast(count(*) filter (where m.is_head = 1) as text) || '人'
from membership m join household h on h.household_id = m.household_id
where {asof m}
group by h.household_id, h.household_no
having count(*) filter (where m.is_head = 1) <> 1
order by h.household_no;

-- query: check_two_homes
-- purpose: people who live in two households on one day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '世帯 ' || min(h.household_no) || ' と ' || max(h.household_no)
from membership m join person p on p.person_id = m.person_id join household h on h.household_id = m.household_id
where {asof m}
group by p.person_id, p.person_no
having count(*) > 1
order by p.person_no;

-- query: check_dead
-- purpose: people who died and still live in a household or on the register
-- in: day day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '死亡日 ' || i.death_ymd ||
  case when exists (select 1 from membership m where m.person_id = i.person_id and {asof m}) then ' 世帯に残る' else '' end ||
  case when exists (select 1 from residency r where r.person_id = i.person_id and {asof r}) then ' 住民に残る' else '' end
from person_identity i join person p on p.person_id = i.person_id
where {known i} and i.death_ymd < $day
  and (exists (select 1 from membership m where m.person_id = i.person_id and {asof m})
    or exists (select 1 from residency r where r.person_id = i.person_id and {asof r}))
order by p.person_no;

-- query: check_homeless
-- purpose: people on the register who live in no household
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '住民となった日 ' || r.valid_from
from residency r join person p on p.person_id = r.person_id
where {asof r} and r.kind = 'resident'
  and not exists (select 1 from membership m where m.person_id = r.person_id and {asof m})
order by p.person_no;

-- query: check_protection
-- purpose: protection marks that end within thirty days without a following one
-- in: soon day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '支援措置の終わり ' || x.valid_to
from protection x join person p on p.person_id = x.person_id
where {asof x} and x.valid_to <= $soon
  and not exists (select 1 from protection y where y.person_id = x.person_id and {known y} and y.valid_from <= x.valid_to
    and (y.valid_to is null or y.valid_to > x.valid_to))
order by p.person_no;

-- query: check_stay
-- purpose: foreign residents whose permission to stay ran out more than two months ago (so long one who has applied may stay, 入管法20条6項)
-- in: ago_60 day
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select p.person_id, cast(0 as bigint), p.person_no, '在留期間の満了 ' || f.stay_until
from foreign_status f join person p on p.person_id = f.person_id
join residency r on r.person_id = f.person_id and {asof r} and r.kind = 'resident'
where {asof f} and f.stay_until < $ago_60
order by p.person_no;
