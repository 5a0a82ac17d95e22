-- list: placements
-- title: マル学・マル遠・住所地特例の一覧
-- purpose: 住んでいない世帯で被保険者になっている人と、別の住所で証を使う人です。確認の期限か終わりの日が選んだ日までの人だけを出せます(空ならすべて)
-- right: list
-- audit: output
-- param: by day? 確認の期限か終わりの日がこの日まで
-- column: kind text 特例
-- column: review day? 次の確認の期限
-- column: until day? 終わりの日
-- column: place text 学校・施設・滞在先
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text 国保上の世帯
-- column: since day はじまり
-- column: is_insured flag 被保険者
-- words: kind eligibility.placement
select x.kind, x.review_ymd, x.valid_to, x.place, p.person_no, n.name, n.kana, h.household_no, x.valid_from,
  case when exists (select 1 from insured_period e where e.person_id = x.person_id and {asof e}) then 1 else 0 end
from placement x
join person p on p.person_id = x.person_id
join household h on h.household_id = x.household_id
left join person_name n on n.person_id = x.person_id and n.is_used = 1 and {asof n}
where {asof x} and ($by is null or x.review_ymd <= $by or x.valid_to <= $by)
order by case when coalesce(x.review_ymd, x.valid_to) is null then 1 else 0 end, coalesce(x.review_ymd, x.valid_to), p.person_no
