-- table: direct_debit
-- about: an application for direct debit (口座振替の申込み: 新規・変更・解約) and what became of it; what was accepted holds until another takes its place or it ends
-- marks: fact chained
-- digest: select p.person_no, d.action, d.state, d.received_ymd, d.first_year, d.first_number, d.first_due_ymd, d.bank_code, d.branch_code, d.account_kind, d.account_no, d.holder, d.answer, d.ended_ymd, d.ended_by from direct_debit d join person p on p.person_id = d.person_id where {now d}
create table direct_debit (
    direct_debit_id id not null primary key,  -- 口座振替ID | 収滞納 内部番号 7年 なし 開示
    debit_no        id not null,              -- 申込番号 | 収滞納 内部番号 7年 なし 開示
    person_id       id not null,              -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    action          text not null check (action in ('new', 'change', 'cancel')), -- 申込区分 | 収滞納 口座 7年 なし 開示
    state           count not null check (state between 1 and 5), -- 状態（1受付 2照会中 3登録 4不備 5終了） | 収滞納 口座 7年 なし 開示
    received_ymd    day not null,             -- 受付日 | 収滞納 口座 7年 なし 開示
    first_year      count not null,           -- 開始する相当年度 | 収滞納 口座 7年 なし 開示
    first_number    count not null,           -- 開始する期 | 収滞納 口座 7年 なし 開示
    first_due_ymd   day not null,             -- 開始する納期限 | 収滞納 口座 7年 なし 開示
    bank_code       text not null,            -- 金融機関コード | 収滞納 口座 7年 口座 開示
    branch_code     text not null,            -- 店番号 | 収滞納 口座 7年 口座 開示
    account_kind    text not null,            -- 預金種目 | 収滞納 口座 7年 なし 開示
    account_no      text not null,            -- 口座番号 | 収滞納 口座 7年 口座 開示
    holder          text not null,            -- 口座名義 | 収滞納 口座 7年 氏名 開示
    answer          text not null,            -- 金融機関の回答 | 収滞納 口座 7年 なし 開示
    answered_ymd    day,                      -- 回答日 | 収滞納 口座 7年 なし 開示
    ended_ymd       day,                      -- 終了日 | 収滞納 口座 7年 なし 開示
    ended_by        text not null,            -- 終了の理由 | 収滞納 口座 7年 なし 開示
    known_from      id not null,
    known_to        id,
    check (length(bank_code) = 4 and length(branch_code) = 3 and length(account_no) = 7)
);
create index direct_debit_by_person on direct_debit (person_id);
create index direct_debit_by_no on direct_debit (debit_no);
create index direct_debit_by_state on direct_debit (state, first_due_ymd);
create index direct_debit_by_event on direct_debit (known_from);

-- table: debit_run
-- about: a run of direct debits for one due day: drafted by one person, confirmed by another; the files hang on it
-- marks: plain
create table debit_run (
    run_no       id not null primary key,     -- 振替処理番号 | 収滞納 内部番号 7年 なし 開示
    of_run       id,                          -- 再振替のもとの処理番号 | 収滞納 内部番号 7年 なし 開示
    due_ymd      day not null,                -- 納期限 | 収滞納 医療保険関係 7年 なし 開示
    debit_ymd    day not null,                -- 振替日 | 収滞納 医療保険関係 7年 なし 開示
    state        count not null check (state between 1 and 3), -- 状態（1仮 2確定 3取消） | 収滞納 医療保険関係 7年 なし 開示
    requests     count not null,              -- 件数 | 収滞納 医療保険関係 7年 なし 開示
    total_yen    yen not null,                -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    made_ymd     day not null,                -- 作成日 | 収滞納 医療保険関係 7年 なし 開示
    made_by      id not null,                 -- 作成した利用者 | 収滞納 内部番号 7年 なし 開示
    confirmed_by id                           -- 確定した利用者 | 収滞納 内部番号 7年 なし 開示
);
create index debit_run_by_due on debit_run (due_ymd);

-- table: debit_draft
-- about: what a drafted run would ask of the banks, line by line; dropped with the draft, copied when it is confirmed
-- marks: plain big
create table debit_draft (
    debit_draft_id  id not null primary key,  -- 行番号 | 収滞納 内部番号 1年 なし 非開示
    run_no          id not null references debit_run (run_no), -- 振替処理番号 | 収滞納 内部番号 1年 なし 非開示
    file_no         count not null,           -- ファイルの順 | 収滞納 内部番号 1年 なし 非開示
    debit_no        id not null,              -- 申込番号 | 収滞納 内部番号 1年 なし 非開示
    person_id       id not null,              -- 納付義務者ID | 収滞納 内部番号 1年 なし 非開示
    liability_id    id not null,              -- 債権ID | 収滞納 内部番号 1年 なし 非開示
    subject         text not null,            -- 科目 | 収滞納 医療保険関係 1年 なし 非開示
    levy_year       count not null,           -- 相当年度 | 収滞納 医療保険関係 1年 なし 非開示
    notice_no       count not null,           -- 通知書番号 | 収滞納 医療保険関係 1年 なし 非開示
    number          count not null,           -- 期 | 収滞納 医療保険関係 1年 なし 非開示
    yen             yen not null,             -- 金額 | 収滞納 医療保険関係 1年 金額 非開示
    bank_code       text not null,            -- 金融機関コード | 収滞納 口座 1年 口座 非開示
    branch_code     text not null,            -- 店番号 | 収滞納 口座 1年 口座 非開示
    account_kind    text not null,            -- 預金種目 | 収滞納 口座 1年 なし 非開示
    account_no      text not null,            -- 口座番号 | 収滞納 口座 1年 口座 非開示
    holder          text not null,            -- 口座名義 | 収滞納 口座 1年 氏名 非開示
    new_code        text not null,            -- 新規コード | 収滞納 口座 1年 なし 非開示
    customer_no     text not null             -- 顧客番号 | 収滞納 内部番号 1年 なし 非開示
);
create index debit_draft_by_run on debit_draft (run_no, file_no);

-- table: debit_file
-- about: a file of direct debits as it went to a bank, under a contractor (and subject and section where set)
-- marks: chained
-- digest: select f.due_ymd, f.debit_ymd, f.contractor, f.bank_code, f.subject, f.section, f.sha256, f.records, f.total_yen from debit_file f
create table debit_file (
    debit_file_id  id not null primary key,   -- 振替ファイルID | 収滞納 内部番号 7年 なし 開示
    run_no         id not null,               -- 振替処理番号 | 収滞納 内部番号 7年 なし 開示
    due_ymd        day not null,              -- 納期限 | 収滞納 医療保険関係 7年 なし 開示
    debit_ymd      day not null,              -- 振替日 | 収滞納 医療保険関係 7年 なし 開示
    contractor     text not null,             -- 委託者コード | 収滞納 医療保険関係 7年 なし 開示
    bank_code      text not null,             -- 取引銀行 | 収滞納 医療保険関係 7年 なし 開示
    subject        text not null,             -- 科目（空はすべて） | 収滞納 医療保険関係 7年 なし 開示
    section        text not null,             -- 課 | 収滞納 医療保険関係 7年 なし 開示
    file_name      text not null,             -- ファイル名 | 収滞納 医療保険関係 7年 なし 開示
    sha256         text not null,             -- ハッシュ値 | 収滞納 内部番号 7年 なし 開示
    records        count not null,            -- 件数 | 収滞納 医療保険関係 7年 なし 開示
    total_yen      yen not null,              -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    known_from     id not null
);
create index debit_file_by_run on debit_file (run_no);
create index debit_file_by_day on debit_file (debit_ymd, bank_code);
create index debit_file_by_event on debit_file (known_from);

-- table: debit_request
-- about: one debit asked of a bank
-- marks: chained
-- digest: select f.sha256, r.customer_no, r.levy_year, r.notice_no, r.number, r.yen, r.bank_code, r.branch_code, r.account_kind, r.account_no, r.holder, r.new_code from debit_request r join debit_file f on f.debit_file_id = r.debit_file_id
create table debit_request (
    debit_request_id id not null primary key, -- 振替依頼ID | 収滞納 内部番号 7年 なし 開示
    debit_file_id    id not null,             -- 振替ファイルID | 収滞納 内部番号 7年 なし 開示
    run_no           id not null,             -- 振替処理番号 | 収滞納 内部番号 7年 なし 開示
    debit_no         id not null,             -- 申込番号 | 収滞納 内部番号 7年 なし 開示
    person_id        id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    liability_id     id not null,             -- 債権ID | 収滞納 内部番号 7年 なし 開示
    levy_year        count not null,          -- 相当年度 | 収滞納 医療保険関係 7年 なし 開示
    notice_no        count not null,          -- 通知書番号 | 収滞納 医療保険関係 7年 なし 開示
    number           count not null,          -- 期 | 収滞納 医療保険関係 7年 なし 開示
    yen              yen not null check (yen > 0), -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    bank_code        text not null,           -- 金融機関コード | 収滞納 口座 7年 口座 開示
    branch_code      text not null,           -- 店番号 | 収滞納 口座 7年 口座 開示
    account_kind     text not null,           -- 預金種目 | 収滞納 口座 7年 なし 開示
    account_no       text not null,           -- 口座番号 | 収滞納 口座 7年 口座 開示
    holder           text not null,           -- 口座名義 | 収滞納 口座 7年 氏名 開示
    new_code         text not null,           -- 新規コード | 収滞納 口座 7年 なし 開示
    customer_no      text not null,           -- 顧客番号 | 収滞納 内部番号 7年 なし 開示
    known_from       id not null
);
create index debit_request_by_file on debit_request (debit_file_id, customer_no);
create index debit_request_by_run on debit_request (run_no);
create index debit_request_by_person on debit_request (person_id);
create index debit_request_by_debit on debit_request (debit_no);
create index debit_request_by_liability on debit_request (liability_id, number);
create index debit_request_by_event on debit_request (known_from);

-- table: debit_answer
-- about: a bank's result file (振替結果) as it came
-- marks: chained
-- digest: select f.sha256 as asked, a.sha256, a.done, a.done_yen, a.failed, a.failed_yen from debit_answer a join debit_file f on f.debit_file_id = a.debit_file_id
create table debit_answer (
    debit_answer_id id not null primary key,  -- 結果ファイルID | 収滞納 内部番号 7年 なし 開示
    debit_file_id   id not null,              -- 振替ファイルID | 収滞納 内部番号 7年 なし 開示
    file_name       text not null,            -- ファイル名 | 収滞納 医療保険関係 7年 なし 開示
    sha256          text not null,            -- ハッシュ値 | 収滞納 内部番号 7年 なし 開示
    done            count not null,           -- 振替済件数 | 収滞納 医療保険関係 7年 なし 開示
    done_yen        yen not null,             -- 振替済金額 | 収滞納 医療保険関係 7年 金額 開示
    failed          count not null,           -- 振替不能件数 | 収滞納 医療保険関係 7年 なし 開示
    failed_yen      yen not null,             -- 振替不能金額 | 収滞納 医療保険関係 7年 金額 開示
    known_from      id not null
);
create unique index debit_answer_by_file on debit_answer (debit_file_id);
create index debit_answer_by_event on debit_answer (known_from);

-- table: debit_result
-- about: what the bank said to one debit (振替結果コード)
-- marks: chained
-- digest: select f.sha256, r.customer_no, s.result from debit_result s join debit_request r on r.debit_request_id = s.debit_request_id join debit_file f on f.debit_file_id = r.debit_file_id
create table debit_result (
    debit_result_id  id not null primary key, -- 振替結果ID | 収滞納 内部番号 7年 なし 開示
    debit_request_id id not null,             -- 振替依頼ID | 収滞納 内部番号 7年 なし 開示
    result           text not null check (result in ('0', '1', '2', '3', '4', '8', '9')), -- 振替結果コード | 収滞納 医療保険関係 7年 なし 開示
    debit_ymd        day not null,            -- 振替日 | 収滞納 医療保険関係 7年 なし 開示
    known_from       id not null
);
create unique index debit_result_by_request on debit_result (debit_request_id);
create index debit_result_by_event on debit_result (known_from);

-- table: debit_letter
-- about: a notice about direct debits as it was printed: of failure with a slip, of the year's debits
-- marks: chained
-- digest: select p.person_no, t.kind, t.subject_no, t.issued_ymd, t.print_data from debit_letter t join person p on p.person_id = t.person_id
create table debit_letter (
    debit_letter_id id not null primary key,  -- 通知ID | 収滞納 内部番号 7年 なし 開示
    person_id       id not null,              -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    kind            text not null check (kind in ('failed', 'done')), -- 通知の種類 | 収滞納 医療保険関係 7年 なし 開示
    subject_no      id not null,              -- 振替処理番号または年 | 収滞納 医療保険関係 7年 なし 開示
    issued_ymd      day not null,             -- 発行日 | 収滞納 医療保険関係 7年 なし 開示
    layout_hash     blob not null,            -- 様式のハッシュ値 | 収滞納 内部番号 7年 なし 開示
    print_data      blob not null,            -- 印字内容 | 収滞納 医療保険関係 7年 氏名 開示
    pulled          text not null,            -- 引抜の理由 | 収滞納 医療保険関係 7年 なし 開示
    known_from      id not null
);
create index debit_letter_by_person on debit_letter (person_id);
create index debit_letter_by_subject on debit_letter (kind, subject_no);
create index debit_letter_by_event on debit_letter (known_from);

-- table: transfer_order
-- about: money that is to be paid into somebody's account (振込): a refund and the like, until the bank paid it or sent it back
-- marks: fact chained
-- digest: select p.person_no, o.basis, o.state, o.order_no, o.yen, o.bank_code, o.branch_code, o.account_kind, o.account_no, o.holder, o.pay_ymd, o.result from transfer_order o join person p on p.person_id = o.person_id where {now o}
create table transfer_order (
    transfer_order_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 開示
    transfer_no   id not null,                -- 振込番号 | 収滞納 内部番号 7年 なし 開示
    person_id     id not null,                -- 受取人ID | 収滞納 内部番号 7年 なし 開示
    basis         text not null,              -- 支払の原因（refund 還付） | 収滞納 医療保険関係 7年 なし 開示
    basis_id      id not null,                -- 原因の行 | 収滞納 内部番号 7年 なし 開示
    order_no      text not null,              -- 支出命令番号 | 収滞納 医療保険関係 7年 なし 開示
    state         count not null check (state between 1 and 4), -- 状態（1待ち 2送付 3支払済 4不能） | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null check (yen > 0), -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    bank_code     text not null,              -- 金融機関コード | 収滞納 口座 7年 口座 開示
    branch_code   text not null,              -- 店番号 | 収滞納 口座 7年 口座 開示
    account_kind  text not null,              -- 預金種目 | 収滞納 口座 7年 なし 開示
    account_no    text not null,              -- 口座番号 | 収滞納 口座 7年 口座 開示
    holder        text not null,              -- 口座名義 | 収滞納 口座 7年 氏名 開示
    pay_ymd       day not null,               -- 振込指定日 | 収滞納 医療保険関係 7年 なし 開示
    file_id       id,                         -- 振込ファイルID | 収滞納 内部番号 7年 なし 開示
    result        text not null,              -- 振込結果 | 収滞納 医療保険関係 7年 なし 開示
    known_from    id not null,
    known_to      id,
    check (length(bank_code) = 4 and length(branch_code) = 3 and length(account_no) = 7)
);
create index transfer_order_by_no on transfer_order (transfer_no);
create index transfer_order_by_person on transfer_order (person_id);
create index transfer_order_by_state on transfer_order (state, pay_ymd);
create index transfer_order_by_file on transfer_order (file_id);
create index transfer_order_by_event on transfer_order (known_from);

-- table: transfer_file
-- about: a file of transfers (総合振込) as it went to the bank, and the file of results as it came back
-- marks: chained
-- digest: select f.way, f.pay_ymd, f.contractor, f.bank_code, f.sha256, f.records, f.total_yen from transfer_file f
create table transfer_file (
    transfer_file_id id not null primary key, -- 振込ファイルID | 収滞納 内部番号 7年 なし 開示
    way           text not null check (way in ('out', 'in')), -- 向き | 収滞納 医療保険関係 7年 なし 開示
    answers_id    id,                         -- 結果のもとのファイル | 収滞納 内部番号 7年 なし 開示
    pay_ymd       day not null,               -- 振込指定日 | 収滞納 医療保険関係 7年 なし 開示
    contractor    text not null,              -- 委託者コード | 収滞納 医療保険関係 7年 なし 開示
    bank_code     text not null,              -- 仕向銀行 | 収滞納 医療保険関係 7年 なし 開示
    file_name     text not null,              -- ファイル名 | 収滞納 医療保険関係 7年 なし 開示
    sha256        text not null,              -- ハッシュ値 | 収滞納 内部番号 7年 なし 開示
    records       count not null,             -- 件数 | 収滞納 医療保険関係 7年 なし 開示
    total_yen     yen not null,               -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    known_from    id not null
);
create index transfer_file_by_day on transfer_file (pay_ymd, bank_code);
create index transfer_file_by_digest on transfer_file (sha256);
create index transfer_file_by_answers on transfer_file (answers_id);
create index transfer_file_by_event on transfer_file (known_from);

-- table: keyed_batch
-- about: a batch of payment notices on paper (納付済通知書の束) with the totals on its cover, keyed by two persons and then handed to clearing
-- marks: plain
create table keyed_batch (
    batch_no     id not null primary key,     -- 束番号 | 収滞納 内部番号 7年 なし 開示
    channel      count not null,              -- 収納方法 | 収滞納 医療保険関係 7年 なし 開示
    place        text not null,               -- 金融機関 | 収滞納 医療保険関係 7年 なし 開示
    accounting_ymd day not null,              -- 収納日 | 収滞納 医療保険関係 7年 なし 開示
    slips        count not null,              -- 表紙の枚数 | 収滞納 医療保険関係 7年 なし 開示
    total_yen    yen not null,                -- 表紙の金額 | 収滞納 医療保険関係 7年 金額 開示
    state        count not null check (state between 1 and 4), -- 状態（1一回目 2二回目 3済 4取消） | 収滞納 医療保険関係 7年 なし 開示
    first_by     id not null,                 -- 一回目の利用者 | 収滞納 内部番号 7年 なし 開示
    second_by    id,                          -- 二回目の利用者 | 収滞納 内部番号 7年 なし 開示
    made_ymd     day not null                 -- 作成日 | 収滞納 医療保険関係 7年 なし 開示
);
create index keyed_batch_by_state on keyed_batch (state, batch_no);

-- table: keyed_line
-- about: one paper of a batch as one of the two persons keyed it
-- marks: plain big
create table keyed_line (
    keyed_line_id id not null primary key,    -- 行番号 | 収滞納 内部番号 7年 なし 開示
    batch_no      id not null references keyed_batch (batch_no), -- 束番号 | 収滞納 内部番号 7年 なし 開示
    pass          count not null check (pass between 1 and 2), -- 何回目の入力か | 収滞納 内部番号 7年 なし 開示
    line          count not null,             -- 束の中の順 | 収滞納 内部番号 7年 なし 開示
    levy_year     count not null,             -- 相当年度 | 収滞納 医療保険関係 7年 なし 開示
    notice_no     count not null,             -- 通知書番号 | 収滞納 医療保険関係 7年 なし 開示
    number        count not null,             -- 期 | 収滞納 医療保険関係 7年 なし 開示
    yen           yen not null,               -- 本料（税）額 | 収滞納 医療保険関係 7年 金額 開示
    late_yen      yen not null,               -- 延滞金 | 収滞納 医療保険関係 7年 金額 開示
    fee_yen       yen not null,               -- 督促手数料 | 収滞納 医療保険関係 7年 金額 開示
    paid_ymd      day not null                -- 領収日 | 収滞納 医療保険関係 7年 なし 開示
);
create unique index keyed_line_once on keyed_line (batch_no, pass, line);
