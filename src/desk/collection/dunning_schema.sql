-- table: dunning_hold
-- about: why letters about arrears of a debtor wait, and what relieves his late charges: suspended, deferred, paying by agreement, not to be mailed
-- marks: fact chained
-- digest: select p.person_no, x.kind, x.reason, x.valid_from, x.valid_to, {open x} as is_open from dunning_hold x join person p on p.person_id = x.debtor_id
create table dunning_hold (
    hold_id       id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 開示
    debtor_id     id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    liability_id  id not null,             -- 債権ID（0はすべて） | 収滞納 内部番号 7年 なし 開示
    kind          text not null check (kind in ('suspended', 'deferred', 'agreement', 'no_mail')), -- 停止・猶予などの別 | 収滞納 医療保険関係 7年 なし 開示
    reason        text not null,           -- 理由 | 収滞納 医療保険関係 7年 なし 開示
    valid_from    day not null,
    valid_to      day,
    known_from    id not null,
    known_to      id
);
create index dunning_hold_by_debtor on dunning_hold (debtor_id, known_to);
create index dunning_hold_by_event on dunning_hold (known_from);

-- table: late_waiver
-- about: late charges that are not asked for (延滞金の減免): days of an instalment, with the reason; entered by one person, checked by another
-- marks: fact chained
-- digest: select l.levy_year, l.notice_no, x.number, x.valid_from, x.valid_to, x.ground, x.reason, {open x} as is_open from late_waiver x join liability l on l.liability_id = x.liability_id
create table late_waiver (
    waiver_id     id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 開示
    liability_id  id not null,             -- 債権ID | 収滞納 内部番号 7年 なし 開示
    number        count not null,          -- 期（0はすべて） | 収滞納 医療保険関係 7年 なし 開示
    ground        text not null,           -- 減免の事由 | 収滞納 医療保険関係 7年 なし 開示
    reason        text not null,           -- 理由 | 収滞納 医療保険関係 7年 なし 開示
    valid_from    day not null,
    valid_to      day,
    known_from    id not null,
    known_to      id
);
create index late_waiver_by_liability on late_waiver (liability_id, known_to);
create index late_waiver_by_event on late_waiver (known_from);

-- table: dunning
-- about: one dunning (督促) of one instalment: number, day, basis, who decided, what was unpaid, by when to pay, until when the right lasts; closed when it is withdrawn before posting
-- marks: fact chained
-- digest: select d.dunning_no, l.levy_year, l.notice_no, d.number, d.balance_yen, d.fee_yen, d.decided_ymd, d.issue_ymd, d.pay_by_ymd, d.lapse_ymd, d.basis, d.hand_reason, {open d} as is_open from dunning d join liability l on l.liability_id = d.liability_id
create table dunning (
    dunning_id    id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 開示
    dunning_no    count not null,          -- 督促の番号 | 収滞納 医療保険関係 7年 なし 開示
    liability_id  id not null,             -- 債権ID | 収滞納 内部番号 7年 なし 開示
    number        count not null,          -- 期 | 収滞納 医療保険関係 7年 なし 開示
    debtor_id     id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    due_ymd       day not null,            -- 納期限 | 収滞納 医療保険関係 7年 なし 開示
    balance_yen   yen not null check (balance_yen > 0), -- 督促した額 | 収滞納 医療保険関係 7年 金額 開示
    fee_yen       yen not null,            -- 督促手数料 | 収滞納 医療保険関係 7年 金額 開示
    decided_ymd   day not null,            -- 決定日 | 収滞納 医療保険関係 7年 なし 開示
    issue_ymd     day not null,            -- 発する日 | 収滞納 医療保険関係 7年 なし 開示
    pay_by_ymd    day not null,            -- 指定期限 | 収滞納 医療保険関係 7年 なし 開示
    lapse_ymd     day not null,            -- 時効の最終日 | 収滞納 医療保険関係 7年 なし 開示
    basis         text not null,           -- 根拠 | 収滞納 医療保険関係 7年 なし 開示
    officer_id    id not null,             -- 決定者 | 収滞納 内部番号 7年 なし 非開示
    draft_no      id not null,             -- 抽出の番号 | 収滞納 内部番号 7年 なし 非開示
    hand_reason   count not null,          -- 手渡しなどにする理由（0は郵送） | 収滞納 医療保険関係 7年 なし 非開示
    known_from    id not null,
    known_to      id
);
create unique index dunning_once on dunning (liability_id, number) where known_to is null;
create index dunning_by_instalment on dunning (liability_id, number);
create index dunning_by_debtor on dunning (debtor_id);
create index dunning_by_no on dunning (dunning_no);
create index dunning_by_draft on dunning (draft_no, dunning_no);
create index dunning_by_event on dunning (known_from);

-- table: dunning_withdrawal
-- about: why a dunning or reminder was taken out (引抜) before it was posted
-- marks: chained
-- digest: select w.letter, w.reason, w.note, w.withdrawn_ymd from dunning_withdrawal w
create table dunning_withdrawal (
    withdrawal_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    letter        text not null check (letter in ('dunning', 'reminder')), -- 文書の別 | 収滞納 医療保険関係 7年 なし 開示
    letter_id     id not null,             -- 文書の行番号 | 収滞納 内部番号 7年 なし 非開示
    reason        count not null,          -- 引抜の理由 | 収滞納 医療保険関係 7年 なし 開示
    note          text not null,           -- 説明 | 収滞納 医療保険関係 7年 なし 非開示
    withdrawn_ymd day not null,            -- 引き抜いた日 | 収滞納 医療保険関係 7年 なし 開示
    known_from    id not null
);
create index dunning_withdrawal_by_letter on dunning_withdrawal (letter, letter_id);
create index dunning_withdrawal_by_event on dunning_withdrawal (known_from);

-- table: reminder
-- about: one reminder (催告) to one debtor: what was unpaid on a day with late charges, number, basis, who decided; closed when withdrawn before posting
-- marks: fact chained
-- digest: select r.reminder_no, p.person_no, r.as_of_ymd, r.decided_ymd, r.issue_ymd, r.pay_by_ymd, r.balance_yen, r.late_yen, r.with_receipt, r.basis, {open r} as is_open from reminder r join person p on p.person_id = r.debtor_id
create table reminder (
    reminder_id   id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 開示
    reminder_no   count not null,          -- 催告の番号 | 収滞納 医療保険関係 7年 なし 開示
    debtor_id     id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    as_of_ymd     day not null,            -- 延滞金の計算日 | 収滞納 医療保険関係 7年 なし 開示
    decided_ymd   day not null,            -- 決定日 | 収滞納 医療保険関係 7年 なし 開示
    issue_ymd     day not null,            -- 発する日 | 収滞納 医療保険関係 7年 なし 開示
    pay_by_ymd    day not null,            -- 指定期限 | 収滞納 医療保険関係 7年 なし 開示
    balance_yen   yen not null,            -- 未納額 | 収滞納 医療保険関係 7年 金額 開示
    late_yen      yen not null,            -- 延滞金 | 収滞納 医療保険関係 7年 金額 開示
    with_receipt  flag not null,           -- 領収書付き | 収滞納 医療保険関係 7年 なし 開示
    basis         text not null,           -- 根拠 | 収滞納 医療保険関係 7年 なし 開示
    officer_id    id not null,             -- 決定者 | 収滞納 内部番号 7年 なし 非開示
    draft_no      id not null,             -- 抽出の番号 | 収滞納 内部番号 7年 なし 非開示
    hand_reason   count not null,          -- 手渡しなどにする理由（0は郵送） | 収滞納 医療保険関係 7年 なし 非開示
    known_from    id not null,
    known_to      id
);
create index reminder_by_debtor on reminder (debtor_id);
create index reminder_by_no on reminder (reminder_no);
create index reminder_by_draft on reminder (draft_no, reminder_no);
create index reminder_by_event on reminder (known_from);

-- table: dunning_draft
-- about: a drafted run of dunnings or reminders: who would get one, who not and why; nothing is decided before a second person confirms its totals
-- marks: plain
create table dunning_draft (
    draft_no      id not null primary key, -- 抽出の番号 | 収滞納 内部番号 1年 なし 非開示
    kind          text not null check (kind in ('dunning', 'reminder')), -- 督促・催告の別 | 収滞納 内部番号 1年 なし 非開示
    as_of_ymd     day not null,            -- 基準日 | 収滞納 内部番号 1年 なし 非開示
    terms         text not null,           -- 抽出条件 | 収滞納 内部番号 1年 なし 非開示
    status        count not null check (status between 1 and 5), -- 状態 | 収滞納 内部番号 1年 なし 非開示
    letters       count not null,          -- 通数 | 収滞納 内部番号 1年 なし 非開示
    letters_yen   yen not null,            -- 金額 | 収滞納 内部番号 1年 なし 非開示
    left_out      count not null,          -- 出さない件数 | 収滞納 内部番号 1年 なし 非開示
    run_by        id not null,             -- 抽出した人 | 収滞納 内部番号 1年 なし 非開示
    job_id        id not null,             -- 処理 | 収滞納 内部番号 1年 なし 非開示
    confirmed_by  id,                      -- 確定した人 | 収滞納 内部番号 1年 なし 非開示
    issue_ymd     day                      -- 発する日 | 収滞納 内部番号 1年 なし 非開示
);

-- table: dunning_draft_row
-- about: one unpaid instalment of a draft: its balance, and why it gets no letter (0: it does)
-- marks: big plain
create table dunning_draft_row (
    draft_row_id  id not null primary key, -- 行番号 | 収滞納 内部番号 1年 なし 非開示
    draft_no      id not null,             -- 抽出の番号 | 収滞納 内部番号 1年 なし 非開示
    debtor_id     id not null,             -- 納付義務者ID | 収滞納 内部番号 1年 なし 非開示
    liability_id  id not null,             -- 債権ID | 収滞納 内部番号 1年 なし 非開示
    number        count not null,          -- 期 | 収滞納 内部番号 1年 なし 非開示
    due_ymd       day not null,            -- 納期限 | 収滞納 内部番号 1年 なし 非開示
    balance_yen   yen not null,            -- 未納額 | 収滞納 内部番号 1年 なし 非開示
    late_yen      yen not null,            -- 延滞金 | 収滞納 内部番号 1年 なし 非開示
    reason        count not null,          -- 出さない理由 | 収滞納 内部番号 1年 なし 非開示
    unique (draft_no, liability_id, number)
);
create index dunning_draft_row_by_debtor on dunning_draft_row (draft_no, debtor_id);

-- table: reminder_item
-- about: one unpaid instalment a reminder lists, as decided; what is printed is the balance of the day it is printed
-- marks: chained
-- digest: select r.reminder_no, l.levy_year, l.notice_no, i.number, i.balance_yen, i.late_yen from reminder_item i join reminder r on r.reminder_id = i.reminder_id join liability l on l.liability_id = i.liability_id
create table reminder_item (
    reminder_item_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 開示
    reminder_id      id not null,             -- 催告の行番号 | 収滞納 内部番号 7年 なし 開示
    liability_id     id not null,             -- 債権ID | 収滞納 内部番号 7年 なし 開示
    number           count not null,          -- 期 | 収滞納 医療保険関係 7年 なし 開示
    balance_yen      yen not null,            -- 未納額 | 収滞納 医療保険関係 7年 金額 開示
    late_yen         yen not null,            -- 延滞金 | 収滞納 医療保険関係 7年 金額 開示
    known_from       id not null
);
create index reminder_item_by_reminder on reminder_item (reminder_id);
create index reminder_item_by_instalment on reminder_item (liability_id, number);
create index reminder_item_by_event on reminder_item (known_from);
