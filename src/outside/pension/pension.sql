-- query: state_of
-- purpose: one thing the service knows of itself
-- in: name text
-- out: value text
-- rows: maybe
select s.value from payer_state s where s.name = $name;

-- query: state_put
-- purpose: remembers it
-- in: name text, value text
-- rows: exec
insert into payer_state (name, value) values ($name, $value);

-- query: pensioners
-- purpose: everybody, by payer and number
-- out: pensioner_no count, payer text, birth_ymd day, sex text, kana text, name text, address text, yearly_yen yen, lost_ymd day?, held_ymd day?
-- rows: many
select p.pensioner_no, p.payer, p.birth_ymd, p.sex, p.kana, p.name, p.address, p.yearly_yen, p.lost_ymd, p.held_ymd
from pensioner p
order by p.payer, p.pensioner_no;

-- query: pensioner_put
-- purpose: a new pensioner
-- in: pensioner_no count, payer text, birth_ymd day, sex text, kana text, name text, address text, yearly_yen yen, lost_ymd day?, held_ymd day?
-- rows: exec
insert into pensioner (pensioner_no, payer, birth_ymd, sex, kana, name, address, yearly_yen, lost_ymd, held_ymd)
values ($pensioner_no, $payer, $birth_ymd, $sex, $kana, $name, $address, $yearly_yen, $lost_ymd, $held_ymd);

-- query: instructions
-- purpose: every instruction, by pensioner, oldest first
-- out: instruction_no count, pensioner_no count, notice text, from_ymd day, first_yen yen, each_yen yen, is_stop flag
-- rows: many
select i.instruction_no, i.pensioner_no, i.notice, i.from_ymd, i.first_yen, i.each_yen, i.is_stop
from instruction i
order by i.pensioner_no, i.instruction_no;

-- query: instruction_put
-- purpose: a new instruction
-- in: instruction_no count, pensioner_no count, notice text, from_ymd day, first_yen yen, each_yen yen, is_stop flag
-- rows: exec
insert into instruction (instruction_no, pensioner_no, notice, from_ymd, first_yen, each_yen, is_stop)
values ($instruction_no, $pensioner_no, $notice, $from_ymd, $first_yen, $each_yen, $is_stop);
