-- table: liability
-- about: what one debtor owes under one notice number of one levy year; never moves when the household changes
-- marks: fact chained
-- digest: select p.person_no, h.household_no, l.kind, l.accounting_year, l.levy_year, l.notice_no from liability l join person p on p.person_id = l.debtor_id join household h on h.household_id = l.household_id where l.known_to is null
create table liability (
    liability_id     id not null primary key, -- 債権ID | 収滞納 内部番号 7年 なし 開示
    kind             text not null,           -- 科目 | 収滞納 医療保険関係 7年 なし 開示
    debtor_id        id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    household_id     id not null,             -- 発生した世帯ID | 収滞納 内部番号 7年 なし 開示
    accounting_year  count not null,          -- 会計年度 | 収滞納 医療保険関係 7年 なし 開示
    levy_year        count not null,          -- 相当年度 | 収滞納 医療保険関係 7年 なし 開示
    notice_no        count not null,          -- 通知書番号 | 収滞納 医療保険関係 7年 なし 開示
    known_from       id not null,
    known_to         id
);
create index liability_by_debtor on liability (debtor_id, levy_year);
create index liability_by_household on liability (household_id, levy_year);
create index liability_by_notice on liability (levy_year, notice_no);
create index liability_by_event on liability (known_from);

-- table: instalment
-- about: one instalment (期) of a liability: due day and the amount charged on it; another amount or day is another row
-- marks: fact chained
-- digest: select l.levy_year, l.notice_no, i.number, i.due_ymd, i.charged_yen, i.medical_yen, i.support_yen, i.care_yen, i.child_yen from instalment i join liability l on l.liability_id = i.liability_id where i.known_to is null
create table instalment (
    instalment_id  id not null primary key,  -- 期別行番号 | 収滞納 内部番号 7年 なし 開示
    liability_id   id not null,              -- 債権ID | 収滞納 内部番号 7年 なし 開示
    number         count not null check (number between 1 and 99), -- 期 | 収滞納 医療保険関係 7年 なし 開示
    due_ymd        day not null,             -- 納期限 | 収滞納 医療保険関係 7年 なし 開示
    charged_yen    yen not null check (charged_yen >= 0), -- 期別調定額 | 収滞納 医療保険関係 7年 金額 開示
    medical_yen    yen not null,             -- うち医療分 | 収滞納 医療保険関係 7年 金額 開示
    support_yen    yen not null,             -- うち支援金分 | 収滞納 医療保険関係 7年 金額 開示
    care_yen       yen not null,             -- うち介護分 | 収滞納 医療保険関係 7年 金額 開示
    child_yen      yen not null,             -- うち子ども分 | 収滞納 医療保険関係 7年 金額 開示
    known_from     id not null,
    known_to       id,
    check (charged_yen = medical_yen + support_yen + care_yen + child_yen)
);
create index instalment_by_liability on instalment (liability_id, number);
create index instalment_by_event on instalment (known_from);

-- table: journal_entry
-- about: one transaction of the ledger; its postings sum to zero; nothing here is ever changed
-- marks: chained
-- digest: select l.levy_year, l.notice_no, e.kind, e.accounting_ymd, e.value_ymd, e.booked_year from journal_entry e join liability l on l.liability_id = e.liability_id
create table journal_entry (
    entry_id        id not null primary key,  -- 仕訳番号 | 収滞納 内部番号 7年 なし 開示
    kind            text not null,            -- 取引（調定・収納・還付など） | 収滞納 医療保険関係 7年 なし 開示
    liability_id    id not null,              -- 債権ID | 収滞納 内部番号 7年 なし 開示
    accounting_ymd  day not null,             -- 会計日 | 収滞納 医療保険関係 7年 なし 開示
    value_ymd       day not null,             -- 効力日 | 収滞納 医療保険関係 7年 なし 開示
    booked_year     count not null,           -- 記帳した会計年度 | 収滞納 医療保険関係 7年 なし 開示
    basis_id        id not null,              -- 根拠の決定など | 収滞納 内部番号 7年 なし 開示
    known_from      id not null
);
create index journal_entry_by_liability on journal_entry (liability_id);
create index journal_entry_by_event on journal_entry (known_from);
create index journal_entry_by_day on journal_entry (accounting_ymd);

-- table: posting
-- about: one line of a transaction: so much into or out of an account of an instalment (0: of the liability as a whole), by component
-- marks: chained
-- digest: select l.levy_year, l.notice_no, e.kind, p.number, p.account, p.is_charge, p.yen, p.medical_yen, p.support_yen, p.care_yen, p.child_yen from posting p join journal_entry e on e.entry_id = p.entry_id join liability l on l.liability_id = p.liability_id
create table posting (
    posting_id    id not null primary key,  -- 仕訳行番号 | 収滞納 内部番号 7年 なし 開示
    entry_id      id not null,              -- 仕訳番号 | 収滞納 内部番号 7年 なし 開示
    liability_id  id not null,              -- 債権ID | 収滞納 内部番号 7年 なし 開示
    number        count not null,           -- 期 | 収滞納 医療保険関係 7年 なし 開示
    account       count not null check (account between 1 and 15), -- 勘定 | 収滞納 医療保険関係 7年 なし 開示
    is_charge     flag not null,            -- 調定・更正によるもの | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null,             -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    medical_yen   yen not null,             -- うち医療分 | 収滞納 医療保険関係 7年 金額 開示
    support_yen   yen not null,             -- うち支援金分 | 収滞納 医療保険関係 7年 金額 開示
    care_yen      yen not null,             -- うち介護分 | 収滞納 医療保険関係 7年 金額 開示
    child_yen     yen not null,             -- うち子ども分 | 収滞納 医療保険関係 7年 金額 開示
    known_from    id not null
);
create index posting_by_liability on posting (liability_id, number);
create index posting_by_event on posting (known_from);
create index posting_overpaid on posting (liability_id, number) where account = 4;
