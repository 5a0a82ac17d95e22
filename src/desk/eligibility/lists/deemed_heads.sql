-- list: deemed_heads
-- title: 擬制世帯主一覧
-- purpose: 本人は被保険者でないが、世帯に被保険者がいるため納付義務を負う世帯主です。世帯主変更の申請の有無も出ます
-- right: list
-- audit: output
-- column: household_no text 世帯番号
-- column: person_no text 宛名番号
-- column: name text? 世帯主
-- column: kana text? カナ
-- column: cover text? 世帯主の保険
-- column: insured count 被保険者数
-- column: is_changed flag 世帯主変更あり
-- words: cover eligibility.cover
select h.household_no, p.person_no, n.name, n.kana,
  (select min(o.kind) from other_cover o where o.person_id = m.person_id and {asof o}),
  (select count(*) from membership x join insured_period e on e.person_id = x.person_id and {asof e}
    where x.household_id = m.household_id and {asof x}),
  case when exists (select 1 from head_override v where v.household_id = m.household_id and {asof v}) then 1 else 0 end
from membership m
join household h on h.household_id = m.household_id
join person p on p.person_id = m.person_id
left join person_name n on n.person_id = m.person_id and n.is_used = 1 and {asof n}
where {asof m} and m.is_head = 1
  and not exists (select 1 from insured_period s where s.person_id = m.person_id and {asof s})
  and exists (select 1 from membership y join insured_period t on t.person_id = y.person_id and {asof t}
    where y.household_id = m.household_id and {asof y})
order by h.household_no
