-- list: report_relief
-- title: 調整交付金などの資料（未就学児・産前産後・特定世帯）
-- purpose: 最後に作った報告資料の、未就学児・産前産後・特定世帯・非自発的失業の人数と減った額です(NHI-ASM-026、独自様式)
-- right: statistics
-- small: preschool maternity special special_on unemployed
-- total: 計
-- audit: none
-- param: year count 賦課年度 2026
-- column: part count 区分
-- column: preschool count 未就学児
-- column: maternity count 産前産後の人
-- column: special count 特定世帯
-- column: special_on count 特定継続世帯
-- column: unemployed count 非自発的失業の人
-- column: child_cut yen 未就学児などの減額
-- column: maternity_cut yen 産前産後の減額
-- column: special_cut yen 特定世帯の減額
-- column: rest_cut yen 減免・端数
-- words: part levy.report.part
select p.part,
       cast(sum(case when p.part = 0 then u.preschool else 0 end) as bigint),
       cast(sum(case when p.part = 0 then u.maternity else 0 end) as bigint),
       cast(sum(case when p.part = 0 and u.special = 1 then 1 else 0 end) as bigint),
       cast(sum(case when p.part = 0 and u.special = 2 then 1 else 0 end) as bigint),
       cast(sum(case when p.part = 0 then u.unemployed else 0 end) as bigint),
       cast(sum(p.child_cut) as bigint), cast(sum(p.maternity_cut) as bigint), cast(sum(p.special_cut) as bigint),
       cast(sum(p.rest_cut) as bigint)
from report_part p join report_unit u on u.job_id = p.job_id and u.decision_id = p.decision_id
where p.job_id = (select max(x.job_id) from report x where x.fiscal_year = $year and x.decisions > 0)
group by p.part order by p.part
