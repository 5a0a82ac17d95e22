-- list: tax_changes
-- title: 税異動者一覧
-- purpose: 選んだ業務(nhi 国保全体・levy 賦課・benefit 給付)が最後に受け取った税異動の人です
-- right: list
-- audit: output
-- param: consumer text 業務 levy
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
-- column: income_year count 所得年
-- column: source count 資料
-- column: was flag 前の資料あり
-- words: source levy.income_source
select p.person_no, n.name, n.kana, h.household_no, i.income_year, i.source,
  case when exists (select 1 from income o where o.person_id = i.person_id and o.income_year = i.income_year and o.income_id < i.income_id) then 1 else 0 end
from tax_take t
join income i on i.known_from between t.from_event + 1 and t.until_event
join person p on p.person_id = i.person_id
left join person_name n on n.person_id = i.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = i.person_id and {asof m}
left join household h on h.household_id = m.household_id
where {now i} and t.consumer = $consumer
  and t.tax_take_id = (select max(x.tax_take_id) from tax_take x where x.consumer = $consumer)
order by p.person_no, i.income_year, i.source
