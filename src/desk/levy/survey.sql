-- query: survey_people
-- purpose: the insured and the heads of their households with what a survey asks about them, by id, some at a time
-- in: income_year count, after id, n count
-- out: person_id id, person_no text, birth day?, household_id id?, households count, other_household text?, same_as text?
-- out: claimed count, inquiry text?, facts_no id
-- rows: many
select p.person_id, p.person_no, i.birth_ymd,
  (select min(m.household_id) from membership m where m.person_id = p.person_id and {asof m}),
  (select count(distinct m.household_id) from membership m where m.person_id = p.person_id and {asof m}),
  (select max(h.household_no) from membership m join household h on h.household_id = m.household_id
    where m.person_id = p.person_id and {asof m}),
  (select min(o.person_no) from name_match x join person o on o.person_id = x.other_id
    where x.person_id = p.person_id and x.same_items >= 4
      and exists (select 1 from income b where b.person_id = o.person_id and b.income_year = $income_year and {known b})),
  (select coalesce(max(c.dependants + c.small_children), 0)
    from membership m
    join membership k on k.household_id = m.household_id and k.person_id <> p.person_id and {asof k}
    join income c on c.person_id = k.person_id and c.income_year = $income_year and {known c}
    where m.person_id = p.person_id and {asof m}),
  (select min(q.municipality) from income_inquiry q
    where q.person_id = p.person_id and q.income_year = $income_year and {known q}),
  cast(greatest(
    coalesce((select max(greatest(x.known_from, coalesce(x.known_to, 0))) from income x
      where x.person_id = p.person_id and x.income_year = $income_year), 0),
    coalesce((select max(greatest(x.known_from, coalesce(x.known_to, 0))) from membership x
      where x.person_id = p.person_id), 0),
    coalesce((select max(greatest(x.known_from, coalesce(x.known_to, 0))) from insured_period x
      where x.person_id = p.person_id), 0),
    coalesce((select max(greatest(x.known_from, coalesce(x.known_to, 0))) from income_inquiry x
      where x.person_id = p.person_id and x.income_year = $income_year), 0)) as bigint)
from person p
join person_identity i on i.person_id = p.person_id and {known i}
where p.person_id > $after
  and (exists (select 1 from insured_period e where e.person_id = p.person_id and {asof e})
    or exists (select 1 from membership h
      join membership m on m.household_id = h.household_id and {asof m}
      join insured_period e on e.person_id = m.person_id and {asof e}
      where h.person_id = p.person_id and h.is_head = 1 and {asof h}))
order by p.person_id
limit $n;

-- query: survey_standing
-- purpose: the items that stand of a year, by person, some at a time
-- in: income_year count, first id, last id
-- out: survey_item_id id, survey count, person_id id, source_a count, source_b count, income_a yen, income_b yen, other text, facts_no id
-- rows: many
select s.survey_item_id, s.survey, s.person_id, s.source_a, s.source_b, s.income_a, s.income_b,
       s.other, s.facts_no
from survey_item s
where s.income_year = $income_year and s.person_id between $first and $last and {now s}
order by s.person_id, s.survey;

-- query: survey_counts
-- purpose: how many items of a year stand, by kind, and how many of them are done
-- in: income_year count
-- out: survey count, items count, done count
-- rows: many
select s.survey, count(*),
  cast(sum(case when exists (select 1 from survey_done d where d.survey_item_id = s.survey_item_id and {now d})
    then 1 else 0 end) as bigint)
from survey_item s where s.income_year = $income_year and {now s}
group by s.survey order by s.survey;

-- query: survey_page
-- purpose: items of a kind, open or done, by the number of the person
-- in: income_year count, survey count, is_done count, after text, n count
-- out: survey_item_id id, person_id id, person_no text, name text?, birth day?, household_no text?, source_a count, source_b count
-- out: income_a yen, income_b yen, other text, note text?, done_ymd day?, done_by text?
-- rows: many
select s.survey_item_id, s.person_id, p.person_no, n.name, i.birth_ymd, h.household_no, s.source_a,
       s.source_b, s.income_a, s.income_b, s.other, d.note, d.done_ymd,
       (select a.full_name from user_account a where a.user_id = d.user_id and {now a})
from survey_item s
join person p on p.person_id = s.person_id
join person_identity i on i.person_id = s.person_id and {known i}
left join person_name n on n.person_id = s.person_id and n.is_used = 1 and {asof n}
left join household h on h.household_id = s.household_id
left join survey_done d on d.survey_item_id = s.survey_item_id and {now d}
where s.income_year = $income_year and s.survey = $survey and {now s} and p.person_no > $after
  and (case when d.survey_done_id is null then 0 else 1 end) = $is_done
order by p.person_no limit $n;

-- query: survey_one
-- purpose: one item that stands, and whether somebody is done with it
-- in: survey_item_id id
-- out: person_id id, household_id id?, income_year count, survey count, survey_done_id id?
-- rows: maybe
select s.person_id, s.household_id, s.income_year, s.survey,
  (select max(d.survey_done_id) from survey_done d where d.survey_item_id = s.survey_item_id and {now d})
from survey_item s where s.survey_item_id = $survey_item_id and {now s};

-- query: income_inquiry_open
-- purpose: inquiries about somebody's income of a year that wait for an answer
-- in: person_id id, income_year count
-- out: income_inquiry_id id
-- rows: many
select q.income_inquiry_id from income_inquiry q
where q.person_id = $person_id and q.income_year = $income_year and {now q};

-- query: survey_collected
-- purpose: when the items of a year were collected last; options: those of the job
-- in: options text
-- out: ended_us time?
-- rows: one
select max(j.ended_us) from job j where j.kind = 'levy-survey' and j.state = 'finished' and j.options = $options;
