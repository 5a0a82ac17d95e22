-- list: month_report
-- title: 収納月報（収入状況一覧表）
-- purpose: 会計年度ごとに月末現在の調定額・収入済額・還付未済・不納欠損・収入未済を、相当年度と現年・滞納繰越に分けて。仕訳帳の合計と一致します(NHI-COL-018)
-- right: statistics
-- small: none
-- total: 計
-- audit: none
-- param: month month 月 this_month
-- column: booked_year count 会計年度
-- column: subject count 科目
-- column: levy_year count 相当年度
-- column: charged_yen yen 調定額
-- column: month_yen yen 当月収入
-- column: received_yen yen 収入済額
-- column: refund_due_yen yen 還付未済額
-- column: refund_prior_yen yen うち歳出還付
-- column: written_off_yen yen 不納欠損額
-- column: carried_yen yen 翌年度へ繰越
-- column: unpaid_yen yen 収入未済額
-- column: rate text 収納率(%)
-- words: subject collection.subject
select y.booked_year, y.subject, y.levy_year, y.charged, y.of_month, y.received, y.refund_due, y.prior, y.written_off, y.carried, y.unpaid,
  case when y.charged <= 0 then '' else
    cast((y.received - y.refund_due) * 100 / y.charged as text) || '.' ||
    substr(cast(100 + ((y.received - y.refund_due) * 10000 / y.charged) % 100 as text), 2, 2) end
from (
  select x.booked_year as booked_year, x.subject as subject, x.levy_year as levy_year,
    cast(sum(case when x.account = 1 then -x.yen when x.account = 15 and x.yen < 0 then -x.yen else 0 end) as bigint) as charged,
    cast(sum(case when x.account in (3, 7) and substr(x.day, 1, 7) = $month then x.yen when x.account = 6 and x.kind not in ('refund_paid_prior', 'refund_returned_prior') and substr(x.day, 1, 7) = $month then x.yen else 0 end) as bigint) as of_month,
    cast(sum(case when x.account in (3, 7) then x.yen when x.account = 6 and x.kind not in ('refund_paid_prior', 'refund_returned_prior') then x.yen else 0 end) as bigint) as received,
    cast(sum(case when x.account in (4, 5) then -x.yen when x.account = 6 and x.kind in ('refund_paid_prior', 'refund_returned_prior') then -x.yen else 0 end) as bigint) as refund_due,
    cast(sum(case when x.account = 6 and x.kind in ('refund_paid_prior', 'refund_returned_prior') then -x.yen else 0 end) as bigint) as prior,
    cast(sum(case when x.account = 8 then x.yen else 0 end) as bigint) as written_off,
    cast(sum(case when x.account = 15 and x.yen > 0 then x.yen else 0 end) as bigint) as carried,
    cast(sum(case when x.account = 2 then x.yen else 0 end) as bigint) as unpaid
  from (
    select e.booked_year as booked_year, case when l.accounting_year < e.booked_year then 2 else 1 end as subject,
      l.levy_year as levy_year, e.kind as kind, e.accounting_ymd as day, p.account as account, p.yen as yen
    from journal_entry e
    join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id and (p.account <= 8 or p.account = 15)
    join liability l on l.liability_id = e.liability_id and {now l}
    where substr(e.accounting_ymd, 1, 7) <= $month) x
  group by x.booked_year, x.subject, x.levy_year) y
order by y.booked_year desc, y.subject, y.levy_year desc
