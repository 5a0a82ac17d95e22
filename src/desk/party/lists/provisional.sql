-- list: provisional
-- title: 仮登録のままの住登外者
-- right: list
-- audit: output
-- column: person_no text 宛名番号
-- column: name text 氏名
-- column: since day 登録の日
select p.person_no, n.name, r.valid_from
from residency r
join person p on p.person_id = r.person_id
join person_name n on n.person_id = r.person_id and n.is_used = 1 and {asof n}
where r.is_provisional = 1 and {asof r}
order by r.valid_from, p.person_no
