-- list: resident_changes
-- title: 住記異動者一覧
-- purpose: 選んだ月に届いた住民記録の異動のうち国保の資格に関わるものと、その処理の状態です(NHI-ELG-042)
-- right: list
-- audit: output
-- param: month month 異動の月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: cause day 異動日
-- column: kind count 異動
-- column: state count 処理
-- column: reason text? 届出によらず閉じた理由
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text 世帯番号
-- words: kind eligibility.pending
-- words: state eligibility.pending_state
select x.cause_ymd, x.kind, coalesce(r.state, 0), r.reason, p.person_no, n.name, n.kana, h.household_no
from pending_change x
left join pending_result r on r.pending_change_id = x.pending_change_id
join person p on p.person_id = x.person_id
join household h on h.household_id = x.household_id
left join person_name n on n.person_id = x.person_id and n.is_used = 1 and {asof n}
where x.cause_ymd >= $first and x.cause_ymd < $behind and $month is not null and x.source = 'register'
order by x.cause_ymd, p.person_no, x.kind
