-- list: resident_changes
-- title: 住記異動者一覧
-- purpose: 選んだ月に届け出られた住民記録の異動のうち、国保の被保険者のいる世帯に関わるものと、その処理の状態です(NHI-ELG-042)
-- right: list
-- audit: output
-- param: month month 届出の月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: cause day 異動日
-- column: change text 異動
-- column: kind count? 処理待ちの種類
-- column: state count 処理
-- column: reason text? 届出によらず閉じた理由
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
-- words: change eligibility.resident_change
-- words: kind eligibility.pending
-- words: state eligibility.pending_state
select z.cause, z.change, z.kind, z.state, z.reason, z.person_no, n.name, n.kana, h.household_no
from (
  select c.change_ymd as cause, c.kind as change, c.pending_kind as kind,
    case c.state when 'refused' then 4 when 'no_concern' then 5 else coalesce(r.state, 0) end as state,
    r.reason as reason, c.person_no as person_no, c.person_id as person_id, c.household_id as household_id
  from resident_change c
  left join pending_change x on x.pending_change_id = (select max(y.pending_change_id) from pending_change y
    where y.person_id = c.person_id and y.kind = c.pending_kind and y.cause_ymd = c.change_ymd and y.source = 'register')
  left join pending_result r on r.pending_change_id = x.pending_change_id
  where c.notified_ymd >= $first and c.notified_ymd < $behind and $month is not null
    and (c.state <> 'no_concern' or exists (select 1 from insured_period e
      where e.person_id = c.person_id and {now e} and coalesce(e.valid_to, '9999-12-31') >= c.change_ymd)
      or exists (select 1 from membership m join insured_period e on e.person_id = m.person_id and {now e}
        where m.household_id = c.household_id and {now m} and coalesce(m.valid_to, '9999-12-31') >= c.change_ymd
          and coalesce(e.valid_to, '9999-12-31') >= c.change_ymd))
  union all
  select x.cause_ymd, 'register', x.kind, coalesce(r.state, 0), r.reason, p.person_no, x.person_id, x.household_id
  from pending_change x
  join person p on p.person_id = x.person_id
  left join pending_result r on r.pending_change_id = x.pending_change_id
  where x.cause_ymd >= $first and x.cause_ymd < $behind and x.source = 'register'
    and not exists (select 1 from resident_change c where c.person_id = x.person_id and c.pending_kind = x.kind
      and c.change_ymd = x.cause_ymd)) z
left join household h on h.household_id = z.household_id
left join person_name n on n.person_id = z.person_id and n.is_used = 1 and {asof n}
order by z.cause, z.person_no, z.change, z.kind
