-- list: report_support
-- title: 保険基盤安定負担金の資料（保険者支援分）
-- purpose: 最後に作った報告資料の、軽減を受けた被保険者の数に平均保険料と率を乗じた額を、区分と軽減ごとに示します(率は data/levy_support.tsv、NHI-ASM-026、独自様式)
-- right: statistics
-- small: people
-- audit: none
-- param: year count 賦課年度 2026
-- column: part count 区分
-- column: tier count 軽減（割）
-- column: people count 被保険者数
-- column: average_yen yen 平均保険料
-- column: per_cent count 率（％）
-- column: amount_yen yen 保険者支援分
-- words: part levy.report.part
select s.part, s.tier, s.people, s.average_yen, s.per_cent, s.amount_yen
from report_support s where s.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0)
order by s.part, s.tier desc
