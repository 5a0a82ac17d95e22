-- table: receipt_file
-- about: a file, batch or day of the counter that told of receipts; taken once, by its digest
-- marks: fact chained
-- digest: select f.channel, f.source, f.file_name, f.sha256, f.records, f.total_yen from receipt_file f where {now f}
create table receipt_file (
    receipt_file_id id not null primary key,  -- 収納ファイルID | 収滞納 内部番号 7年 なし 開示
    channel         count not null,           -- 収納方法 | 収滞納 医療保険関係 7年 なし 開示
    source          text not null,            -- 入手元 | 収滞納 医療保険関係 7年 なし 開示
    file_name       text not null,            -- ファイル名 | 収滞納 医療保険関係 7年 なし 開示
    sha256          text not null,            -- ハッシュ値 | 収滞納 内部番号 7年 なし 開示
    records         count not null,           -- 件数 | 収滞納 医療保険関係 7年 なし 開示
    total_yen       yen not null,             -- 合計額 | 収滞納 医療保険関係 7年 金額 開示
    known_from      id not null,
    known_to        id
);
create index receipt_file_by_digest on receipt_file (sha256);
create index receipt_file_by_event on receipt_file (known_from);

-- table: receipt
-- about: one receipt as a channel told of it (収納明細), whatever became of it; never changed
-- marks: chained
-- digest: select f.sha256, r.line, r.channel, r.stage, r.levy_year, r.notice_no, r.number, r.yen, r.late_yen, r.fee_yen, r.paid_ymd, r.accounting_ymd, r.raw_key, r.outcome, r.reason from receipt r join receipt_file f on f.receipt_file_id = r.receipt_file_id
create table receipt (
    receipt_id      id not null primary key,  -- 収納明細ID | 収滞納 内部番号 7年 なし 開示
    receipt_file_id id not null,              -- 収納ファイルID | 収滞納 内部番号 7年 なし 開示
    line            count not null,           -- 行 | 収滞納 内部番号 7年 なし 開示
    channel         count not null,           -- 収納方法 | 収滞納 医療保険関係 7年 なし 開示
    stage           count not null check (stage between 1 and 3), -- 速報・確報・速報取消 | 収滞納 医療保険関係 7年 なし 開示
    levy_year       count not null,           -- 相当年度 | 収滞納 医療保険関係 7年 なし 開示
    notice_no       count not null,           -- 通知書番号 | 収滞納 医療保険関係 7年 なし 開示
    number          count not null,           -- 期 | 収滞納 医療保険関係 7年 なし 開示
    yen             yen not null check (yen >= 0), -- 収納額 | 収滞納 医療保険関係 7年 金額 開示
    late_yen        yen not null check (late_yen >= 0), -- 延滞金 | 収滞納 医療保険関係 7年 金額 開示
    fee_yen         yen not null check (fee_yen >= 0), -- 督促手数料 | 収滞納 医療保険関係 7年 金額 開示
    paid_ymd        day not null,             -- 領収日 | 収滞納 医療保険関係 7年 なし 開示
    accounting_ymd  day not null,             -- 収納日 | 収滞納 医療保険関係 7年 なし 開示
    funds_ymd       day,                      -- 資金日 | 収滞納 医療保険関係 7年 なし 開示
    place           text not null,            -- 収納場所 | 収滞納 医療保険関係 7年 なし 開示
    slip_kind       text not null,            -- 納付書の種別 | 収滞納 医療保険関係 7年 なし 開示
    raw_key         text not null,            -- 元の照合番号 | 収滞納 内部番号 7年 なし 開示
    outcome         count not null check (outcome between 1 and 4), -- 消込の結果 | 収滞納 医療保険関係 7年 なし 開示
    reason          text not null,            -- エラー事由 | 収滞納 医療保険関係 7年 なし 開示
    known_from      id not null
);
create index receipt_by_file on receipt (receipt_file_id, line);
create index receipt_by_notice on receipt (levy_year, notice_no, number);
create index receipt_by_day on receipt (accounting_ymd);
create index receipt_by_event on receipt (known_from);
create index receipt_expected on receipt (raw_key) where stage = 1;
create index receipt_open on receipt (outcome, receipt_id) where outcome in (2, 3);

-- table: receipt_treatment
-- about: what became of a receipt that was held or expected: posted under a key that a person settled, given back, confirmed, cancelled
-- marks: fact chained
-- digest: select f.sha256, r.line, t.state, t.levy_year, t.notice_no, t.number, t.accounting_ymd, t.reason from receipt_treatment t join receipt r on r.receipt_id = t.receipt_id join receipt_file f on f.receipt_file_id = r.receipt_file_id where {now t}
create table receipt_treatment (
    receipt_treatment_id id not null primary key, -- 処理ID | 収滞納 内部番号 7年 なし 開示
    receipt_id      id not null,              -- 収納明細ID | 収滞納 内部番号 7年 なし 開示
    state           count not null check (state between 1 and 4), -- 処理 | 収滞納 医療保険関係 7年 なし 開示
    levy_year       count not null,           -- 相当年度 | 収滞納 医療保険関係 7年 なし 開示
    notice_no       count not null,           -- 通知書番号 | 収滞納 医療保険関係 7年 なし 開示
    number          count not null,           -- 期 | 収滞納 医療保険関係 7年 なし 開示
    accounting_ymd  day not null,             -- 処理した会計日 | 収滞納 医療保険関係 7年 なし 開示
    reason          text not null,            -- 理由 | 収滞納 医療保険関係 7年 なし 開示
    known_from      id not null,
    known_to        id
);
create index receipt_treatment_by_receipt on receipt_treatment (receipt_id);
create index receipt_treatment_by_event on receipt_treatment (known_from);
create index receipt_treatment_by_day on receipt_treatment (accounting_ymd);

-- table: carry_over
-- about: a liability whose unpaid rest went into the next accounting year (滞納繰越), with the rest as it was then
-- marks: fact chained
-- digest: select l.levy_year, l.notice_no, c.from_year, c.to_year, c.yen from carry_over c join liability l on l.liability_id = c.liability_id where {now c}
create table carry_over (
    carry_over_id id not null primary key,    -- 繰越ID | 収滞納 内部番号 7年 なし 開示
    liability_id  id not null,                -- 債権ID | 収滞納 内部番号 7年 なし 開示
    from_year     count not null,             -- 繰越元の会計年度 | 収滞納 医療保険関係 7年 なし 開示
    to_year       count not null,             -- 繰越先の会計年度 | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null,               -- 繰越額 | 収滞納 医療保険関係 7年 金額 開示
    known_from    id not null,
    known_to      id
);
create index carry_over_by_liability on carry_over (liability_id, to_year);
create index carry_over_by_event on carry_over (known_from);

-- table: slip
-- about: a slip issued apart from the first notice's (再発行、督促、催告); the next one takes its place
-- marks: fact chained
-- digest: select l.levy_year, l.notice_no, s.number, s.issue, s.kind, s.yen, s.late_yen, s.fee_yen, s.limit_ymd, s.issued_ymd from slip s join liability l on l.liability_id = s.liability_id where {now s}
create table slip (
    slip_id      id not null primary key,     -- 納付書ID | 収滞納 内部番号 7年 なし 開示
    liability_id id not null,                 -- 債権ID | 収滞納 内部番号 7年 なし 開示
    number       count not null,              -- 期 | 収滞納 医療保険関係 7年 なし 開示
    issue        count not null check (issue between 1 and 9), -- 再発行区分 | 収滞納 医療保険関係 7年 なし 開示
    kind         text not null,               -- 納付書の種別 | 収滞納 医療保険関係 7年 なし 開示
    yen          yen not null check (yen >= 0), -- 本料の額 | 収滞納 医療保険関係 7年 金額 開示
    late_yen     yen not null check (late_yen >= 0), -- 延滞金の額 | 収滞納 医療保険関係 7年 金額 開示
    fee_yen      yen not null check (fee_yen >= 0), -- 督促手数料の額 | 収滞納 医療保険関係 7年 金額 開示
    limit_ymd    day not null,                -- 使用期限 | 収滞納 医療保険関係 7年 なし 開示
    issued_ymd   day not null,                -- 発行日 | 収滞納 医療保険関係 7年 なし 開示
    reason       text not null,               -- 理由 | 収滞納 医療保険関係 7年 なし 開示
    known_from   id not null,
    known_to     id
);
create index slip_by_liability on slip (liability_id, number);
create index slip_by_event on slip (known_from);
