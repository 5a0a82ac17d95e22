-- table: pension_file
-- about: one file exchanged with the federation about pension deduction: which notice, how many records, which sums; the same file is never taken twice
-- marks: chained
-- digest: select f.way, f.notice, f.file_name, f.sha256, f.made_ymd, f.records, f.amount1_yen, f.amount2_yen, f.amount3_yen from pension_file f
create table pension_file (
    pension_file_id id not null primary key, -- 行番号 | 賦課 内部番号 7年 なし 非開示
    way             text not null,           -- 向き(in受け取り out引き渡し) | 賦課 内部番号 7年 なし 開示
    notice          text not null,           -- 通知内容コード | 賦課 年金関係 7年 なし 開示
    file_name       text not null,           -- ファイル名 | 賦課 内部番号 7年 なし 開示
    sha256          text not null,           -- ファイルの要約値 | 賦課 内部番号 7年 なし 非開示
    made_ymd        day not null,            -- 作成年月日 | 賦課 年金関係 7年 なし 開示
    records         count not null,          -- 件数 | 賦課 年金関係 7年 なし 開示
    amount1_yen     yen not null,            -- 合計金額1 | 賦課 年金関係 7年 なし 開示
    amount2_yen     yen not null,            -- 合計金額2 | 賦課 年金関係 7年 なし 開示
    amount3_yen     yen not null,            -- 合計金額3 | 賦課 年金関係 7年 なし 開示
    known_from      id not null,
    check (way in ('in', 'out'))
);
create unique index pension_file_by_content on pension_file (sha256);
create index pension_file_by_notice on pension_file (notice, made_ymd);

-- table: pension_candidate
-- about: one from whose pension a premium could be taken, as the pension payer told it (特別徴収対象者情報, 追加候補者情報), and who of ours he is; nobody is taken for somebody else by likeness
-- marks: fact chained
-- digest: select c.fiscal_year, c.notice, c.reason, c.payer, c.identity, c.pension_yen, c.matched_by, p.person_no from pension_candidate c left join person p on p.person_id = c.person_id where {now c}
create table pension_candidate (
    pension_candidate_row_id id not null primary key,                     -- 行番号 | 賦課 内部番号 7年 なし 非開示
    candidate_id    id not null,                                          -- 対象者ID | 賦課 内部番号 7年 なし 非開示
    pension_file_id id not null references pension_file (pension_file_id), -- 受け取ったファイル | 賦課 内部番号 7年 なし 非開示
    fiscal_year     count not null,                                       -- 賦課年度 | 賦課 年金関係 7年 なし 開示
    notice          text not null,                                        -- 通知内容コード | 賦課 年金関係 7年 なし 開示
    reason          text not null,                                        -- 各種区分 | 賦課 年金関係 7年 なし 開示
    payer           text not null,                                        -- 特別徴収義務者コード | 賦課 年金関係 7年 なし 開示
    identity        text not null,                                        -- 記録の本人項目の要約値 | 賦課 内部番号 7年 なし 非開示
    record          blob not null,                                        -- 受け取った記録 | 賦課 年金関係 7年 全部 開示
    pension_yen     yen not null,                                         -- 年金額(年額) | 賦課 年金関係 7年 金額 開示
    matched_by      text not null,                                        -- 照合(exact一致 hand手作業 none該当なし several複数) | 賦課 内部番号 7年 なし 開示
    person_id       id references person (person_id),                     -- 個人ID | 賦課 内部番号 7年 なし 非開示
    known_from      id not null,
    known_to        id,
    check (matched_by in ('exact', 'hand', 'none', 'several')),
    check ((person_id is null) = (matched_by in ('none', 'several')))
);
create index pension_candidate_by_person on pension_candidate (person_id, fiscal_year);
create index pension_candidate_by_identity on pension_candidate (identity);
create index pension_candidate_by_id on pension_candidate (candidate_id);
create index pension_candidate_by_file on pension_candidate (pension_file_id);
create index pension_candidate_by_match on pension_candidate (matched_by, fiscal_year);

-- table: pension_wish
-- about: the wish of a debtor to pay by direct debit instead of from his pension (口座振替の申出), until it is withdrawn or ends
-- marks: fact chained
-- digest: select p.person_no, h.household_no, w.received_ymd, w.from_ymd, w.ended_ymd, w.ended_by from pension_wish w join person p on p.person_id = w.person_id join household h on h.household_id = w.household_id where {now w}
create table pension_wish (
    pension_wish_id id not null primary key,                       -- 行番号 | 賦課 内部番号 7年 なし 非開示
    person_id       id not null references person (person_id),     -- 個人ID | 賦課 内部番号 7年 なし 非開示
    household_id    id not null references household (household_id), -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    received_ymd    day not null,                                  -- 申出の日 | 賦課 医療保険関係 7年 なし 開示
    from_ymd        day not null,                                  -- 申出による最初の年金支払日 | 賦課 医療保険関係 7年 なし 開示
    ended_ymd       day,                                           -- 取り下げ・終了の日 | 賦課 医療保険関係 7年 なし 開示
    ended_by        text,                                          -- 終わった理由(withdrawn取下げ arrears滞納) | 賦課 医療保険関係 7年 なし 開示
    known_from      id not null,
    known_to        id,
    check ((ended_ymd is null) = (ended_by is null)),
    check (ended_by is null or ended_by in ('withdrawn', 'arrears'))
);
create index pension_wish_by_person on pension_wish (person_id);
create index pension_wish_by_household on pension_wish (household_id);

-- table: collection_method
-- about: how the premium of a debtor and year is collected (特別徴収・納付書・口座振替), why, from which day; a newer decision closes it
-- marks: fact chained
-- digest: select h.household_no, m.fiscal_year, p.person_no, m.method, m.reason, m.failed, m.cause, m.decided_ymd, m.annual_yen, m.notice_no, m.provisional_no, m.is_provisional from collection_method m join household h on h.household_id = m.household_id join person p on p.person_id = m.debtor_id where {now m}
create table collection_method (
    collection_method_id id not null primary key,                         -- 行番号 | 賦課 内部番号 7年 なし 非開示
    fiscal_year     count not null,                                       -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    household_id    id not null references household (household_id),      -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id       id not null references person (person_id),            -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    method          count not null check (method between 1 and 3),        -- 徴収方法(1特別徴収 2納付書 3口座振替) | 賦課 医療保険関係 7年 なし 開示
    reason          count not null check (reason between 0 and 14),       -- 理由(0から7は判定 8対象者情報なし 9口座振替の申出 10依頼の不受理 11徴収不能の通知 12前年度から継続 13今年度は間に合わない 14減額) | 賦課 医療保険関係 7年 なし 開示
    failed          count not null,                                       -- 満たさない要件の印 | 賦課 医療保険関係 7年 なし 開示
    cause           text not null,                                        -- 決定の原因 | 賦課 医療保険関係 7年 なし 開示
    decided_ymd     day not null,                                         -- 決定日 | 賦課 医療保険関係 7年 なし 開示
    annual_yen      yen not null check (annual_yen >= 0),                 -- 対象の年額(仮徴収は仮徴収額の計) | 賦課 医療保険関係 7年 金額 開示
    notice_no       count not null,                                       -- 通知書番号 | 賦課 医療保険関係 7年 なし 開示
    provisional_no  count not null,                                       -- 仮徴収の通知書番号(0はなし) | 賦課 医療保険関係 7年 なし 開示
    is_provisional  flag not null,                                        -- 仮徴収か | 賦課 医療保険関係 7年 なし 開示
    known_from      id not null,
    known_to        id,
    check (cause in ('judged', 'provisional', 'settled', 'stopped', 'changed', 'rejected', 'failed'))
);
create index collection_method_by_household on collection_method (household_id, fiscal_year);
create index collection_method_by_debtor on collection_method (debtor_id, fiscal_year);
create index collection_method_by_year on collection_method (fiscal_year, collection_method_id);
create index collection_method_by_event on collection_method (known_from);

-- table: collection_payment
-- about: one payment of a debtor and year where part of it is taken from the pension: by which way, when due, how much; all of them make the year's amount
-- marks: fact chained
-- digest: select h.household_no, a.fiscal_year, p.person_no, a.number, a.method, a.due_ymd, a.amount_yen, a.medical_yen, a.support_yen, a.care_yen, a.child_yen from collection_payment a join household h on h.household_id = a.household_id join person p on p.person_id = a.debtor_id where {now a}
create table collection_payment (
    collection_payment_id id not null primary key,                     -- 行番号 | 賦課 内部番号 7年 なし 非開示
    fiscal_year     count not null,                                    -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    household_id    id not null references household (household_id),   -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id       id not null references person (person_id),         -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    number          count not null check (number between 1 and 99),    -- 期(51から56は4月から2月の年金支払月) | 賦課 医療保険関係 7年 なし 開示
    method          count not null check (method in (1, 2)),           -- 徴収方法(1特別徴収 2普通徴収) | 賦課 医療保険関係 7年 なし 開示
    due_ymd         day not null,                                      -- 納期限(特別徴収は納入の期限) | 賦課 医療保険関係 7年 なし 開示
    amount_yen      yen not null check (amount_yen >= 0),              -- 金額 | 賦課 医療保険関係 7年 金額 開示
    medical_yen     yen not null,                                      -- うち医療分 | 賦課 医療保険関係 7年 金額 開示
    support_yen     yen not null,                                      -- うち支援金分 | 賦課 医療保険関係 7年 金額 開示
    care_yen        yen not null,                                      -- うち介護分 | 賦課 医療保険関係 7年 金額 開示
    child_yen       yen not null,                                      -- うち子ども分 | 賦課 医療保険関係 7年 金額 開示
    known_from      id not null,
    known_to        id,
    check (amount_yen = medical_yen + support_yen + care_yen + child_yen)
);
create index collection_payment_by_household on collection_payment (household_id, fiscal_year, number);
create index collection_payment_by_debtor on collection_payment (debtor_id, fiscal_year);

-- table: pension_request
-- about: one request to the pension payer (開始・中止・変更の依頼): what was asked, in which file it went, what came back; one that was rejected stays until somebody has worked it off
-- marks: fact chained
-- digest: select h.household_no, p.person_no, r.fiscal_year, r.notice, r.reason, r.day, r.amount1_yen, r.amount2_yen, r.state, r.result, r.worked from pension_request r join household h on h.household_id = r.household_id join person p on p.person_id = r.debtor_id where {now r}
create table pension_request (
    pension_request_row_id id not null primary key,                    -- 行番号 | 賦課 内部番号 7年 なし 非開示
    request_id      id not null,                                       -- 依頼ID | 賦課 内部番号 7年 なし 非開示
    fiscal_year     count not null,                                    -- 賦課年度 | 賦課 年金関係 7年 なし 開示
    household_id    id not null references household (household_id),   -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id       id not null references person (person_id),         -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    candidate_id    id not null,                                       -- 対象者ID | 賦課 内部番号 7年 なし 非開示
    notice          text not null,                                     -- 通知内容コード | 賦課 年金関係 7年 なし 開示
    reason          text not null,                                     -- 各種区分 | 賦課 年金関係 7年 なし 開示
    day             day not null,                                      -- 各種年月日 | 賦課 年金関係 7年 なし 開示
    amount1_yen     yen not null,                                      -- 金額1 | 賦課 年金関係 7年 金額 開示
    amount2_yen     yen not null,                                      -- 金額2 | 賦課 年金関係 7年 金額 開示
    state           count not null check (state between 0 and 4),      -- 状態(0未送付 1送付 2受理 3不受理 4不受理を処理済み) | 賦課 年金関係 7年 なし 開示
    sent_file_id    id references pension_file (pension_file_id),      -- 送ったファイル | 賦課 内部番号 7年 なし 非開示
    answer_file_id  id references pension_file (pension_file_id),      -- 結果のファイル | 賦課 内部番号 7年 なし 非開示
    result          text,                                              -- 処理結果コード | 賦課 年金関係 7年 なし 開示
    worked          text,                                              -- 不受理をどう処理したか | 賦課 年金関係 7年 なし 開示
    known_from      id not null,
    known_to        id
);
create index pension_request_by_household on pension_request (household_id, fiscal_year);
create index pension_request_by_debtor on pension_request (debtor_id);
create index pension_request_by_candidate on pension_request (candidate_id, notice);
create index pension_request_by_state on pension_request (state, notice, request_id);
create index pension_request_by_id on pension_request (request_id);
create index pension_request_by_sent on pension_request (sent_file_id);
create index pension_request_by_answer on pension_request (answer_file_id);

-- table: pension_result
-- about: what the pension payer says it took from one pension on one payment day (特別徴収結果), and on which notice number it was posted; 0: nobody of ours, to be looked at
-- marks: chained
-- digest: select r.fiscal_year, r.number, r.identity, r.reason, r.amount_yen, r.notice_no, p.person_no from pension_result r left join person p on p.person_id = r.debtor_id
create table pension_result (
    pension_result_id id not null primary key,                           -- 行番号 | 賦課 内部番号 7年 なし 非開示
    pension_file_id id not null references pension_file (pension_file_id), -- 受け取ったファイル | 賦課 内部番号 7年 なし 非開示
    fiscal_year     count not null,                                      -- 賦課年度 | 賦課 年金関係 7年 なし 開示
    number          count not null check (number between 51 and 56),     -- 年金支払月(51が4月) | 賦課 年金関係 7年 なし 開示
    paid_ymd        day not null,                                        -- 年金の支払日 | 賦課 年金関係 7年 なし 開示
    payer           text not null,                                       -- 特別徴収義務者コード | 賦課 年金関係 7年 なし 開示
    identity        text not null,                                       -- 記録の本人項目の要約値 | 賦課 内部番号 7年 なし 非開示
    reason          text not null,                                       -- 各種区分 | 賦課 年金関係 7年 なし 開示
    amount_yen      yen not null check (amount_yen >= 0),                -- 徴収した額 | 賦課 年金関係 7年 金額 開示
    household_id    id references household (household_id),              -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id       id references person (person_id),                    -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    notice_no       count not null,                                      -- 充てた通知書番号(0はなし) | 賦課 医療保険関係 7年 なし 開示
    known_from      id not null
);
create index pension_result_by_debtor on pension_result (debtor_id, fiscal_year);
create index pension_result_by_household on pension_result (household_id, fiscal_year);
create index pension_result_by_event on pension_result (known_from);
create index pension_result_by_notice on pension_result (notice_no, fiscal_year);
create index pension_result_by_file on pension_result (pension_file_id);

-- table: pension_letter
-- about: one notice of pension deduction (開始・中止・仮徴収額の通知): its print data and layout, or why it does not go out
-- marks: chained
-- digest: select h.household_no, l.fiscal_year, l.kind, l.issue_ymd, l.print_data, l.layout_hash, l.pulled_reason from pension_letter l join household h on h.household_id = l.household_id
create table pension_letter (
    pension_letter_id id not null primary key,                       -- 行番号 | 賦課 内部番号 7年 なし 非開示
    collection_method_id id not null references collection_method (collection_method_id), -- 徴収方法の決定 | 賦課 内部番号 7年 なし 非開示
    fiscal_year     count not null,                                  -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    household_id    id not null references household (household_id), -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id       id not null references person (person_id),       -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    kind            text not null,                                   -- 通知の種類 | 賦課 医療保険関係 7年 なし 開示
    issue_ymd       day not null,                                    -- 通知日 | 賦課 医療保険関係 7年 なし 開示
    print_data      blob not null,                                   -- 印刷内容 | 賦課 四情報 7年 全部 開示
    layout_hash     blob not null,                                   -- 様式の版 | 賦課 内部番号 7年 なし 開示
    pulled_reason   count not null,                                  -- 引抜理由(0は発送) | 賦課 医療保険関係 7年 なし 開示
    known_from      id not null,
    check (kind in ('start', 'stop', 'provisional'))
);
create index pension_letter_by_method on pension_letter (collection_method_id);
create index pension_letter_by_household on pension_letter (household_id, fiscal_year);
create index pension_letter_by_debtor on pension_letter (debtor_id);
