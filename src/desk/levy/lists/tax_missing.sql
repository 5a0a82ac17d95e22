-- list: tax_missing
-- title: 税務の所得情報がない人の一覧
-- purpose: 国保の被保険者と世帯主のうち、その所得年について税務からの所得情報がない人です。照会・申告の勧奨に使います
-- right: list
-- audit: output
-- param: year count 所得年 2025
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: birth day? 生年月日
-- column: household_no text? 世帯番号
-- column: insured flag 被保険者
-- column: other count 他の資料の件数
select p.person_no, n.name, n.kana, i.birth_ymd, h.household_no,
  case when exists (select 1 from insured_period e where e.person_id = p.person_id and {asof e}) then 1 else 0 end,
  (select count(*) from income o where o.person_id = p.person_id and o.income_year = $year and o.source <> 2 and {now o})
from person p
join person_identity i on i.person_id = p.person_id and {known i}
left join person_name n on n.person_id = p.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = p.person_id and {asof m}
left join household h on h.household_id = m.household_id
where (exists (select 1 from insured_period e where e.person_id = p.person_id and {asof e})
    or (m.is_head = 1 and exists (select 1 from membership k join insured_period e on e.person_id = k.person_id and {asof e}
      where k.household_id = m.household_id and {asof k})))
  and cast(substr(i.birth_ymd, 1, 4) as bigint) < $year - 14
  and not exists (select 1 from income x where x.person_id = p.person_id and x.income_year = $year and x.source = 2 and {now x})
order by p.person_no
