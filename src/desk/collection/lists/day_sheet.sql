-- list: day_sheet
-- title: 収納日計表
-- purpose: 会計日の収納を収納方法・納付書の種別・科目ごとに。消込済と未消込の合計から前日までの未消込を消した分を除くと、その日に届いた額です(NHI-COL-007)。消込済の合計は財務会計へ渡す収納額と一致します
-- right: statistics
-- small: none
-- total: 計
-- audit: none
-- param: day day 会計日 today
-- column: channel count 収納方法
-- column: slip_kind text 納付書の種別
-- column: subject count 科目
-- column: items count 件数
-- column: medical_yen yen 医療分
-- column: support_yen yen 支援金等分
-- column: care_yen yen 介護分
-- column: child_yen yen 子ども分
-- column: late_yen yen 延滞金
-- column: fee_yen yen 督促手数料
-- column: posted_yen yen 消込済
-- column: unposted_yen yen 未消込
-- column: earlier_yen yen うち前日までの未消込
-- column: told_yen yen 当日に届いた額
-- words: channel collection.channel
-- words: subject collection.subject
select x.channel, x.slip_kind, x.subject, cast(count(distinct x.item) as bigint), cast(sum(x.medical) as bigint), cast(sum(x.support) as bigint),
  cast(sum(x.care) as bigint), cast(sum(x.child) as bigint), cast(sum(x.late) as bigint), cast(sum(x.fee) as bigint),
  cast(sum(x.posted) as bigint), cast(sum(x.unposted) as bigint), cast(sum(x.earlier) as bigint), cast(sum(x.posted + x.unposted - x.earlier) as bigint)
from (
  select coalesce(r.channel, 90) as channel, coalesce(r.slip_kind, '') as slip_kind, e.entry_id as item,
    case when l.accounting_year < e.booked_year then 2 else 1 end as subject,
    case when p.account = 3 then p.medical_yen else 0 end as medical, case when p.account = 3 then p.support_yen else 0 end as support,
    case when p.account = 3 then p.care_yen else 0 end as care, case when p.account = 3 then p.child_yen else 0 end as child,
    case when p.account in (9, 13) then -p.yen else 0 end as late, case when p.account in (10, 14) then -p.yen else 0 end as fee,
    case when p.account = 3 then p.yen else -p.yen end as posted, 0 as unposted,
    case when e.kind = 'reposted' and r.accounting_ymd < $day then case when p.account = 3 then p.yen else -p.yen end else 0 end as earlier
  from journal_entry e
  join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id and p.account in (3, 9, 10, 13, 14)
  join liability l on l.liability_id = e.liability_id and {now l}
  left join receipt r on r.receipt_id = e.basis_id and e.kind <> 'pension'
  where e.accounting_ymd = $day and e.kind in ('receipt', 'reposted', 'pension')
  union all
  select r.channel, r.slip_kind, -r.receipt_id, 3, 0, 0, 0, 0, 0, 0, 0, r.yen + r.late_yen + r.fee_yen, 0
  from receipt r
  where r.accounting_ymd = $day and r.stage = 2 and r.outcome = 2
    and not exists (select 1 from receipt_treatment t where t.receipt_id = r.receipt_id and t.state = 1 and t.accounting_ymd = $day and {now t})) x
group by x.channel, x.slip_kind, x.subject
order by x.channel, x.slip_kind, x.subject
