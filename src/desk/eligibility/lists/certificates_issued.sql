-- list: certificates_issued
-- title: 証の交付状況
-- purpose: 選んだ月に交付した証の数、そのうち回収したもの、基準日に有効なものの数です
-- right: statistics
-- small: issued returned running
-- total: 計
-- chart: kind issued
-- audit: output
-- param: month month 交付した月 this_month
-- derive: first day month_from month
-- derive: behind day month_to month
-- column: kind text 証の種類
-- column: issued count 交付
-- column: returned count 回収
-- column: running count 有効
-- words: kind eligibility.certificate
select c.kind, count(*), count(*) filter (where c.returned_ymd is not null),
  count(*) filter (where c.returned_ymd is null and (c.valid_until is null or c.valid_until >= $first))
from certificate c
where {now c} and $month is not null and c.issued_ymd >= $first and c.issued_ymd < $behind
group by c.kind
order by c.kind
