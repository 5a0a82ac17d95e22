-- list: charged
-- title: 期別調定額
-- purpose: 期ごとの調定額と件数です。元帳の調定の合計と一致します
-- right: statistics
-- small: instalments
-- total: 計
-- audit: none
-- param: year count 相当年度 2026
-- column: number count 期
-- column: due_ymd day 納期限
-- column: instalments count 件数
-- column: charged_yen yen 調定額
select i.number, i.due_ymd, count(*), cast(sum(i.charged_yen) as bigint)
from instalment i join liability l on l.liability_id = i.liability_id and {now l}
where l.levy_year = $year and {now i}
group by i.number, i.due_ymd order by i.number, i.due_ymd
