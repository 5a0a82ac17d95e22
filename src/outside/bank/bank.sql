-- query: state_of
-- purpose: one thing the service knows of itself
-- in: name text
-- out: value text
-- rows: maybe
select s.value from bank_state s where s.name = $name;

-- query: state_put
-- purpose: remembers it
-- in: name text, value text
-- rows: exec
insert into bank_state (name, value) values ($name, $value)
on conflict (name) do update set value = excluded.value;

-- query: accounts
-- purpose: every account
-- out: account_id count, person_no text, bank text, branch text, account_kind text, account_no text, holder text, kana text, birth_ymd day, income_yen yen, balance_yen yen, state text, has_form flag
-- rows: many
select a.account_id, a.person_no, a.bank, a.branch, a.account_kind, a.account_no, a.holder, a.kana, a.birth_ymd, a.income_yen, a.balance_yen, a.state, a.has_form
from bank_account a order by a.account_id;

-- query: account_put
-- purpose: a new account
-- in: account_id count, person_no text, bank text, branch text, account_kind text, account_no text, holder text, kana text, birth_ymd day, income_yen yen, balance_yen yen, state text, has_form flag
-- rows: exec
insert into bank_account (account_id, person_no, bank, branch, account_kind, account_no, holder, kana, birth_ymd, income_yen, balance_yen, state, has_form)
values ($account_id, $person_no, $bank, $branch, $account_kind, $account_no, $holder, $kana, $birth_ymd, $income_yen, $balance_yen, $state, $has_form);

-- query: account_change
-- purpose: another balance, another state
-- in: account_id count, balance_yen yen, state text, has_form flag
-- rows: exec
update bank_account set balance_yen = $balance_yen, state = $state, has_form = $has_form where account_id = $account_id;

-- query: file_seen
-- purpose: was this file carried out before?
-- in: sha256 text
-- out: what text
-- rows: maybe
select f.what from bank_file f where f.sha256 = $sha256;

-- query: file_put
-- purpose: it is carried out
-- in: sha256 text, what text
-- rows: exec
insert into bank_file (sha256, what) values ($sha256, $what);

-- query: payment_put
-- purpose: a slip was paid
-- in: payment_no count, way text, digits text, more text, yen yen, paid_ymd day, place text, chain text, is_taken_back flag
-- rows: exec
insert into bank_payment (payment_no, way, digits, more, yen, paid_ymd, place, chain, is_taken_back, told)
values ($payment_no, $way, $digits, $more, $yen, $paid_ymd, $place, $chain, $is_taken_back, 0);

-- query: payments
-- purpose: what was paid up to a day and has been told so far
-- in: way text, told count, paid_ymd day
-- out: payment_no count, digits text, more text, yen yen, paid_ymd day, place text, chain text, is_taken_back flag
-- rows: many
select p.payment_no, p.digits, p.more, p.yen, p.paid_ymd, p.place, p.chain, p.is_taken_back
from bank_payment p where p.way = $way and p.told = $told and p.paid_ymd <= $paid_ymd
order by p.payment_no;

-- query: payment_told
-- purpose: it was told
-- in: payment_no count, told count
-- rows: exec
update bank_payment set told = $told where payment_no = $payment_no;

-- query: payment_last
-- purpose: the newest number of a payment
-- out: n count
-- rows: one
select cast(coalesce(max(p.payment_no), 0) as bigint) from bank_payment p;
