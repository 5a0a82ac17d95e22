-- list: report_tiers
-- title: 課税状況調べ（軽減区分別）
-- purpose: 最後に作った報告資料の、軽減区分ごとの世帯数・被保険者数・特定世帯・未申告世帯と限度額に達した世帯です(NHI-ASM-025、独自様式)
-- right: statistics
-- small: households people special special_on undeclared cap_medical cap_support cap_care cap_child
-- total: 計
-- chart: tier households
-- audit: none
-- param: year count 賦課年度 2026
-- column: tier count 軽減（割）
-- column: households count 世帯数
-- column: people count 被保険者数
-- column: special count 特定世帯
-- column: special_on count 特定継続世帯
-- column: undeclared count 未申告のいる世帯
-- column: cap_medical count 医療限度額
-- column: cap_support count 支援限度額
-- column: cap_care count 介護限度額
-- column: cap_child count 子ども限度額
-- column: basis_yen yen 算定基礎額
-- column: asset_yen yen 固定資産税額
-- column: total_yen yen 年間保険料
select u.tier, count(*), cast(sum(u.insured) as bigint), cast(sum(case when u.special = 1 then 1 else 0 end) as bigint),
       cast(sum(case when u.special = 2 then 1 else 0 end) as bigint), cast(sum((u.marks / 16) % 2) as bigint),
       cast(sum(u.marks % 2) as bigint), cast(sum((u.marks / 2) % 2) as bigint),
       cast(sum((u.marks / 4) % 2) as bigint), cast(sum((u.marks / 8) % 2) as bigint),
       cast(sum(u.basis_yen) as bigint), cast(sum(u.asset_yen) as bigint), cast(sum(u.total_yen) as bigint)
from report_unit u where u.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0)
group by u.tier order by u.tier desc
