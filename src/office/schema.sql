-- table: city
-- about: the municipality this database belongs to; one row, written when the city is made
-- marks: plain
create table city (
    city_id   id not null primary key,          -- 市行番号 | 共通 内部番号 永年 なし 非開示
    code      text not null,                    -- 地方公共団体コード | 共通 市 永年 なし 開示
    name      text not null,                    -- 市名 | 共通 市 永年 なし 開示
    is_demo   flag not null,                    -- 練習用の市の印 | 共通 市 永年 なし 非開示
    made_us   time not null,                    -- 作成日時 | 共通 市 永年 なし 非開示
  demo_day  day                               -- 練習用の市で今日とする日 | 共通 市 永年 なし 非開示
);

-- table: branch
-- about: places where the section works: head office (本庁), branches (支所), service centres
-- marks: fact chained
-- digest: select b.code, b.name from branch b
create table branch (
    branch_row_id id not null primary key,      -- 行番号 | 共通 内部番号 永年 なし 非開示
    code          text not null,                -- 支所コード | 共通 職員 永年 なし 非開示
    name          text not null,                -- 支所名 | 共通 職員 永年 なし 非開示
    known_from    id not null,
    known_to      id
);
create index branch_by_code on branch (code);

-- table: user_account
-- about: one person who works here (職員, 会計年度任用職員, 委託): name, role, place, end of the account
-- marks: fact chained
-- digest: select u.sign_in_name, u.full_name, u.role, u.branch, u.any_branch, u.desks, u.rights_more, u.rights_less, u.expires_ymd, u.employment, u.disabled from user_account u
create table user_account (
    user_row_id  id not null primary key,       -- 行番号 | 共通 内部番号 7年 なし 非開示
    user_id      id not null,                   -- 利用者ID | 共通 職員 7年 なし 非開示
    sign_in_name text not null,                 -- サインイン名 | 共通 職員 7年 なし 非開示
    full_name    text not null,                 -- 氏名 | 共通 職員 7年 なし 非開示
    role         text not null,                 -- 役割 | 共通 職員 7年 なし 非開示
    branch       text not null,                 -- 所属支所 | 共通 職員 7年 なし 非開示
    any_branch   flag not null,                 -- 他支所の端末も使える | 共通 職員 7年 なし 非開示
    desks        text,                          -- 使える業務(空は全部) | 共通 職員 7年 なし 非開示
    rights_more  text,                          -- 追加の権限 | 共通 職員 7年 なし 非開示
    rights_less  text,                          -- 外した権限 | 共通 職員 7年 なし 非開示
    expires_ymd  day,                           -- 有効期限 | 共通 職員 7年 なし 非開示
    employment   text not null,                 -- 雇用区分 | 共通 職員 7年 なし 非開示
    birth_ymd    day,                           -- 生年月日(パスワード規則用) | 共通 職員 7年 生年月日 非開示
    disabled     flag not null,                 -- 停止 | 共通 職員 7年 なし 非開示
    known_from   id not null,
    known_to     id
);
create index user_account_by_name on user_account (sign_in_name);
create index user_account_by_user on user_account (user_id);

-- table: user_name
-- about: a sign-in name belongs to one person for ever; it is never given to another one
-- marks: plain
create table user_name (
    sign_in_name text not null primary key,     -- サインイン名 | 共通 職員 7年 なし 非開示
    user_id      id not null                    -- 利用者ID | 共通 職員 7年 なし 非開示
);

-- table: user_secret
-- about: how a user proves who it is: password hash (Argon2id), sealed TOTP secret, lockout state
-- marks: plain
create table user_secret (
    user_id       id not null primary key,      -- 利用者ID | 共通 職員 7年 なし 非開示
    password_hash text not null,                -- パスワードのハッシュ | 共通 認証 利用中 全部 非開示
    changed_us    time not null,                -- パスワード変更日時 | 共通 認証 利用中 なし 非開示
    must_change   flag not null,                -- 次回変更が必要 | 共通 認証 利用中 なし 非開示
    totp_sealed   blob,                         -- 二要素の秘密(暗号化) | 共通 認証 利用中 全部 非開示
    totp_step     count not null,               -- 最後に使った時刻番号 | 共通 認証 利用中 なし 非開示
    failures      count not null,               -- 続けて失敗した回数 | 共通 認証 利用中 なし 非開示
    locked_us     time,                         -- この時刻まで施錠 | 共通 認証 利用中 なし 非開示
    signed_in_us  time                          -- 最後のサインイン | 共通 認証 利用中 なし 非開示
);

-- table: user_password_old
-- about: keyed digests of every password a user had, against reuse: an attempt costs microseconds
-- marks: plain
create table user_password_old (
    user_id       id not null,                  -- 利用者ID | 共通 職員 7年 なし 非開示
    changed_us    time not null,                -- 変更日時 | 共通 認証 利用中 なし 非開示
    digest        blob not null,                -- パスワードの鍵付きハッシュ | 共通 認証 利用中 全部 非開示
    primary key (user_id, changed_us, digest)
);

-- table: user_recovery_code
-- about: printed recovery codes: keyed hash of each, when it was used
-- marks: plain
create table user_recovery_code (
    user_id   id not null,                      -- 利用者ID | 共通 職員 7年 なし 非開示
    code_hash blob not null,                    -- 回復コードのハッシュ | 共通 認証 利用中 全部 非開示
    used_us   time,                             -- 使った日時 | 共通 認証 利用中 なし 非開示
    primary key (user_id, code_hash)
);

-- table: terminal
-- about: enrolled browsers: name, branch; a revoked one reaches only the sign-in page
-- marks: plain
create table terminal (
    terminal_id id not null primary key,        -- 端末番号 | 共通 内部番号 7年 なし 非開示
    name        text not null,                  -- 端末名 | 共通 端末 7年 なし 非開示
    branch      text not null,                  -- 設置支所 | 共通 端末 7年 なし 非開示
    section     text not null default '',       -- 業務(空は保険課、他課の端末はその課の符号) | 共通 端末 7年 なし 非開示
    code_hash   blob,                           -- 登録コードのハッシュ | 共通 認証 30分 全部 非開示
    code_us     time not null,                  -- 登録コードの期限 | 共通 端末 7年 なし 非開示
    token_hash  blob,                           -- 端末の印のハッシュ | 共通 認証 利用中 全部 非開示
    enrolled_us time,                           -- 登録日時 | 共通 端末 7年 なし 非開示
    entered_by  id not null,                    -- 登録を許した利用者 | 共通 職員 7年 なし 非開示
    revoked_us  time,                           -- 取消日時 | 共通 端末 7年 なし 非開示
    unique (name)
);
create index terminal_by_token on terminal (token_hash);

-- table: session
-- about: who is signed in where; the cookie itself is not stored, only its hash
-- marks: plain
create table session (
    session_id  id not null primary key,        -- セッション番号 | 共通 内部番号 1年 なし 非開示
    token_hash  blob not null,                  -- 印のハッシュ | 共通 認証 1日 全部 非開示
    user_id     id not null,                    -- 利用者ID | 共通 職員 1年 なし 非開示
    terminal_id id,                             -- 端末番号 | 共通 端末 1年 なし 非開示
    factor_done flag not null,                  -- 二要素済み | 共通 認証 1年 なし 非開示
    factor_tries count not null,                -- 二要素の失敗回数 | 共通 認証 1年 なし 非開示
    started_us  time not null,                  -- 開始日時 | 共通 認証 1年 なし 非開示
    seen_us     time not null,                  -- 最後の操作日時 | 共通 認証 1年 なし 非開示
    ended_us    time,                           -- 終了日時 | 共通 認証 1年 なし 非開示
    unique (token_hash)
);
create index session_by_user on session (user_id);

-- table: once_used
-- about: one-time form ids that were used; rows older than the longest session go away
-- marks: plain
create table once_used (
    once_id text not null primary key,          -- 一回番号 | 共通 内部番号 1日 なし 非開示
    used_us time not null                       -- 使った日時 | 共通 内部番号 1日 なし 非開示
);
create index once_used_by_time on once_used (used_us);

-- table: setting
-- about: what the municipality has chosen, by key; read as of an event number
-- marks: fact chained
-- digest: select s.key, s.value from setting s
create table setting (
    setting_id id not null primary key,         -- 設定番号 | 共通 内部番号 永年 なし 非開示
    key        text not null,                   -- 設定名 | 共通 設定 永年 なし 非開示
    value      text not null,                   -- 設定値 | 共通 設定 永年 なし 非開示
    known_from id not null,
    known_to   id
);
create index setting_by_key on setting (key);

-- table: adopted_text
-- about: rule files and form layouts in force, by kind and name, with the hash of their body
-- marks: fact chained
-- digest: select a.kind, a.name, a.body_hash from adopted_text a
create table adopted_text (
    adopted_id id not null primary key,         -- 採用番号 | 共通 内部番号 永年 なし 非開示
    kind       text not null,                   -- 種類 | 共通 規則 永年 なし 開示
    name       text not null,                   -- 名前 | 共通 規則 永年 なし 開示
    body_hash  blob not null,                   -- 本文のハッシュ | 共通 規則 永年 なし 開示
    body       text not null,                   -- 本文 | 共通 規則 永年 なし 開示
    known_from id not null,
    known_to   id
);
create index adopted_text_by_name on adopted_text (kind, name);
create index adopted_text_by_hash on adopted_text (body_hash);

-- table: entry
-- about: an entry that waits for a second person: what the form held, before it has any effect
-- marks: chained
-- digest: select e.kind, e.payload, e.household_id from entry e
create table entry (
    event_no     id not null primary key,       -- 入力のイベント番号 | 共通 内部番号 7年 なし 開示
    kind         text not null,                 -- 種類 | 共通 異動 7年 なし 開示
    payload      text not null,                 -- 入力内容 | 共通 異動 7年 全部 開示
    entered_by   id not null,                   -- 入力者 | 共通 職員 7年 なし 開示
    household_id id not null,                   -- 世帯ID | 共通 内部番号 7年 なし 開示
    person_id    id not null                    -- 個人ID | 共通 内部番号 7年 なし 開示
);

-- table: entry_waiting
-- about: the entries nobody has settled yet: what the home page counts
-- marks: plain
create table entry_waiting (
    event_no   id not null primary key,         -- 入力のイベント番号 | 共通 内部番号 7年 なし 非開示
    entered_by id not null                      -- 入力者 | 共通 職員 7年 なし 非開示
);

-- table: entry_result
-- about: the second person's word on an entry; its event opened the facts (ok) or refused it
-- marks: chained
-- digest: select e.kind, r.is_ok, r.reason from entry_result r join entry e on e.event_no = r.entry_no
create table entry_result (
    event_no   id not null primary key,         -- 確認のイベント番号 | 共通 内部番号 7年 なし 開示
    entry_no   id not null,                     -- 入力のイベント番号 | 共通 内部番号 7年 なし 開示
    is_ok      flag not null,                   -- 承認 | 共通 異動 7年 なし 開示
    checked_by id not null,                     -- 確認者 | 共通 職員 7年 なし 開示
    reason     text not null,                   -- 理由 | 共通 異動 7年 なし 開示
    unique (entry_no)
);

-- table: job
-- about: one run of a job: options, state, counts and cursor that commit with each chunk
-- marks: plain
create table job (
    job_id       id not null primary key,       -- ジョブ番号 | 共通 内部番号 7年 なし 非開示
    kind         text not null,                 -- ジョブ名 | 共通 運用 7年 なし 非開示
    options      text not null,                 -- 条件 | 共通 運用 7年 なし 非開示
    state        text not null,                 -- 状態 | 共通 運用 7年 なし 非開示
    total        count not null,                -- 全件数 | 共通 運用 7年 なし 非開示
    done         count not null,                -- 済件数 | 共通 運用 7年 なし 非開示
    skipped      count not null,                -- 対象外件数 | 共通 運用 7年 なし 非開示
    failed       count not null,                -- 失敗件数 | 共通 運用 7年 なし 非開示
    cursor_key   id not null,                   -- 処理済み位置 | 共通 運用 7年 なし 非開示
    notes        count not null,                -- 記録した理由の数 | 共通 運用 7年 なし 非開示
    requested_by id not null,                   -- 依頼者 | 共通 職員 7年 なし 非開示
    queued_us    time not null,                 -- 依頼日時 | 共通 運用 7年 なし 非開示
    started_us   time,                          -- 開始日時 | 共通 運用 7年 なし 非開示
    beat_us      time,                          -- 最後の進み | 共通 運用 7年 なし 非開示
    ended_us     time,                          -- 終了日時 | 共通 運用 7年 なし 非開示
    starts       count not null,                -- 起動回数 | 共通 運用 7年 なし 非開示
    as_of        day not null,                  -- 基準日 | 共通 運用 7年 なし 非開示
    message      text                           -- 最後の誤り | 共通 運用 7年 なし 非開示
);
create index job_by_state on job (state, job_id);
create index job_by_kind on job (kind, job_id);

-- table: job_note
-- about: one household or record that a job skipped or failed, with the reason
-- marks: plain
create table job_note (
    job_id  id not null,                        -- ジョブ番号 | 共通 内部番号 7年 なし 非開示
    note_no count not null,                     -- 順番 | 共通 運用 7年 なし 非開示
    failed  flag not null,                      -- 失敗 | 共通 運用 7年 なし 非開示
    item_key id not null,                       -- 対象の番号 | 共通 内部番号 7年 なし 非開示
    message text not null,                      -- 理由 | 共通 運用 7年 なし 非開示
    facts   text not null,                      -- 内容 | 共通 運用 7年 全部 非開示
    primary key (job_id, note_no)
);

-- table: job_figure
-- about: a control total or a figure of a job's report
-- marks: plain
create table job_figure (
    job_id   id not null,                       -- ジョブ番号 | 共通 内部番号 7年 なし 非開示
    name     text not null,                     -- 名前 | 共通 運用 7年 なし 非開示
    value    count not null,                    -- 値 | 共通 運用 7年 なし 非開示
    position count not null,                    -- 順番 | 共通 運用 7年 なし 非開示
    primary key (job_id, name)
);

-- table: vault_number
-- about: My Numbers, sealed under a key outside the database; only the vault's own code reads it
-- marks: fact chained
create table vault_number (
    vault_id    id not null primary key,        -- 保管番号 | 番号 内部番号 7年 なし 開示
    person_id   id not null,                    -- 個人ID | 番号 内部番号 7年 なし 開示
    key_id      count not null,                 -- 鍵番号 | 番号 個人番号 7年 なし 非開示
    sealed      blob not null,                  -- 個人番号(暗号化) | 番号 個人番号 7年 全部 開示
    blind_index blob not null,                  -- 照合用の索引 | 番号 個人番号 7年 全部 非開示
    known_from  id not null,
    known_to    id
);
create index vault_number_by_person on vault_number (person_id);
create index vault_number_by_blind on vault_number (blind_index);

-- table: review_sign
-- about: who has looked at a report that must be looked at (abnormal access, table of rights)
-- marks: plain
create table review_sign (
    review_id  id not null primary key,         -- 点検番号 | 監査 内部番号 7年 なし 非開示
    kind       text not null,                   -- 種類 | 監査 点検 7年 なし 非開示
    until_ymd  day not null,                    -- 対象の末日 | 監査 点検 7年 なし 非開示
    found      count not null,                  -- 件数 | 監査 点検 7年 なし 非開示
    remark     text not null,                   -- 所見 | 監査 点検 7年 なし 非開示
    signed_by  id not null,                     -- 点検者 | 監査 職員 7年 なし 非開示
    signed_us  time not null                    -- 点検日時 | 監査 点検 7年 なし 非開示
);

-- table: audit_anchor_note
-- about: what the daily anchor of the audit store said, kept in the journal's store as well
-- marks: plain
create table audit_anchor_note (
    anchor_ymd  day not null primary key,       -- 日 | 監査 連鎖 7年 なし 非開示
    last_line   count not null,                 -- 最後の行 | 監査 連鎖 7年 なし 非開示
    anchor_hash blob not null                   -- アンカー | 監査 連鎖 7年 なし 非開示
);

-- table: consistency_finding
-- about: what a comparison of two groups of information found not to fit; opened by the run that found it, closed by the run that did not find it any more or by a person
-- marks: fact chained
-- digest: select f.kind, f.subject, f.facts, f.found_ymd, {open f} as is_open from consistency_finding f
create table consistency_finding (
    finding_id   id not null primary key,       -- 行番号 | 共通 内部番号 5年 なし 非開示
    kind         text not null,                 -- 点検の名 | 共通 内部番号 5年 なし 開示
    person_id    id not null,                   -- 個人ID(0は世帯の不一致) | 共通 内部番号 5年 なし 非開示
    household_id id not null,                   -- 世帯ID(0は個人の不一致) | 共通 内部番号 5年 なし 非開示
    subject      text not null,                 -- 宛名番号または世帯番号 | 共通 内部番号 5年 なし 開示
    facts        text not null,                 -- 合わない内容 | 共通 医療保険 5年 なし 開示
    found_ymd    day not null,                  -- 見つけた日 | 共通 医療保険 5年 なし 開示
    known_from   id not null,
    known_to     id
);
create index consistency_finding_by_kind on consistency_finding (kind, known_to);

-- table: consistency_result
-- about: how a finding ended: not found any more, corrected by an event, or right as it is with the reason
-- marks: chained
-- digest: select f.kind, f.subject, f.facts, r.state, r.reason from consistency_result r join consistency_finding f on f.finding_id = r.finding_id
create table consistency_result (
    result_id    id not null primary key,       -- 行番号 | 共通 内部番号 5年 なし 非開示
    finding_id   id not null,                   -- 不一致 | 共通 内部番号 5年 なし 非開示
    state        count not null check (state between 1 and 3), -- 結果(1解消 2訂正 3正しい) | 共通 医療保険 5年 なし 開示
    corrected_by id not null,                   -- 訂正した異動番号(0はなし) | 共通 内部番号 5年 なし 開示
    reason       text not null,                 -- 理由 | 共通 医療保険 5年 なし 開示
    settled_by   id not null,                   -- 処理した職員(0は点検) | 共通 職員 5年 なし 非開示
    known_from   id not null,
    unique (finding_id)
);
