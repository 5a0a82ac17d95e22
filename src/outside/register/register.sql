-- query: state_of
-- purpose: one thing the register knows of itself
-- in: name text
-- out: value text
-- rows: maybe
select s.value from register_state s where s.name = $name;

-- query: state_put
-- purpose: remembers it
-- in: name text, value text
-- rows: exec
insert into register_state (name, value) values ($name, $value)
on conflict (name) do update set value = excluded.value;

-- query: residents
-- purpose: everybody, by number
-- out: person_no text, household_no text, relation text, name text, kana text, real_name text, birth_ymd day, sex text, death_ymd day?
-- out: nationality text, stay_status text, stay_until day?, resident_from day, resident_to day?, ended_by text
-- rows: many
select r.person_no, r.household_no, r.relation, r.name, r.kana, r.real_name, r.birth_ymd, r.sex, r.death_ymd,
  r.nationality, r.stay_status, r.stay_until, r.resident_from, r.resident_to, r.ended_by
from resident r
order by r.person_no;

-- query: resident_put
-- purpose: one person as he stands now
-- in: person_no text, household_no text, relation text, name text, kana text, real_name text, birth_ymd day, sex text, death_ymd day?
-- in: nationality text, stay_status text, stay_until day?, resident_from day, resident_to day?, ended_by text
-- rows: exec
insert into resident (person_no, household_no, relation, name, kana, real_name, birth_ymd, sex, death_ymd, nationality,
  stay_status, stay_until, resident_from, resident_to, ended_by)
values ($person_no, $household_no, $relation, $name, $kana, $real_name, $birth_ymd, $sex, $death_ymd, $nationality,
  $stay_status, $stay_until, $resident_from, $resident_to, $ended_by)
on conflict (person_no) do update set household_no = excluded.household_no, relation = excluded.relation,
  name = excluded.name, kana = excluded.kana, real_name = excluded.real_name, birth_ymd = excluded.birth_ymd,
  sex = excluded.sex, death_ymd = excluded.death_ymd, nationality = excluded.nationality,
  stay_status = excluded.stay_status, stay_until = excluded.stay_until, resident_from = excluded.resident_from,
  resident_to = excluded.resident_to, ended_by = excluded.ended_by;

-- query: homes
-- purpose: every household, by number
-- out: household_no text, postal_code text, city_code text, prefecture text, city text, town_code text, town text, number text, building text, last_ymd day
-- rows: many
select h.household_no, h.postal_code, h.city_code, h.prefecture, h.city, h.town_code, h.town, h.number, h.building, h.last_ymd
from home h
order by h.household_no;

-- query: home_put
-- purpose: one household as it stands now
-- in: household_no text, postal_code text, city_code text, prefecture text, city text, town_code text, town text, number text, building text, last_ymd day
-- rows: exec
insert into home (household_no, postal_code, city_code, prefecture, city, town_code, town, number, building, last_ymd)
values ($household_no, $postal_code, $city_code, $prefecture, $city, $town_code, $town, $number, $building, $last_ymd)
on conflict (household_no) do update set postal_code = excluded.postal_code, city_code = excluded.city_code,
  prefecture = excluded.prefecture, city = excluded.city, town_code = excluded.town_code, town = excluded.town,
  number = excluded.number, building = excluded.building, last_ymd = excluded.last_ymd;

-- query: change_put
-- purpose: one more change
-- in: sequence count, recorded_ymd day, kind text, person_no text, change_ymd day, effect_ymd day, is_single flag, line text
-- rows: exec
insert into change (sequence, recorded_ymd, kind, person_no, change_ymd, effect_ymd, is_single, is_settled, line)
values ($sequence, $recorded_ymd, $kind, $person_no, $change_ymd, $effect_ymd, $is_single, 0, $line);

-- query: changes_of_day
-- purpose: the lines of a day's file
-- in: day day
-- out: sequence count, kind text, line text
-- rows: many
select c.sequence, c.kind, c.line
from change c
where c.recorded_ymd = $day
order by c.sequence;

-- query: changes_of_person
-- purpose: the lines about one person, for an ad hoc question
-- in: person_no text
-- out: line text
-- rows: many
select c.line
from change c
where c.person_no = $person_no
order by c.sequence;

-- query: changes_to_settle
-- purpose: recent changes of people living alone that may still turn out wrong or be taken back
-- in: kind text, first day, last day
-- out: sequence count, person_no text, change_ymd day, effect_ymd day
-- rows: many
select c.sequence, c.person_no, c.change_ymd, c.effect_ymd
from change c
where c.kind = $kind and c.is_single = 1 and c.is_settled = 0 and c.recorded_ymd >= $first and c.recorded_ymd <= $last
order by c.sequence;

-- query: change_settle
-- purpose: that change will not be touched again
-- in: sequence count
-- rows: exec
update change set is_settled = 1 where sequence = $sequence;
