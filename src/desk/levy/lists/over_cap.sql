-- list: over_cap
-- title: 限度額に達した世帯
-- purpose: 医療分の賦課限度額に達した世帯です
-- right: list
-- audit: output
-- param: year count 賦課年度 2026
-- column: household_no text 世帯番号
-- column: decision_no count 通知書番号
-- column: medical_yen yen 医療分
-- column: total_yen yen 年額
select h.household_no, d.decision_no, d.medical_yen, d.total_yen
from decision d join household h on h.household_id = d.household_id
where d.fiscal_year = $year and {now d} and d.marks % 2 = 1
order by d.total_yen desc, h.household_no
