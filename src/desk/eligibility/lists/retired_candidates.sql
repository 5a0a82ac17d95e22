-- list: retired_candidates
-- title: 退職被保険者の候補一覧
-- purpose: 年金のファイルで年金を受けていて、その月に65歳未満の国保の被保険者だったのに、退職被保険者等の区分がない人です。制度は終わっているので、終わりの月(設定 eligibility.retired_end)より前だけを見ます
-- right: list
-- audit: output
-- param: behind day 制度の終わりの日 2020-04-01
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: birth day 生年月日
-- column: household_no text? 世帯番号
-- column: period text 年金の月
-- column: payer text? 年金保険者
-- column: pension yen? 年金額
-- column: acquired day 国保の取得日
-- column: lost day? 国保の喪失日
select p.person_no, n.name, n.kana, i.birth_ymd, h.household_no, f.period, f.code, f.amount, e.valid_from, e.valid_to
from feed_fact f
join person p on p.person_id = f.person_id
join person_identity i on i.person_id = f.person_id and {known i}
join insured_period e on e.person_id = f.person_id and {now e}
  and e.valid_from <= substr(f.period, 1, 4) || '-' || substr(f.period, 5, 2) || '-01'
  and coalesce(e.valid_to, '9999-12-31') > substr(f.period, 1, 4) || '-' || substr(f.period, 5, 2) || '-01'
left join person_name n on n.person_id = f.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = f.person_id and {asof m}
left join household h on h.household_id = m.household_id
where f.feed = 'pension_payer' and {now f} and substr(f.period, 1, 4) || '-' || substr(f.period, 5, 2) || '-01' < $behind
  and cast(substr(f.period, 1, 4) as bigint) * 12 + cast(substr(f.period, 5, 2) as bigint)
    - cast(substr(i.birth_ymd, 1, 4) as bigint) * 12 - cast(substr(i.birth_ymd, 6, 2) as bigint) < 780
  and not exists (select 1 from retired_period x where x.person_id = f.person_id and {now x}
    and x.valid_from <= substr(f.period, 1, 4) || '-' || substr(f.period, 5, 2) || '-01'
    and coalesce(x.valid_to, '9999-12-31') > substr(f.period, 1, 4) || '-' || substr(f.period, 5, 2) || '-01')
order by p.person_no, f.period
