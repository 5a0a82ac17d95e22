-- list: renewal_excluded
-- title: 証の一斉更新の引抜・除外
-- purpose: 一斉更新で印刷ファイルに入れなかった人と、その理由です。有効な証を持っていて更新のいらない人は除きます(NHI-ELG-030)
-- right: LIST
-- audit: list
-- param: renewal count 更新番号 1
-- column: person_no text 宛名番号
-- column: household_no text 世帯番号
-- column: kind text 証の種類
-- column: outcome text 理由
-- column: serial text 発行番号
-- words: kind eligibility.certificate
-- words: outcome eligibility.renewal
select p.person_no, h.household_no, r.kind, cast(r.outcome as text) as outcome, r.serial
from renewal_row r join person p on p.person_id = r.person_id left join household h on h.household_id = r.household_id
where r.renewal_no = $renewal and r.outcome not in (0, 10)
order by r.outcome, p.person_no
