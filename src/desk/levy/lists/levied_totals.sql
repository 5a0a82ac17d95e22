-- list: levied_totals
-- title: 総賦課額調定表
-- purpose: 軽減の区分ごとの世帯数・被保険者数・賦課額です。合計は調定額と一致します(NHI-ASM-023)
-- right: statistics
-- small: households insured
-- total: 計
-- chart: tier households
-- audit: none
-- param: year count 賦課年度 2026
-- column: tier count 軽減（割）
-- column: households count 世帯数
-- column: insured count 被保険者数
-- column: medical_yen yen 医療分
-- column: support_yen yen 支援金等分
-- column: care_yen yen 介護分
-- column: child_yen yen 子ども分
-- column: total_yen yen 合計
select d.tier, count(*), cast(sum(d.insured) as bigint), cast(sum(d.medical_yen) as bigint),
       cast(sum(d.support_yen) as bigint), cast(sum(d.care_yen) as bigint),
       cast(sum(d.child_yen) as bigint), cast(sum(d.total_yen) as bigint)
from decision d where d.fiscal_year = $year and {now d}
group by d.tier order by d.tier desc
