-- list: overdue
-- title: 滞納者一覧
-- purpose: 納期限を過ぎた未納のある人です。納期限の翌日から載り、納めると消えます
-- right: list
-- audit: output
-- param: day day 基準日 today
-- column: person_no text 宛名番号
-- column: instalments count 期数
-- column: oldest_ymd day いちばん古い納期限
-- column: overdue_yen yen 未納額
select p.person_no, count(*), min(x.due_ymd), cast(sum(x.yen) as bigint)
from (select l.debtor_id as debtor_id, i.due_ymd as due_ymd,
             (select sum(q.yen) from posting q where q.liability_id = i.liability_id and q.number = i.number and q.account = 2) as yen
      from liability l join instalment i on i.liability_id = l.liability_id and {now i}
      where {now l} and i.due_ymd < $day) x
join person p on p.person_id = x.debtor_id
where x.yen > 0
group by p.person_no order by sum(x.yen) desc, p.person_no
