-- list: deductions
-- title: 特別徴収判定一覧
-- purpose: 年金から保険料を徴収できるかどうかの判定と、その理由です
-- right: list
-- audit: output
-- param: year count 賦課年度 2026
-- column: household_no text 世帯番号
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: result count 判定
-- column: pension yen 年金額
-- column: care yen 介護保険料(1回)
-- column: levy yen 年間保険料
-- words: result levy.deduction
select h.household_no, p.person_no, n.name, j.result, j.pension_yen, j.care_yen, j.levy_yen
from deduction_judgement j
join household h on h.household_id = j.household_id
join person p on p.person_id = j.debtor_id
left join person_name n on n.person_id = j.debtor_id and n.is_used = 1 and {asof n}
where j.fiscal_year = $year and {now j}
order by h.household_no
