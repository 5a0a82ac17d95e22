-- list: cleaned
-- title: 整理（クリーニング）の記録
-- purpose: 保持期間を過ぎて消した完納期・欠損期の件数です。明細は残りません
-- right: statistics
-- small: none
-- total: 計
-- audit: none
-- column: levy_year count 相当年度
-- column: liabilities count 債権
-- column: instalments count 期
-- column: charged_yen yen 調定額
-- column: received_yen yen 収納額
-- column: written_off_yen yen 不納欠損額
select l.levy_year, count(*), cast(sum(c.instalments) as bigint), cast(sum(c.charged_yen) as bigint), cast(sum(c.received_yen) as bigint), cast(sum(c.written_off_yen) as bigint)
from cleaned c join liability l on l.liability_id = c.liability_id and {now l}
where {now c}
group by l.levy_year order by l.levy_year
