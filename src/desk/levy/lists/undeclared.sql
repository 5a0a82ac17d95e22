-- list: undeclared
-- title: 未申告者のいる世帯
-- purpose: 軽減の判定ができない世帯に所得の申告を勧めるために使います(NHI-ASM-022)
-- right: list
-- audit: output
-- param: year count 賦課年度 2026
-- column: household_no text 世帯番号
-- column: decision_no count 通知書番号
-- column: insured count 被保険者数
-- column: total_yen yen 年額
select h.household_no, d.decision_no, d.insured, d.total_yen
from decision d join household h on h.household_id = d.household_id
where d.fiscal_year = $year and {now d} and (d.marks / 16) % 2 = 1
order by h.household_no
