-- list: refunds_open
-- title: 還付未済一覧
-- purpose: 還付を決定して、まだ支払っていないもの。請求のないものと振込できなかったものが分かります(NHI-COL-009、時効の日つき)
-- right: list
-- audit: output
-- column: refund text 還付番号
-- column: person_no text 宛名番号
-- column: name text? 氏名
-- column: decided_ymd day 決定日
-- column: refund_yen yen 還付額
-- column: interest_yen yen 加算金
-- column: limit_ymd day 請求できる最後の日
-- column: claim_state count 請求
-- column: payment_state count 支払
-- words: claim_state collection.claim
-- words: payment_state collection.payment
select cast(r.decided_year as text) || '-' || cast(r.refund_no as text), p.person_no,
  (select n.name from person_name n where n.person_id = r.debtor_id and n.is_used = 1 and {asof n}),
  r.decided_ymd, r.refund_yen, r.interest_yen + r.appropriation_interest_yen, r.limit_ymd, coalesce(c.state, 0), coalesce(y.state, 0)
from refund r
join person p on p.person_id = r.debtor_id
left join refund_claim c on c.refund_id = r.refund_id and {now c}
left join refund_payment y on y.refund_id = r.refund_id and {now y}
where r.refund_yen + r.interest_yen + r.appropriation_interest_yen > 0 and coalesce(y.state, 0) <> 4
order by r.limit_ymd, r.decided_year, r.refund_no
