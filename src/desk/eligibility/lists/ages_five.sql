-- list: ages_five
-- title: 年齢別統計表(5歳階級)
-- purpose: 基準日の満年齢ごとの被保険者数です。計は被保険者数と一致します(NHI-ELG-048)
-- right: statistics
-- small: men women other people
-- sum: people
-- total: 計
-- chart: band people
-- day: day
-- audit: output
-- param: day day 基準日 today
-- column: band text 年齢
-- column: men count 男
-- column: women count 女
-- column: other count 不明
-- column: people count 被保険者
select case when a.band is null then '不詳' else cast(a.band as text) || '〜' || cast(a.band + 4 as text) || '歳' end, a.men, a.women, a.other, a.people
from (
  select case when i.birth_ymd is null then null else (cast(substr($day, 1, 4) as bigint) - cast(substr(i.birth_ymd, 1, 4) as bigint) - case when substr($day, 6) < substr(i.birth_ymd, 6) then 1 else 0 end) / 5 * 5 end as band,
    count(*) filter (where i.sex = '1') as men, count(*) filter (where i.sex = '2') as women,
    count(*) filter (where i.sex not in ('1', '2')) as other, count(*) as people
  from insured_period e
  join person_identity i on i.person_id = e.person_id and {known i}
  where {asof e}
  group by 1) a
order by case when a.band is null then 1 else 0 end, a.band
