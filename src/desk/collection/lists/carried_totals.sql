-- list: carried_totals
-- title: 繰越集計表
-- purpose: 会計年度の帳簿から翌年度へ移った額を、相当年度ごとに示します
-- right: statistics
-- small: debtors
-- total: 計
-- audit: none
-- param: year count 繰越元の会計年度 2025
-- column: levy_year count 相当年度
-- column: debtors count 人数
-- column: liabilities count 件数
-- column: carried_yen yen 繰越額
select l.levy_year, count(distinct l.debtor_id), count(*), cast(sum(c.yen) as bigint)
from carry_over c join liability l on l.liability_id = c.liability_id and {now l}
where c.from_year = $year and {now c}
group by l.levy_year order by l.levy_year
