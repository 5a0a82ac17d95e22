-- Applications (申請) of the eligibility desk: what was asked for, what was decided, what it gives.

-- table: application
-- about: one application as it was received: for whom, when, by whom, how he was identified; never changed, what became of it stands in application_state
-- marks: chained
-- digest: select a.application_no, a.kind, h.household_no, p.person_no, a.received_ymd, a.source, a.route, a.identity, a.proxy_name, a.proxy_document, a.officer from application a join household h on h.household_id = a.household_id join person p on p.person_id = a.person_id
create table application (
    application_id id not null primary key,                         -- 行番号 | 資格 内部番号 10年 なし 非開示
    application_no text not null,                                   -- 申請番号 | 資格 医療保険 10年 なし 開示
    kind           count not null check (kind between 1 and 4),     -- 種類(1基準収入額 2限度額・減額 3特定疾病 4一部負担金) | 資格 医療保険 10年 なし 開示
    household_id   id not null references household (household_id), -- 世帯ID | 資格 内部番号 10年 なし 非開示
    person_id      id not null references person (person_id),       -- 対象の人(基準収入額適用申請では世帯主) | 資格 内部番号 10年 なし 非開示
    received_ymd   day not null,                                    -- 受付日 | 資格 医療保険 10年 なし 開示
    source         text not null,                                   -- 入手元 | 資格 医療保険 10年 なし 開示
    route          text not null,                                   -- 入手方法 | 資格 医療保険 10年 なし 開示
    identity       count not null check (identity between 0 and 5), -- 本人確認の方法 | 資格 医療保険 10年 なし 開示
    proxy_name     text,                                            -- 代理人の氏名 | 資格 四情報 10年 氏名 開示
    proxy_document text,                                            -- 代理権を示す書類 | 資格 医療保険 10年 なし 開示
    officer        text not null,                                   -- 受け付けた職員の利用者名 | 資格 医療保険 10年 なし 非開示
    known_from     id not null,
    unique (application_no)
);
create index application_by_person on application (person_id);
create index application_by_household on application (household_id);
create index application_by_event on application (known_from);

-- table: application_item
-- about: one item of the form as it was filled in; which items a kind has is in data/application_items.tsv
-- marks: chained
-- digest: select a.application_no, i.line, i.name, p.person_no, i.from_ymd, i.to_ymd, i.amount, i.number, i.words from application_item i join application a on a.application_id = i.application_id left join person p on p.person_id = i.person_id
create table application_item (
    application_item_id id not null primary key,                             -- 行番号 | 資格 内部番号 10年 なし 非開示
    application_id      id not null references application (application_id), -- 申請 | 資格 内部番号 10年 なし 非開示
    line                count not null,                                      -- 何番目の項目か | 資格 内部番号 10年 なし 非開示
    name                text not null,                                       -- 項目 | 資格 医療保険 10年 なし 開示
    person_id           id references person (person_id),                    -- その項目がいう人 | 資格 内部番号 10年 なし 非開示
    from_ymd            day,                                                 -- 始まりの日・確認の日 | 資格 医療保険 10年 なし 開示
    to_ymd              day,                                                 -- 終わりの日 | 資格 医療保険 10年 なし 開示
    amount              yen,                                                 -- 金額 | 資格 地方税関係 10年 金額 開示
    number              count,                                               -- 数・区分 | 資格 医療保険 10年 なし 開示
    words               text,                                                -- 医療機関などの名・記載された言葉 | 資格 医療保険 10年 なし 開示
    known_from          id not null,
    unique (application_id, line)
);
create index application_item_by_person on application_item (person_id);

-- table: application_state
-- about: one decision about an application: granted, refused, withdrawn, revoked; the newest step is what holds, none: still open
-- marks: chained
-- digest: select a.application_no, s.step, s.state, s.decided_ymd, s.fiscal_year, s.decision_no, s.reason, s.words, s.officer, s.checker, s.relief, s.rate, s.from_ymd, s.until_ymd, s.serial from application_state s join application a on a.application_id = s.application_id
create table application_state (
    application_state_id id not null primary key,                             -- 行番号 | 資格 内部番号 10年 なし 非開示
    application_id       id not null references application (application_id), -- 申請 | 資格 内部番号 10年 なし 非開示
    step                 count not null,                                      -- 何番目の決定か | 資格 医療保険 10年 なし 開示
    state                count not null check (state between 1 and 4),        -- 決定(1認定・承認 2却下・不承認 3取下げ 4取消) | 資格 医療保険 10年 なし 開示
    decided_ymd          day not null,                                        -- 決定日 | 資格 医療保険 10年 なし 開示
    fiscal_year          count not null,                                      -- 決定番号の年度 | 資格 医療保険 10年 なし 開示
    decision_no          count not null,                                      -- 決定番号 | 資格 医療保険 10年 なし 開示
    reason               text,                                                -- 却下の理由(一覧の番号) | 資格 医療保険 10年 なし 開示
    words                text,                                                -- 理由の言葉 | 資格 医療保険 10年 なし 開示
    officer              text not null,                                       -- 決定を入力した職員の利用者名 | 資格 医療保険 10年 なし 非開示
    checker              text,                                                -- 確認した職員の利用者名 | 資格 医療保険 10年 なし 非開示
    relief               count not null check (relief between 0 and 6),       -- 与えるもの(1限度額 2長期入院 3特定疾病 4減額 5免除 6徴収猶予) | 資格 医療保険 10年 なし 開示
    rate                 count not null check (rate between 0 and 100),       -- 減額の割合(百分率) | 資格 医療保険 10年 なし 開示
    from_ymd             day,                                                 -- 効力の始まる日 | 資格 医療保険 10年 なし 開示
    until_ymd            day,                                                 -- 効力の最後の日 | 資格 医療保険 10年 なし 開示
    serial               text,                                                -- 交付した証の発行番号 | 資格 医療保険 10年 なし 開示
    layout_hash          blob not null,                                       -- 通知書の様式の版 | 資格 内部番号 10年 なし 非開示
    print_data           blob not null,                                       -- 通知書に印字した値 | 資格 四情報 10年 氏名 開示
    known_from           id not null,
    unique (application_id, step),
    unique (fiscal_year, decision_no)
);

-- table: relief
-- about: what a granted application gives a person at the window, for the days on which it counts: what the benefits read
-- marks: fact chained
-- digest: select p.person_no, r.application_no, r.kind, r.division, r.limit_yen, r.disease, r.rate, r.valid_from, r.valid_to from relief r join person p on p.person_id = r.person_id where {now r}
create table relief (
    relief_id      id not null primary key,                              -- 行番号 | 給付 内部番号 10年 なし 非開示
    person_id      id not null references person (person_id),            -- 個人ID | 給付 内部番号 10年 なし 非開示
    application_no text not null,                                        -- 申請番号 | 給付 医療保険 10年 なし 開示
    kind           count not null check (kind between 1 and 6),          -- 種類(1限度額 2長期入院 3特定疾病 4減額 5免除 6徴収猶予) | 給付 医療保険 10年 なし 開示
    division       count not null check (division between 0 and 12),     -- 限度額区分(0はない) | 給付 地方税関係 10年 なし 開示
    limit_yen      yen not null,                                         -- 自己負担限度額(特定疾病。0はない) | 給付 医療保険 10年 なし 開示
    disease        count not null check (disease between 0 and 3),       -- 特定疾病の種類(0はない) | 給付 医療保険 10年 なし 開示
    rate           count not null check (rate between 0 and 100),        -- 一部負担金から減らす割合(百分率) | 給付 医療保険 10年 なし 開示
    valid_from     day not null,
    valid_to       day not null,
    known_from     id not null,
    known_to       id,
    check (valid_to > valid_from)
);
create index relief_by_person on relief (person_id, valid_from, valid_to);
create index relief_by_application on relief (application_no);
