-- list: income_split
-- title: 国保介護一般退職按分表
-- purpose: 月の収入（収納と充当、戻出を引いた額）を医療・支援・介護・子どもの区分ごとに一般分と退職分に分けます。割合は適用開始月ごとに登録し、端数は一般分です(NHI-COL-018, FIN-004)
-- right: statistics
-- small: none
-- total: 計
-- audit: none
-- param: month month 月 this_month
-- derive: first day month_from month
-- derive: last day month_to month
-- column: booked_year count 会計年度
-- column: subject count 科目
-- column: part count 区分
-- column: income_yen yen 収入額
-- column: retired_ppm text 退職分の割合
-- column: general_yen yen 一般分
-- column: retired_yen yen 退職分
-- words: subject collection.subject
-- words: part collection.part
select z.booked_year, z.subject, z.part, z.yen, cast(z.ppm as text) || ' / 1000000', z.yen - z.yen * z.ppm / 1000000, z.yen * z.ppm / 1000000
from (
  select y.booked_year as booked_year, y.subject as subject, y.part as part, cast(sum(y.yen) as bigint) as yen,
    coalesce((select max(s.retired_ppm) from income_split s where s.part = y.part and {now s}
      and s.from_month = (select max(t.from_month) from income_split t where t.part = y.part and {now t} and t.from_month <= $month)), 0) as ppm
  from (
    select x.booked_year as booked_year, x.subject as subject, k.part as part,
      case k.part when 1 then x.medical_yen when 2 then x.support_yen when 3 then x.care_yen else x.child_yen end as yen
    from (
      select e.booked_year as booked_year, case when l.accounting_year < e.booked_year then 2 else 1 end as subject,
        p.medical_yen as medical_yen, p.support_yen as support_yen, p.care_yen as care_yen, p.child_yen as child_yen
      from journal_entry e
      join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id and p.account in (3, 6, 7)
      join liability l on l.liability_id = e.liability_id and {now l}
      where e.accounting_ymd >= $first and e.accounting_ymd < $last and e.kind not in ('refund_paid_prior', 'refund_returned_prior')) x
    cross join (select 1 as part union all select 2 union all select 3 union all select 4) k) y
  group by y.booked_year, y.subject, y.part) z
order by z.booked_year desc, z.subject, z.part
