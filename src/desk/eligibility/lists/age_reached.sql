-- list: age_reached
-- title: 年齢到達者一覧
-- purpose: 選んだ月に65歳・70歳・75歳になる被保険者です。65歳と70歳は誕生日の前日、75歳は誕生日その日で数えます(NHI-ELG-041)
-- right: list
-- audit: output
-- param: month month 対象月 this_month
-- derive: from65 day reached_from month 65
-- derive: to65 day reached_to month 65
-- derive: from70 day reached_from month 70
-- derive: to70 day reached_to month 70
-- derive: from75 day birthday_from month 75
-- derive: to75 day birthday_to month 75
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: age count 年齢
-- column: birth day 生年月日
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
select case when i.birth_ymd >= $from65 then 65 when i.birth_ymd >= $from70 then 70 else 75 end,
  i.birth_ymd, p.person_no, n.name, n.kana, h.household_no
from person_identity i
join person p on p.person_id = i.person_id
left join person_name n on n.person_id = i.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = i.person_id and {asof m}
left join household h on h.household_id = m.household_id
where {now i} and $month is not null
  and (i.birth_ymd >= $from65 and i.birth_ymd < $to65 or i.birth_ymd >= $from70 and i.birth_ymd < $to70
    or i.birth_ymd >= $from75 and i.birth_ymd < $to75)
  and exists (select 1 from insured_period e where e.person_id = i.person_id and {now e}
    and e.valid_from < $behind and (e.valid_to is null or e.valid_to >= $first))
order by 1, i.birth_ymd, p.person_no
