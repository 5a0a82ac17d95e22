-- list: merged
-- title: 名寄せの結果
-- right: list
-- audit: output
-- column: person_no text 宛名番号
-- column: leading_no text 代表の宛名番号
-- column: since day 名寄せの日
-- column: reason text 理由
select p.person_no, l.person_no, m.valid_from, m.reason
from merge_link m
join person p on p.person_id = m.person_id
join person l on l.person_id = m.leading_id
where {asof m}
order by l.person_no, p.person_no
