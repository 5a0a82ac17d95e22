-- query: report_decisions
-- purpose: the decisions of a year that were in force at the end of a day, by row, some at a time
-- in: fiscal_year count, base_ymd day, after id, n count
-- out: decision_id id, household_id id, event_no id, looked_from id, rule_hash blob, tier count, insured count, marks count
-- out: judge_yen yen, total_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen, explanation blob
-- rows: many
select d.decision_id, d.household_id, d.known_from, d.looked_from, d.rule_hash, d.tier, d.insured,
       d.marks, d.judge_yen, d.total_yen, d.medical_yen, d.support_yen, d.care_yen, d.child_yen,
       d.explanation
from decision d
join event o on o.event_no = d.known_from
left join event c on c.event_no = d.known_to
where d.fiscal_year = $fiscal_year and d.decision_id > $after
  and o.received <= $base_ymd and (c.event_no is null or c.received > $base_ymd)
order by d.decision_id limit $n;

-- query: report_control
-- purpose: the same decisions counted and added up by the store, for the control of a report
-- in: fiscal_year count, base_ymd day
-- out: decisions count, insured count, total_yen yen, medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: one
select count(*), cast(coalesce(sum(d.insured), 0) as bigint), cast(coalesce(sum(d.total_yen), 0) as bigint),
       cast(coalesce(sum(d.medical_yen), 0) as bigint), cast(coalesce(sum(d.support_yen), 0) as bigint),
       cast(coalesce(sum(d.care_yen), 0) as bigint), cast(coalesce(sum(d.child_yen), 0) as bigint)
from decision d
join event o on o.event_no = d.known_from
left join event c on c.event_no = d.known_to
where d.fiscal_year = $fiscal_year
  and o.received <= $base_ymd and (c.event_no is null or c.received > $base_ymd);

-- query: report_sums
-- purpose: what a report's households add up to
-- in: job_id id
-- out: decisions count, insured count, total_yen yen
-- rows: one
select count(*), cast(coalesce(sum(u.insured), 0) as bigint), cast(coalesce(sum(u.total_yen), 0) as bigint)
from report_unit u where u.job_id = $job_id;

-- query: report_parts
-- purpose: what a report's parts add up to
-- in: job_id id
-- out: part count, people count, at_cap count, income_yen yen, asset_yen yen, person_yen yen, household_yen yen
-- out: special_cut yen, person_cut yen, household_cut yen, child_cut yen, maternity_cut yen, cap_cut yen, rest_cut yen, levied_yen yen
-- rows: many
select p.part, cast(sum(p.people) as bigint), cast(sum(p.at_cap) as bigint), cast(sum(p.income_yen) as bigint),
       cast(sum(p.asset_yen) as bigint), cast(sum(p.person_yen) as bigint), cast(sum(p.household_yen) as bigint),
       cast(sum(p.special_cut) as bigint), cast(sum(p.person_cut) as bigint), cast(sum(p.household_cut) as bigint),
       cast(sum(p.child_cut) as bigint), cast(sum(p.maternity_cut) as bigint), cast(sum(p.cap_cut) as bigint),
       cast(sum(p.rest_cut) as bigint), cast(sum(p.levied_yen) as bigint)
from report_part p where p.job_id = $job_id group by p.part order by p.part;

-- query: report_groups
-- purpose: households and insured of a report by income class and reduction, for the federation's file
-- in: job_id id
-- out: band_from yen, tier count, households count, insured count, undeclared count, preschool count, special count
-- out: basis_yen yen, asset_yen yen, total_yen yen
-- rows: many
select u.band_from, u.tier, count(*), cast(sum(u.insured) as bigint),
       cast(sum((u.marks / 16) % 2) as bigint), cast(sum(u.preschool) as bigint),
       cast(sum(case when u.special > 0 then 1 else 0 end) as bigint),
       cast(sum(u.basis_yen) as bigint), cast(sum(u.asset_yen) as bigint), cast(sum(u.total_yen) as bigint)
from report_unit u where u.job_id = $job_id
group by u.band_from, u.tier order by u.band_from, u.tier desc;

-- query: report_group_parts
-- purpose: the parts of the same groups
-- in: job_id id
-- out: band_from yen, tier count, part count, people count, at_cap count, levied_yen yen, cap_cut yen
-- rows: many
select p.band_from, p.tier, p.part, cast(sum(p.people) as bigint), cast(sum(p.at_cap) as bigint),
       cast(sum(p.levied_yen) as bigint), cast(sum(p.cap_cut) as bigint)
from report_part p where p.job_id = $job_id
group by p.band_from, p.tier, p.part order by p.band_from, p.tier desc, p.part;

-- query: report_of_year
-- purpose: the newest report of a year, or one (0: the newest)
-- in: fiscal_year count
-- out: job_id id, base_ymd day, decisions count, total_yen yen
-- rows: maybe
select r.job_id, r.base_ymd, r.decisions, r.total_yen from report r
where r.job_id = (select max(x.job_id) from report x where x.fiscal_year = $fiscal_year);

-- query: reports_recent
-- purpose: the newest reports
-- in: n count
-- out: job_id id, fiscal_year count, base_ymd day, decisions count, total_yen yen
-- rows: many
select r.job_id, r.fiscal_year, r.base_ymd, r.decisions, r.total_yen
from report r order by r.job_id desc limit $n;

-- query: report_shares_of
-- purpose: who bears the reductions of a report
-- in: job_id id
-- out: kind count, amount_yen yen, state_yen yen, prefecture_yen yen, city_yen yen
-- rows: many
select s.kind, s.amount_yen, s.state_yen, s.prefecture_yen, s.city_yen
from report_share s where s.job_id = $job_id order by s.kind;

-- query: report_clear
-- purpose: a report is written anew by its job
-- in: job_id id
-- rows: exec
delete from report where job_id = $job_id;

-- query: report_unit_clear
-- purpose: as report_clear
-- in: job_id id
-- rows: exec
delete from report_unit where job_id = $job_id;

-- query: report_part_clear
-- purpose: as report_clear
-- in: job_id id
-- rows: exec
delete from report_part where job_id = $job_id;

-- query: report_share_clear
-- purpose: as report_clear
-- in: job_id id
-- rows: exec
delete from report_share where job_id = $job_id;

-- query: report_support_clear
-- purpose: as report_clear
-- in: job_id id
-- rows: exec
delete from report_support where job_id = $job_id;

-- query: report_reduced
-- purpose: insured of a report by part and reduction, and what was levied on them
-- in: job_id id
-- out: part count, tier count, people count, levied_yen yen
-- rows: many
select p.part, p.tier, cast(sum(p.people) as bigint), cast(sum(p.levied_yen) as bigint)
from report_part p where p.job_id = $job_id group by p.part, p.tier order by p.part, p.tier desc;

-- query: report_supports
-- purpose: what supports the insurer, by part and reduction
-- in: job_id id
-- out: part count, tier count, people count, average_yen yen, per_cent count, amount_yen yen
-- rows: many
select s.part, s.tier, s.people, s.average_yen, s.per_cent, s.amount_yen
from report_support s where s.job_id = $job_id order by s.part, s.tier desc;

-- query: report_finish
-- purpose: the control totals of a report that is complete
-- in: job_id id, decisions count, total_yen yen
-- rows: exec
update report set decisions = $decisions, total_yen = $total_yen where job_id = $job_id;

-- query: certificate_last_no
-- purpose: the last certificate of the levy
-- out: certificate_no count
-- rows: one
select cast(coalesce(max(c.certificate_no), 0) as bigint) from levied_certificate c;

-- query: certificates_of
-- purpose: certificates issued about somebody, newest first
-- in: debtor_id id
-- out: certificate_no count, fiscal_year count, issued_ymd day, purpose text, receiver text, total_yen yen
-- rows: many
select c.certificate_no, c.fiscal_year, c.issued_ymd, c.purpose, c.receiver, c.total_yen
from levied_certificate c where c.debtor_id = $debtor_id and {now c} order by c.certificate_no desc;

-- query: certified_decisions
-- purpose: the decisions of a debtor and year in force
-- in: debtor_id id, fiscal_year count
-- out: decision_id id, decision_no count, decided_ymd day, cause text, household_id id, from_ymd day, tier count, total_yen yen
-- out: medical_yen yen, support_yen yen, care_yen yen, child_yen yen
-- rows: many
select d.decision_id, d.decision_no, d.decided_ymd, d.cause, d.household_id, d.from_ymd, d.tier, d.total_yen,
       d.medical_yen, d.support_yen, d.care_yen, d.child_yen
from decision d where d.debtor_id = $debtor_id and d.fiscal_year = $fiscal_year and {now d}
order by d.decided_ymd, d.decision_no;
