-- list: debits
-- title: 口座振替の登録者一覧
-- purpose: 口座振替が登録されている人と、始める期です
-- right: list
-- audit: output
-- column: person_no text 宛名番号
-- column: received_ymd day 受付日
-- column: first_year count 開始年度
-- column: first_number count 開始期
-- column: bank_code text 金融機関
-- column: branch_code text 店番号
select p.person_no, d.received_ymd, d.first_year, d.first_number, d.bank_code, d.branch_code
from direct_debit d join person p on p.person_id = d.person_id
where d.state = 3 and {now d}
order by d.bank_code, d.branch_code, p.person_no
