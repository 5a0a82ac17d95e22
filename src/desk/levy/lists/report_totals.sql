-- list: report_totals
-- title: 総賦課額調定表（基準日の決定）
-- purpose: 最後に作った報告資料の、区分と軽減ごとの軽減前の額・減った額・賦課額です。賦課額の合計は基準日の決定の合計と一致します(NHI-ASM-023、独自様式)
-- right: statistics
-- small: households people caps
-- total: 計
-- audit: none
-- param: year count 賦課年度 2026
-- column: part count 区分
-- column: tier count 軽減（割）
-- column: households count 世帯数
-- column: people count 被保険者数
-- column: caps count 限度額超過
-- column: income_yen yen 所得割
-- column: asset_yen yen 資産割
-- column: person_yen yen 均等割（軽減前）
-- column: household_yen yen 平等割（軽減前）
-- column: reduced_yen yen 軽減額
-- column: child_cut yen 未就学児など
-- column: maternity_cut yen 産前産後
-- column: other_cut yen 特定世帯・減免・端数
-- column: cap_cut yen 限度額超過額
-- column: levied_yen yen 賦課額
-- words: part levy.report.part
select p.part, p.tier, count(*), cast(sum(p.people) as bigint), cast(sum(p.at_cap) as bigint),
       cast(sum(p.income_yen) as bigint), cast(sum(p.asset_yen) as bigint), cast(sum(p.person_yen) as bigint),
       cast(sum(p.household_yen) as bigint), cast(sum(p.person_cut + p.household_cut) as bigint),
       cast(sum(p.child_cut) as bigint), cast(sum(p.maternity_cut) as bigint),
       cast(sum(p.special_cut + p.rest_cut) as bigint), cast(sum(p.cap_cut) as bigint), cast(sum(p.levied_yen) as bigint)
from report_part p where p.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0) and p.people > 0
group by p.part, p.tier order by p.part, p.tier desc
