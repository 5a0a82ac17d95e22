-- list: survey_open
-- title: 賦課準備の調査一覧（未処理）
-- purpose: 賦課の準備で調べる人です。種類は 1 所得の資料なし、2 未申告、3 資料の相違、4 二重の計上、5 扶養で資料なし、6 照会の回答待ち(0 すべて)
-- right: list
-- audit: output
-- param: year count 所得年 2025
-- param: survey count 種類(0はすべて) 0
-- column: survey count 種類
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: kana text? カナ
-- column: household_no text? 世帯番号
-- column: source_a count 資料
-- column: income_a yen 額
-- column: source_b count 相違する資料
-- column: income_b yen 相違する額
-- column: other text 相手・照会先
-- words: survey levy.survey
-- words: source_a levy.survey_source
-- words: source_b levy.survey_source
select s.survey, p.person_no, n.name, n.kana, h.household_no, s.source_a, s.income_a, s.source_b, s.income_b, s.other
from survey_item s
join person p on p.person_id = s.person_id
left join person_name n on n.person_id = s.person_id and n.is_used = 1 and {asof n}
left join household h on h.household_id = s.household_id
where s.income_year = $year and ($survey = 0 or s.survey = $survey) and {now s}
  and not exists (select 1 from survey_done d where d.survey_item_id = s.survey_item_id and {now d})
order by s.survey, p.person_no
