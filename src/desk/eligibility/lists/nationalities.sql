-- list: nationalities
-- title: 外国人国籍別一覧表
-- purpose: 国籍・地域ごとの外国人被保険者の数です。計は外国人被保険者の数と一致します(NHI-ELG-047)
-- right: statistics
-- small: men women other people
-- sum: people
-- total: 計
-- chart: nation people
-- day: day
-- audit: output
-- param: day day 基準日 today
-- column: nation text 国籍・地域
-- column: men count 男
-- column: women count 女
-- column: other count 不明
-- column: people count 被保険者
select f.nationality, count(*) filter (where i.sex = '1'), count(*) filter (where i.sex = '2'),
  count(*) filter (where i.sex not in ('1', '2')), count(*)
from insured_period e
join foreign_status f on f.person_id = e.person_id and {asof f}
join person_identity i on i.person_id = e.person_id and {known i}
where {asof e} and $day is not null
group by f.nationality
order by count(*) desc, f.nationality
