-- list: class_changes
-- title: 課税区分変更世帯一覧
-- purpose: 選んだ月に判定し直して、限度額の区分(課税区分)が前の判定と変わった世帯です。人数は変わった人の数です
-- right: list
-- audit: output
-- param: month month 判定した月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: household_no text 世帯番号
-- column: head text? 世帯主
-- column: kana text? カナ
-- column: was count 前の区分
-- column: is_now count 新しい区分
-- column: since day いつから
-- column: cause count 判定の原因
-- column: people count 人数
-- words: was eligibility.division
-- words: is_now eligibility.division
-- words: cause eligibility.judge_cause
select h.household_no, n.name, n.kana, o.division, j.division, j.valid_from, g.cause, count(*)
from judgement g
join event v on v.event_no = g.known_from and v.received >= $first and v.received < $behind
join judgement_person j on j.judgement_id = g.judgement_id and {now j} and j.known_from = g.known_from
join judgement_person o on o.judgement_person_id = (select max(b.judgement_person_id) from judgement_person b
  where b.person_id = j.person_id and b.known_from < j.known_from)
join household h on h.household_id = g.household_id
left join membership k on k.household_id = g.household_id and k.is_head = 1 and {asof k}
left join person_name n on n.person_id = k.person_id and n.is_used = 1 and {asof n}
where {now g} and $month is not null and o.division <> j.division
group by h.household_no, n.name, n.kana, o.division, j.division, j.valid_from, g.cause
order by h.household_no, j.valid_from, o.division, j.division
