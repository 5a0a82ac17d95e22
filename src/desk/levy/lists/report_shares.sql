-- list: report_shares
-- title: 軽減額の負担（国・都道府県・市）
-- purpose: 最後に作った報告資料の、軽減額を負担する国・都道府県・市の額です(割合は data/levy_shares.tsv、NHI-ASM-026)
-- right: statistics
-- small: none
-- total: 計
-- audit: none
-- param: year count 賦課年度 2026
-- column: kind count 種類
-- column: amount_yen yen 減額の総額
-- column: state_yen yen 国
-- column: prefecture_yen yen 都道府県
-- column: city_yen yen 市
-- words: kind levy.report.kind
select s.kind, s.amount_yen, s.state_yen, s.prefecture_yen, s.city_yen
from report_share s where s.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0) order by s.kind
