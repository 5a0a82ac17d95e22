-- list: monthly_report
-- title: 事業月報 A表(資格)
-- purpose: 都道府県へ報告する月報の資格の部分です。月末の世帯数・被保険者数とその内訳、前月末からの増減です。前月末 + 増 - 減 = 月末です。報告の数字なので小さい数も隠しません
-- right: list
-- audit: output
-- day: month
-- param: month month 報告の月 last_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- derive: by40 day reached_to month 40
-- derive: by65 day reached_to month 65
-- derive: old65 day reached_from month 65
-- derive: old70 day reached_from month 70
-- column: part count 区分
-- column: reason text? 事由
-- column: people count 数
-- words: part eligibility.monthly
-- words: reason eligibility.reason
select z.part, z.reason, z.people
from (
  select 1 as part, '' as reason, count(distinct m.household_id) as people
  from insured_period e join membership m on m.person_id = e.person_id and {asof m}
  where {asof e} and $month is not null
  union all
  select 2, '', count(*) from insured_period e where {asof e}
  union all
  select case when i.birth_ymd < $old70 then case when coalesce(v.value, j.share, 0) = 3 then 5 else 4 end
      when i.birth_ymd < $old65 then 3 else 6 end, '', count(*)
  from insured_period e
  join person_identity i on i.person_id = e.person_id and {known i}
  left join judgement_person j on j.person_id = e.person_id and {asof j}
  left join judgement_override v on v.person_id = e.person_id and v.is_share = 1 and {asof v}
  where {asof e}
  group by 1
  union all
  select 7, '', count(*)
  from insured_period e
  join person_identity i on i.person_id = e.person_id and {known i}
  where {asof e} and i.birth_ymd < $by40 and i.birth_ymd >= $by65
    and not exists (select 1 from circumstance c where c.person_id = e.person_id and c.kind = 3 and {known c}
      and c.first_month <= substr($first, 1, 7) and coalesce(c.last_month, '9999-12') >= substr($first, 1, 7))
  union all
  select 8, '', count(*)
  from insured_period e
  join person_identity i on i.person_id = e.person_id and {known i}
  where {asof e} and i.birth_ymd >= cast(cast(substr($first, 1, 4) as bigint)
    - case when substr($first, 6, 2) < '04' then 7 else 6 end as text) || '-04-02'
  union all
  select 9, '', count(*)
  from insured_period e join retired_period x on x.person_id = e.person_id and {asof x}
  where {asof e}
  union all
  select 10, '', count(distinct m.household_id)
  from insured_period e join membership m on m.person_id = e.person_id and {now m}
    and m.valid_from < $first and coalesce(m.valid_to, '9999-12-31') >= $first
  where {now e} and e.valid_from < $first and coalesce(e.valid_to, '9999-12-31') >= $first
  union all
  select 11, '', count(*) from insured_period e
  where {now e} and e.valid_from < $first and coalesce(e.valid_to, '9999-12-31') >= $first
  union all
  select 12, '', count(*) from insured_period e where {now e} and e.valid_from >= $first and e.valid_from < $behind
  union all
  select 13, e.acquired_by, count(*) from insured_period e
  where {now e} and e.valid_from >= $first and e.valid_from < $behind
  group by e.acquired_by
  union all
  select 14, '', count(*) from insured_period e where {now e} and e.valid_to >= $first and e.valid_to < $behind
  union all
  select 15, e.lost_by, count(*) from insured_period e
  where {now e} and e.valid_to >= $first and e.valid_to < $behind
  group by e.lost_by) z
order by z.part, z.reason
