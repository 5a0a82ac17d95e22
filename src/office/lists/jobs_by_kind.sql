-- list: jobs_by_kind
-- title: ジョブごとの実績
-- purpose: 対象・済・対象外・失敗の件数。少ない人数は伏せます
-- right: statistics
-- small: done skipped failed
-- audit: output
-- column: kind text ジョブ
-- column: runs count 回数
-- column: done count 済
-- column: skipped count 対象外
-- column: failed count 失敗
-- param: since day 依頼日から today
select j.kind, count(*), cast(sum(j.done) as bigint), cast(sum(j.skipped) as bigint), cast(sum(j.failed) as bigint)
from job j where j.as_of >= $since
group by j.kind order by j.kind
