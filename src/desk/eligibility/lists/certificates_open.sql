-- list: certificates_open
-- title: 証の回収未了の一覧
-- purpose: 資格を失ったのに、期限の残る証が返ってきていない人です。返還の案内に使います
-- right: list
-- audit: output
-- column: lost day 資格喪失日
-- column: lost_by text 喪失事由
-- column: kind text 証の種類
-- column: serial text 発行番号
-- column: valid_until day? 有効期限
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
-- words: kind eligibility.certificate
-- words: lost_by eligibility.reason
select e.valid_to, e.lost_by, c.kind, c.serial, c.valid_until, p.person_no, n.name, n.kana, h.household_no
from certificate c
join insured_period e on e.person_id = c.person_id and {now e} and e.valid_to is not null
  and e.valid_to > c.issued_ymd
join person p on p.person_id = c.person_id
left join person_name n on n.person_id = c.person_id and n.is_used = 1 and {asof n}
left join membership m on m.person_id = c.person_id and {asof m}
left join household h on h.household_id = m.household_id
where {now c} and c.returned_ymd is null and c.kind not in ('notice', 'special_notice') and (c.valid_until is null or c.valid_until > e.valid_to)
  and not exists (select 1 from insured_period s where s.person_id = c.person_id and {asof s})
  and not exists (select 1 from insured_period l where l.person_id = c.person_id and {now l} and l.valid_from > e.valid_from)
order by e.valid_to, p.person_no, c.serial
