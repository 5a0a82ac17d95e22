-- list: report_stabilisation
-- title: 保険基盤安定負担金の資料（軽減世帯）
-- purpose: 最後に作った報告資料の、軽減を受けた世帯と被保険者の数と軽減額を、区分・軽減・均等割と平等割ごとに示します(NHI-ASM-026、独自様式)
-- right: statistics
-- small: households people
-- total: 計
-- audit: none
-- param: year count 賦課年度 2026
-- column: part count 区分
-- column: tier count 軽減（割）
-- column: households count 世帯数
-- column: people count 被保険者数
-- column: person_cut yen 均等割の軽減額
-- column: household_cut yen 平等割の軽減額
-- column: cut_yen yen 軽減額
-- words: part levy.report.part
select p.part, p.tier, count(*), cast(sum(p.people) as bigint), cast(sum(p.person_cut) as bigint),
       cast(sum(p.household_cut) as bigint), cast(sum(p.person_cut + p.household_cut) as bigint)
from report_part p where p.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0) and p.tier > 0 and p.people > 0
group by p.part, p.tier order by p.part, p.tier desc
