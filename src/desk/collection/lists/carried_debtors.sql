-- list: carried_debtors
-- title: 繰越対象者一覧
-- purpose: 翌年度の滞納繰越分に移った未納の期を、納付義務者ごとに示します
-- right: list
-- audit: output
-- param: year count 繰越元の会計年度 2025
-- column: person_no text 宛名番号
-- column: name text 氏名
-- column: levy_year count 相当年度
-- column: notice_no count 通知書番号
-- column: carried_yen yen 繰越額
select p.person_no, n.name, l.levy_year, l.notice_no, c.yen
from carry_over c
join liability l on l.liability_id = c.liability_id and {now l}
join person p on p.person_id = l.debtor_id
left join person_name n on n.person_id = p.person_id and {asof n} and n.is_used = 1
where c.from_year = $year and {now c}
order by p.person_no, l.levy_year, l.notice_no
