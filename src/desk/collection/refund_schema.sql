-- table: refund_draft
-- about: a run that matched what was charged with what was paid and proposes appropriations and refunds; nothing but a proposal
-- marks: plain
-- digest: select d.draft_no, d.as_of_ymd, d.status, d.debtors, d.overpaid_yen, d.appropriated_yen, d.refund_yen, d.notice_ymd from refund_draft d
create table refund_draft (
    draft_no      count not null primary key,  -- 起案番号 | 収滞納 内部番号 7年 なし 開示
    as_of_ymd     day not null,                -- 基準日 | 収滞納 医療保険関係 7年 なし 開示
    status        count not null check (status between 1 and 5), -- 状態(1計算中 2起案済 3決定中 4決定済 5破棄) | 収滞納 医療保険関係 7年 なし 開示
    job_id        id not null,                 -- 処理番号 | 収滞納 内部番号 7年 なし 開示
    run_by        id not null,                 -- 起案者 | 収滞納 内部番号 7年 なし 開示
    debtors       count not null,              -- 人数 | 収滞納 医療保険関係 7年 なし 開示
    overpaid_yen  yen not null,                -- 過誤納額 | 収滞納 医療保険関係 7年 金額 開示
    appropriated_yen yen not null,             -- 充当額 | 収滞納 医療保険関係 7年 金額 開示
    refund_yen    yen not null,                -- 還付額 | 収滞納 医療保険関係 7年 金額 開示
    notice_ymd    day,                         -- 通知日(決定日) | 収滞納 医療保険関係 7年 なし 開示
    confirmed_by  id,                          -- 決定者 | 収滞納 内部番号 7年 なし 開示
    confirm_job   id                           -- 決定の処理番号 | 収滞納 内部番号 7年 なし 開示
);
create index refund_draft_by_job on refund_draft (job_id);

-- table: refund_draft_line
-- about: what a draft proposes for one debtor, line by line; goes when the draft is dropped
-- marks: plain
-- digest: select x.draft_no, p.person_no, x.line, x.kind, l.levy_year, l.notice_no, x.number, x.to_number, x.yen from refund_draft_line x join person p on p.person_id = x.debtor_id join liability l on l.liability_id = x.liability_id and {now l}
create table refund_draft_line (
    draft_no      count not null references refund_draft (draft_no), -- 起案番号 | 収滞納 内部番号 7年 なし 開示
    debtor_id     id not null,                 -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    line          count not null,              -- 行 | 収滞納 内部番号 7年 なし 開示
    kind          count not null check (kind between 1 and 4), -- 区分(1充当・本料 2充当・延滞金 3充当・手数料 4還付) | 収滞納 医療保険関係 7年 なし 開示
    liability_id  id not null,                 -- 過誤納のある債権ID | 収滞納 内部番号 7年 なし 開示
    number        count not null,              -- 過誤納のある期 | 収滞納 医療保険関係 7年 なし 開示
    to_liability_id id not null,               -- 充当先の債権ID(還付は0) | 収滞納 内部番号 7年 なし 開示
    to_number     count not null,              -- 充当先の期 | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null check (yen > 0), -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    primary key (draft_no, debtor_id, line)
);
create index refund_draft_line_by_liability on refund_draft_line (liability_id);

-- table: refund
-- about: one decision to appropriate and refund what a debtor overpaid (還付充当決定); never changed
-- marks: chained
-- digest: select r.decided_year, r.refund_no, p.person_no, r.kind, r.draft_no, r.decided_ymd, r.overpaid_yen, r.appropriated_yen, r.refund_yen, r.interest_yen, r.appropriation_interest_yen, r.is_interest_known, r.basis, r.limit_ymd from refund r join person p on p.person_id = r.debtor_id
create table refund (
    refund_id     id not null primary key,     -- 還付ID | 収滞納 内部番号 7年 なし 開示
    decided_year  count not null,              -- 決定した年度 | 収滞納 医療保険関係 7年 なし 開示
    refund_no     count not null,              -- 還付番号（年度ごと） | 収滞納 医療保険関係 7年 なし 開示
    debtor_id     id not null,                 -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    kind          text not null,               -- 科目 | 収滞納 医療保険関係 7年 なし 開示
    draft_no      count not null,              -- 起案番号（0は窓口） | 収滞納 内部番号 7年 なし 開示
    decided_ymd   day not null,                -- 決定日（通知日） | 収滞納 医療保険関係 7年 なし 開示
    overpaid_yen  yen not null check (overpaid_yen > 0), -- 過誤納額 | 収滞納 医療保険関係 7年 金額 開示
    appropriated_yen yen not null check (appropriated_yen >= 0), -- 充当額 | 収滞納 医療保険関係 7年 金額 開示
    refund_yen    yen not null check (refund_yen >= 0), -- 還付額 | 収滞納 医療保険関係 7年 金額 開示
    interest_yen  yen not null check (interest_yen >= 0), -- 還付加算金 | 収滞納 医療保険関係 7年 金額 開示
    appropriation_interest_yen yen not null check (appropriation_interest_yen >= 0), -- 充当加算金 | 収滞納 医療保険関係 7年 金額 開示
    is_interest_known flag not null,           -- 加算金を計算した | 収滞納 医療保険関係 7年 なし 開示
    basis         text not null,               -- 根拠（過誤納の事由） | 収滞納 医療保険関係 7年 なし 開示
    limit_ymd     day not null,                -- 還付を請求できる最後の日 | 収滞納 医療保険関係 7年 なし 開示
    drafted_by    id not null,                 -- 起案者 | 収滞納 内部番号 7年 なし 開示
    decided_by    id not null,                 -- 決定者 | 収滞納 内部番号 7年 なし 開示
    known_from    id not null,
    check (overpaid_yen = appropriated_yen + refund_yen)
);
create index refund_by_debtor on refund (debtor_id);
create index refund_by_no on refund (decided_year, refund_no);
create index refund_by_draft on refund (draft_no);
create index refund_by_event on refund (known_from);

-- table: refund_line
-- about: one line of a decision: so much of an instalment's overpayment to another instalment, or back to the debtor; never changed
-- marks: chained
-- digest: select r.decided_year, r.refund_no, x.line, x.kind, l.levy_year, l.notice_no, x.number, x.to_number, x.yen, x.medical_yen, x.support_yen, x.care_yen, x.child_yen, x.interest_yen, x.cause, x.paid_ymd, x.limit_ymd, x.received_year, x.booked_year, x.is_prior from refund_line x join refund r on r.refund_id = x.refund_id join liability l on l.liability_id = x.liability_id and {now l}
create table refund_line (
    refund_line_id id not null primary key,    -- 還付行番号 | 収滞納 内部番号 7年 なし 開示
    refund_id     id not null,                 -- 還付ID | 収滞納 内部番号 7年 なし 開示
    line          count not null,              -- 行 | 収滞納 内部番号 7年 なし 開示
    kind          count not null check (kind between 1 and 4), -- 区分(1充当・本料 2充当・延滞金 3充当・手数料 4還付) | 収滞納 医療保険関係 7年 なし 開示
    liability_id  id not null,                 -- 過誤納のある債権ID | 収滞納 内部番号 7年 なし 開示
    number        count not null,              -- 過誤納のある期 | 収滞納 医療保険関係 7年 なし 開示
    to_liability_id id not null,               -- 充当先の債権ID(還付は0) | 収滞納 内部番号 7年 なし 開示
    to_number     count not null,              -- 充当先の期 | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null check (yen > 0), -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    medical_yen   yen not null,                -- うち医療分 | 収滞納 医療保険関係 7年 金額 開示
    support_yen   yen not null,                -- うち支援金分 | 収滞納 医療保険関係 7年 金額 開示
    care_yen      yen not null,                -- うち介護分 | 収滞納 医療保険関係 7年 金額 開示
    child_yen     yen not null,                -- うち子ども分 | 収滞納 医療保険関係 7年 金額 開示
    interest_yen  yen not null check (interest_yen >= 0), -- 加算金 | 収滞納 医療保険関係 7年 金額 開示
    cause         text not null,               -- 過誤納の事由 | 収滞納 医療保険関係 7年 なし 開示
    paid_ymd      day not null,                -- 納付日（最後のもの） | 収滞納 医療保険関係 7年 なし 開示
    limit_ymd     day not null,                -- 請求できる最後の日 | 収滞納 医療保険関係 7年 なし 開示
    received_year count not null,              -- 収入した会計年度 | 収滞納 医療保険関係 7年 なし 開示
    booked_year   count not null,              -- 還付・充当する会計年度 | 収滞納 医療保険関係 7年 なし 開示
    is_prior      flag not null,               -- 歳出還付（0は戻出） | 収滞納 医療保険関係 7年 なし 開示
    known_from    id not null
);
create index refund_line_by_refund on refund_line (refund_id, line);
create index refund_line_by_liability on refund_line (liability_id);
create index refund_line_by_event on refund_line (known_from);

-- table: refund_claim
-- about: the refund request a citizen returned (還付請求書), with the account it names; another one takes its place
-- marks: fact chained
-- digest: select r.decided_year, r.refund_no, c.way, c.claimed_ymd, c.state, c.bank_code, c.branch_code, c.account_kind, c.account_no, c.holder, c.note from refund_claim c join refund r on r.refund_id = c.refund_id where {now c}
create table refund_claim (
    refund_claim_id id not null primary key,   -- 請求行番号 | 収滞納 内部番号 7年 なし 開示
    refund_id     id not null,                 -- 還付ID | 収滞納 内部番号 7年 なし 開示
    way           text not null check (way in ('form', 'public')), -- 口座の入手方法 | 収滞納 医療保険関係 7年 なし 開示
    claimed_ymd   day not null,                -- 請求日 | 収滞納 医療保険関係 7年 なし 開示
    state         count not null check (state between 1 and 3), -- 状態(1口座あり 2公金受取口座を照会中 3登録なし) | 収滞納 医療保険関係 7年 なし 開示
    bank_code     text not null,               -- 金融機関コード | 収滞納 口座 7年 口座 開示
    branch_code   text not null,               -- 店番号 | 収滞納 口座 7年 口座 開示
    account_kind  text not null,               -- 預金種目 | 収滞納 口座 7年 なし 開示
    account_no    text not null,               -- 口座番号 | 収滞納 口座 7年 口座 開示
    holder        text not null,               -- 口座名義(全銀の文字) | 収滞納 口座 7年 氏名 開示
    purpose_code  text not null,               -- 照会の利用目的コード | 収滞納 医療保険関係 7年 なし 開示
    note          text not null,               -- 備考 | 収滞納 医療保険関係 7年 なし 開示
    known_from    id not null,
    known_to      id
);
create unique index refund_claim_once on refund_claim (refund_id) where known_to is null;
create index refund_claim_by_refund on refund_claim (refund_id);
create index refund_claim_asked on refund_claim (state, refund_claim_id) where state = 2;
create index refund_claim_by_event on refund_claim (known_from);

-- table: refund_payment
-- about: the payment of a refund: ordered, taken by finance, handed to the bank, paid or failed; the next state closes it
-- marks: fact chained
-- digest: select r.decided_year, r.refund_no, p.attempt, p.state, p.yen, p.interest_yen, p.ordered_ymd, p.paid_ymd, p.order_no, p.reason from refund_payment p join refund r on r.refund_id = p.refund_id where {now p}
create table refund_payment (
    refund_payment_id id not null primary key, -- 支払行番号 | 収滞納 内部番号 7年 なし 開示
    refund_id     id not null,                 -- 還付ID | 収滞納 内部番号 7年 なし 開示
    attempt       count not null check (attempt > 0), -- 支払の回 | 収滞納 医療保険関係 7年 なし 開示
    state         count not null check (state between 1 and 5), -- 状態(1支出命令 2財務受付 3振込依頼 4支払済 5振込不能) | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null,                -- 還付額 | 収滞納 医療保険関係 7年 金額 開示
    interest_yen  yen not null,                -- 加算金 | 収滞納 医療保険関係 7年 金額 開示
    ordered_ymd   day not null,                -- 支出命令日 | 収滞納 医療保険関係 7年 なし 開示
    paid_ymd      day,                         -- 支払日 | 収滞納 医療保険関係 7年 なし 開示
    order_no      text not null,               -- 財務会計の命令番号 | 収滞納 医療保険関係 7年 なし 開示
    reason        text not null,               -- 不能の事由 | 収滞納 医療保険関係 7年 なし 開示
    known_from    id not null,
    known_to      id
);
create unique index refund_payment_once on refund_payment (refund_id) where known_to is null;
create index refund_payment_by_refund on refund_payment (refund_id);
create index refund_payment_by_state on refund_payment (state, refund_id) where known_to is null;
create index refund_payment_by_event on refund_payment (known_from);
