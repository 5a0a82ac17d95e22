-- query: check_charged
-- purpose: decisions whose amount is not what was charged
-- in: year count
-- out: person_id id, household_id id, subject text, facts text
-- rows: many
select d.debtor_id, d.household_id, h.household_no, '通知書番号 ' || cast(d.decision_no as text) || ' 決定 ' || cast(d.total_yen as text) || '円 調定 ' || cast(coalesce(c.yen, 0) as text) || '円'
from decision d
join household h on h.household_id = d.household_id
left join (select l.notice_no as notice_no, cast(sum(i.charged_yen) as bigint) as yen
  from liability l join instalment i on i.liability_id = l.liability_id and {known i}
  where l.levy_year = $year and {known l} group by l.notice_no) c on c.notice_no = d.decision_no
where d.fiscal_year = $year and {known d} and d.total_yen <> coalesce(c.yen, 0)
order by h.household_no;
