-- list: debit_wishes
-- title: 口座振替の申出があって登録のない人
-- purpose: 年金からの差引きにかえて口座振替を申し出た人のうち、口座振替がまだ登録されていない人です
-- right: list
-- audit: output
-- column: person_no text 宛名番号
-- column: received_ymd day 申出日
-- column: from_ymd day 差引きをやめる支払日
select p.person_no, w.received_ymd, w.from_ymd
from pension_wish w join person p on p.person_id = w.person_id
where {now w} and w.ended_ymd is null
  and not exists (select 1 from direct_debit d where d.person_id = w.person_id and d.state = 3 and {now d})
order by w.received_ymd, p.person_no
