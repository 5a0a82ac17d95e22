-- list: special_same
-- title: 特定同一世帯所属者一覧
-- purpose: 国保から後期高齢者医療に移り、同じ世帯主のもとで被保険者と暮らし続けている人です
-- right: list
-- audit: output
-- column: household_no text 世帯番号
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: birth day? 生年月日
-- column: moved day 後期加入日
-- column: insured count 世帯の被保険者数
select h.household_no, p.person_no, n.name, n.kana, i.birth_ymd, o.valid_from,
  (select count(*) from membership x join insured_period e on e.person_id = x.person_id and {asof e}
    where x.household_id = m.household_id and {asof x})
from other_cover o
join insured_period l on l.person_id = o.person_id and l.valid_to = o.valid_from and l.lost_by = '56' and {known l}
join membership m on m.person_id = o.person_id and {asof m} and m.valid_from <= o.valid_from
join membership g on g.household_id = m.household_id and g.is_head = 1 and {asof g} and g.valid_from <= o.valid_from
join household h on h.household_id = m.household_id
join person p on p.person_id = o.person_id
join person_identity i on i.person_id = o.person_id and {known i}
left join person_name n on n.person_id = o.person_id and n.is_used = 1 and {asof n}
where o.kind = 'late_stage' and {asof o}
  and exists (select 1 from membership y join insured_period t on t.person_id = y.person_id and {asof t}
    where y.household_id = m.household_id and {asof y})
order by h.household_no, p.person_no
