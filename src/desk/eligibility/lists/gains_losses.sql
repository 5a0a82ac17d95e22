-- list: gains_losses
-- title: 取得喪失一覧
-- purpose: 選んだ月に資格を得た人と失った人です。日は資格取得日・資格喪失日です
-- right: list
-- audit: output
-- param: month month 対象月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: kind count 取得・喪失
-- column: day day 取得日・喪失日
-- column: reason text 事由
-- column: cause day 事由の日
-- column: notified day 届出日
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
-- words: reason eligibility.reason
-- words: kind eligibility.change
select x.kind, x.day, x.reason, x.cause, x.notified, p.person_no, n.name, n.kana, h.household_no
from (
  select e.person_id, 1 as kind, e.valid_from as day, e.acquired_by as reason,
    e.acquired_cause_ymd as cause, e.acquired_notified_ymd as notified
  from insured_period e
  where {now e} and $month is not null and e.valid_from >= $first and e.valid_from < $behind
  union all
  select e.person_id, 2, e.valid_to, e.lost_by, e.lost_cause_ymd, coalesce(e.lost_notified_ymd, e.valid_to)
  from insured_period e
  where {now e} and e.valid_to >= $first and e.valid_to < $behind) x
join person p on p.person_id = x.person_id
left join person_name n on n.person_id = x.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = x.person_id and {asof m}
left join household h on h.household_id = m.household_id
order by x.kind, x.day, p.person_no
