-- list: double_cover
-- title: 2重加入の疑いの一覧
-- purpose: 国保の被保険者で、同じ日に他の医療保険にも入っている人です。喪失の届出を勧めます
-- right: list
-- audit: output
-- column: cover text 他の保険
-- column: insurer text? 保険者
-- column: since day 他の保険の加入日
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
-- column: acquired day 国保の資格取得日
-- words: cover eligibility.cover
select o.kind, o.insurer, o.valid_from, p.person_no, n.name, n.kana, h.household_no, e.valid_from
from other_cover o
join insured_period e on e.person_id = o.person_id and {asof e}
join person p on p.person_id = o.person_id
left join person_name n on n.person_id = o.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = o.person_id and {asof m}
left join household h on h.household_id = m.household_id
where {asof o}
order by o.valid_from, p.person_no
