-- list: pension_changes
-- title: 年金異動確認一覧
-- purpose: 年金の第1号被保険者のファイルで、前のファイルから変わり、国保の資格に関わる人です。国保に入っていないのに第1号になった人、国保の被保険者なのに第1号でなくなった人が出ます
-- right: list
-- audit: output
-- column: change count 異動
-- column: day day ファイルの基準日
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: birth day? 生年月日
-- column: household_no text? 世帯番号
-- column: acquired day? 国保の取得日
-- words: change eligibility.pension_change
select z.change, z.day, p.person_no, n.name, n.kana, i.birth_ymd, h.household_no, e.valid_from
from (
  select 1 as change, f.person_id as person_id, f.day as day
  from feed_fact f
  where f.feed = 'pension_first' and {now f}
    and exists (select 1 from feed_fact b where b.feed = 'pension_first' and b.day < f.day)
    and not exists (select 1 from feed_fact o where o.person_id = f.person_id and o.feed = 'pension_first'
      and o.day = (select max(q.day) from feed_fact q where q.feed = 'pension_first' and q.day < f.day))
    and not exists (select 1 from insured_period s where s.person_id = f.person_id and {asof s})
  union all
  select 2, o.person_id, (select max(q.day) from feed_fact q where q.feed = 'pension_first' and {now q})
  from feed_fact o
  where o.feed = 'pension_first'
    and o.day = (select max(b.day) from feed_fact b where b.feed = 'pension_first'
      and b.day < (select max(q.day) from feed_fact q where q.feed = 'pension_first' and {now q}))
    and not exists (select 1 from feed_fact f where f.person_id = o.person_id and f.feed = 'pension_first' and {now f})
    and exists (select 1 from insured_period s where s.person_id = o.person_id and {asof s})) z
join person p on p.person_id = z.person_id
join person_identity i on i.person_id = z.person_id and {known i}
left join insured_period e on e.person_id = z.person_id and {asof e}
left join person_name n on n.person_id = z.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = z.person_id and {asof m}
left join household h on h.household_id = m.household_id
order by z.change, p.person_no
