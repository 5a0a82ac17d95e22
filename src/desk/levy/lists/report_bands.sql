-- list: report_bands
-- title: 課税状況調べ（所得階級別）
-- purpose: 最後に作った報告資料の、算定基礎額の階級ごとの世帯数・被保険者数・軽減前後の額です(NHI-ASM-025、独自様式。階級は data/levy_bands.tsv)
-- right: statistics
-- small: households people caps
-- total: 計
-- chart: band households
-- audit: none
-- param: year count 賦課年度 2026
-- param: part count 区分(0医療・1支援・2介護・3子ども) 0
-- column: band text 階級の下限（円）
-- column: households count 世帯数
-- column: people count 被保険者数
-- column: caps count 限度額超過世帯
-- column: income_yen yen 所得割
-- column: asset_yen yen 資産割
-- column: person_yen yen 均等割（軽減前）
-- column: person_after yen 均等割（軽減後）
-- column: household_yen yen 平等割（軽減前）
-- column: household_after yen 平等割（軽減後）
-- column: maternity_cut yen 産前産後
-- column: cap_cut yen 限度額超過額
-- column: rest_cut yen 減免・端数
-- column: levied_yen yen 賦課額
select cast(p.band_from as text), count(*), cast(sum(p.people) as bigint), cast(sum(p.at_cap) as bigint),
       cast(sum(p.income_yen) as bigint), cast(sum(p.asset_yen) as bigint), cast(sum(p.person_yen) as bigint),
       cast(sum(p.person_yen - p.person_cut - p.child_cut) as bigint), cast(sum(p.household_yen) as bigint),
       cast(sum(p.household_yen - p.household_cut - p.special_cut) as bigint),
       cast(sum(p.maternity_cut) as bigint), cast(sum(p.cap_cut) as bigint), cast(sum(p.rest_cut) as bigint),
       cast(sum(p.levied_yen) as bigint)
from report_part p where p.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0) and p.part = $part and p.people > 0
group by p.band_from order by p.band_from
