-- list: former_dependants
-- title: 旧被扶養者一覧
-- purpose: 被用者保険の本人が後期高齢者医療に移ったため国保に入った被扶養者です。減免の対象か確かめます
-- right: list
-- audit: output
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: birth day? 生年月日
-- column: household_no text? 世帯番号
-- column: day day 資格取得日
-- column: first_month month? 始まりの月
-- column: last_month month? 終わりの月
-- column: notified day 届出日
-- column: is_insured flag 被保険者
select p.person_no, n.name, n.kana, i.birth_ymd, h.household_no, c.day, c.first_month, c.last_month,
  c.notified_ymd,
  case when exists (select 1 from insured_period e where e.person_id = c.person_id and {asof e}) then 1 else 0 end
from circumstance c
join person p on p.person_id = c.person_id
join person_identity i on i.person_id = c.person_id and {known i}
left join person_name n on n.person_id = c.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = c.person_id and {asof m}
left join household h on h.household_id = m.household_id
where c.kind = 4 and {known c}
order by c.day, p.person_no
