-- list: late_stage_changes
-- title: 後期高齢者医療担当への引継ぎ一覧
-- purpose: 後期高齢者医療の人の生活保護の開始・終了です。引継ぎファイルに載せるまで「未引継」です
-- right: list
-- audit: output
-- param: month month 異動の月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: waiting flag 未引継
-- column: kind text 異動
-- column: day day 異動日
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: birth day? 生年月日
-- column: reference text? ケース番号
-- words: kind eligibility.late_stage_change
select {open c}, c.kind, c.day, p.person_no, n.name, n.kana, i.birth_ymd, c.reference
from late_stage_change c
join person p on p.person_id = c.person_id
join person_identity i on i.person_id = c.person_id and {known i}
left join person_name n on n.person_id = c.person_id and n.is_used = 1 and {asof n}
where c.day >= $first and c.day < $behind and $month is not null
order by c.day, p.person_no
