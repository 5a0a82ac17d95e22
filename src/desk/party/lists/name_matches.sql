-- list: name_matches
-- title: 名寄せ候補(同じ振り仮名と生年月日)
-- right: list
-- audit: output
-- column: found day 比べた日
-- column: person_no text 宛名番号
-- column: name text 氏名
-- column: other_no text 相手の宛名番号
-- column: other_name text 相手の氏名
-- column: same_items count 一致(5項目のうち)
select c.found_ymd, p.person_no, n.name, q.person_no, k.name, c.same_items
from name_match c
join person p on p.person_id = c.person_id
join person q on q.person_id = c.other_id
join person_name n on n.person_id = c.person_id and n.is_used = 1 and {asof n}
join person_name k on k.person_id = c.other_id and k.is_used = 1 and {asof k}
order by c.same_items desc, p.person_no, q.person_no
