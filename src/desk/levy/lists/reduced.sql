-- list: reduced
-- title: 軽減世帯の一覧
-- purpose: 7割・5割・2割の軽減を受ける世帯です(NHI-ASM-021、保険基盤安定の資料)
-- right: list
-- audit: output
-- param: year count 賦課年度 2026
-- param: tier count 軽減（割） 7
-- column: household_no text 世帯番号
-- column: decision_no count 通知書番号
-- column: tier count 軽減（割）
-- column: judge_yen yen 判定所得
-- column: insured count 被保険者数
-- column: total_yen yen 年額
select h.household_no, d.decision_no, d.tier, d.judge_yen, d.insured, d.total_yen
from decision d join household h on h.household_id = d.household_id
where d.fiscal_year = $year and {now d} and d.tier = $tier
order by h.household_no
