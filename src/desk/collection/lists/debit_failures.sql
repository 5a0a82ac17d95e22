-- list: debit_failures
-- title: 口座振替不能者一覧
-- purpose: 処理番号の振替のうち、できなかったものと理由です
-- right: list
-- audit: output
-- param: run count 処理番号 1
-- column: person_no text 宛名番号
-- column: levy_year count 年度
-- column: number count 期
-- column: yen yen 金額
-- column: result text 結果
-- column: debit_ymd day 振替日
-- words: result collection.debit.result
select p.person_no, r.levy_year, r.number, r.yen, s.result, s.debit_ymd
from debit_request r join debit_result s on s.debit_request_id = r.debit_request_id and s.result <> '0'
join person p on p.person_id = r.person_id
where r.run_no = $run
order by s.result, p.person_no, r.levy_year, r.number
