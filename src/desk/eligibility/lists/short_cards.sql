-- list: short_cards
-- title: 短期証交付状況集計表
-- purpose: 選んだ月に交付した短期の被保険者証を、有効期間の月数ごとに数えます(NHI-ELG-046)
-- right: statistics
-- small: issued returned
-- total: 計
-- audit: output
-- param: month month 交付した月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: months text 有効期間
-- column: issued count 交付
-- column: returned count 回収
select case when a.months is null then '期限なし' else cast(a.months as text) || 'か月' end, a.issued, a.returned
from (
  select (cast(substr(c.valid_until, 1, 4) as bigint) - cast(substr(c.issued_ymd, 1, 4) as bigint)) * 12
      + cast(substr(c.valid_until, 6, 2) as bigint) - cast(substr(c.issued_ymd, 6, 2) as bigint) as months,
    count(*) as issued, count(*) filter (where c.returned_ymd is not null) as returned
  from certificate c
  where {now c} and $month is not null and c.kind = 'short_card' and c.issued_ymd >= $first and c.issued_ymd < $behind
  group by 1) a
order by a.months
