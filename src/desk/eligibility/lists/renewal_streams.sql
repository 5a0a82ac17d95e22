-- list: renewal_streams
-- title: 証の一斉更新の振り分け
-- purpose: 一斉更新の証の種類ごとの数と、印刷しないものの理由ごとの数です。系統main(被保険者証・資格確認書など)の計は更新日の被保険者数と一致します(NHI-ELG-030)
-- right: statistics
-- small: people
-- total: 計
-- audit: output
-- param: renewal count 更新番号 1
-- column: family text 証の系統
-- column: kind text 証の種類
-- column: outcome text 結果
-- column: people count 人数
-- words: kind eligibility.certificate
-- words: outcome eligibility.renewal
select r.family, r.kind, cast(r.outcome as text) as outcome, count(*) as people
from renewal_row r
where r.renewal_no = $renewal
group by r.family, r.kind, r.outcome
order by r.family desc, r.kind, r.outcome
