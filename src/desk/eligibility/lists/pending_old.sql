-- list: pending_old
-- title: 長期未処理の異動
-- purpose: 原因の日が選んだ日より前なのに、まだ処理していない異動です。古いものから出ます
-- right: list
-- audit: output
-- param: before day この日より前 today
-- column: cause day 原因の日
-- column: kind count 異動
-- column: source text 入手元
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text 世帯番号
-- words: kind eligibility.pending
-- words: source source
select x.cause_ymd, x.kind, x.source, p.person_no, n.name, n.kana, h.household_no
from pending_change x
join person p on p.person_id = x.person_id
join household h on h.household_id = x.household_id
left join person_name n on n.person_id = x.person_id and n.is_used = 1 and {asof n}
where {now x} and x.cause_ymd < $before
order by x.cause_ymd, p.person_no, x.kind
