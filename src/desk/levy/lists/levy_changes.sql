-- list: levy_changes
-- title: 異動分調定表・増減調定表
-- purpose: 決定日ごとの調定の増減です。前回までの調定額に増額を足し減額を引くと、今回の調定額になります(NHI-ASM-024)
-- right: list
-- audit: output
-- param: year count 賦課年度 fiscal_year
-- param: day day 決定日(まで) today
-- column: decided day 決定日
-- column: before_yen yen 前回までの調定額
-- column: raised count 増額件数
-- column: raised_yen yen 増額
-- column: lowered count 減額件数
-- column: lowered_yen yen 減額
-- column: after_yen yen 今回の調定額
select x.decided, cast(x.total - x.raised_yen + x.lowered_yen as bigint), x.raised, x.raised_yen, x.lowered, x.lowered_yen, cast(x.total as bigint)
from (select g.decided, g.raised, g.raised_yen, g.lowered, g.lowered_yen,
             sum(g.raised_yen - g.lowered_yen) over (order by g.decided) as total
      from (select d.decided_ymd as decided,
                   cast(sum(case when d.total_yen > coalesce(c.before_yen, 0) then 1 else 0 end) as bigint) as raised,
                   cast(sum(case when d.total_yen > coalesce(c.before_yen, 0) then d.total_yen - coalesce(c.before_yen, 0) else 0 end) as bigint) as raised_yen,
                   cast(sum(case when d.total_yen < coalesce(c.before_yen, 0) then 1 else 0 end) as bigint) as lowered,
                   cast(sum(case when d.total_yen < coalesce(c.before_yen, 0) then c.before_yen - d.total_yen else 0 end) as bigint) as lowered_yen
            from decision d left join correction c on c.decision_id = d.decision_id
            where d.fiscal_year = $year and d.decided_ymd <= $day
            group by d.decided_ymd) g) x
order by x.decided
