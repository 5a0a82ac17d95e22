-- list: stays
-- title: 在留期限の一覧
-- purpose: 選んだ月までに在留期間が満了する外国人被保険者です。過ぎたまま更新の連絡がない人も出ます
-- right: list
-- audit: output
-- param: month month 満了月 this_month
-- derive: behind day month_to month
-- column: stay_until day 在留期間の満了日
-- column: stay_status text 在留資格
-- column: nation text 国籍・地域
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
select f.stay_until, f.stay_status, f.nationality, p.person_no, n.name, n.kana, h.household_no
from foreign_status f
join insured_period e on e.person_id = f.person_id and {asof e}
join person p on p.person_id = f.person_id
left join person_name n on n.person_id = f.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = f.person_id and {asof m}
left join household h on h.household_id = m.household_id
where {asof f} and $month is not null and f.stay_until < $behind
order by f.stay_until, p.person_no
