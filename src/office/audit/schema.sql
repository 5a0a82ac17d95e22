-- database: audit

-- table: audit_writer
-- about: one process that writes audit lines; each has a chain of its own
-- marks: plain
create table audit_writer (
    writer_id  id not null primary key,         -- 書き手番号 | 監査 連鎖 7年 なし 非開示
    started_us time not null,                   -- 開始日時 | 監査 連鎖 7年 なし 非開示
    host       text not null,                   -- ホスト名 | 監査 連鎖 7年 なし 非開示
    process    count not null,                  -- プロセス番号 | 監査 連鎖 7年 なし 非開示
    seed       blob not null                    -- 連鎖の始まり | 監査 連鎖 7年 なし 非開示
);

-- table: audit_line
-- about: who looked at or changed whose record, when, where, on which screen, what for; or (outcome_of) how it ended
-- marks: plain
create table audit_line (
    line_no      id not null primary key,       -- 行番号 | 監査 記録 7年 なし 非開示
    writer_id    id not null references audit_writer (writer_id), -- 書き手番号 | 監査 連鎖 7年 なし 非開示
    sequence     count not null,                -- 書き手の中の順番 | 監査 連鎖 7年 なし 非開示
    outcome_of   id,                            -- 結果の対象の行 | 監査 記録 7年 なし 非開示
    time_us      time not null,                 -- 操作日時 | 監査 記録 7年 なし 非開示
    user_id      id not null,                   -- 利用者ID | 監査 記録 7年 なし 非開示
    user_name    text not null,                 -- 利用者名 | 監査 記録 7年 なし 非開示
    terminal     text not null,                 -- 端末名 | 監査 記録 7年 なし 非開示
    branch       text not null,                 -- 支所 | 監査 記録 7年 なし 非開示
    screen       text not null,                 -- 操作画面 | 監査 記録 7年 なし 非開示
    class        text not null,                 -- アクセス区分 | 監査 記録 7年 なし 非開示
    is_off_hours flag not null,                 -- 時間外・休業日 | 監査 記録 7年 なし 非開示
    person_id    id not null,                   -- 対象者 | 監査 記録 7年 なし 非開示
    household_id id not null,                   -- 対象世帯 | 監査 記録 7年 なし 非開示
    job_id       id not null,                   -- ジョブ番号 | 監査 記録 7年 なし 非開示
    purpose      text not null,                 -- 目的 | 監査 記録 7年 なし 非開示
    conditions   text not null,                 -- 検索条件 | 監査 記録 7年 なし 非開示
    persons      count not null,                -- 件数 | 監査 記録 7年 なし 非開示
    result       count not null,                -- 結果 | 監査 記録 7年 なし 非開示
    salt         blob not null,                 -- 塩 | 監査 連鎖 7年 なし 非開示
    content      blob not null,                 -- 内容のハッシュ | 監査 連鎖 7年 なし 非開示
    link         blob not null,                 -- 連鎖のハッシュ | 監査 連鎖 7年 なし 非開示
    unique (writer_id, sequence)
);
create index audit_line_by_time on audit_line (time_us, line_no);
create index audit_line_by_user on audit_line (user_name, line_no);
create index audit_line_by_person on audit_line (person_id, line_no) where person_id > 0;
create index audit_line_by_outcome on audit_line (outcome_of) where outcome_of is not null;

-- table: audit_anchor
-- about: once a day: the heads of every chain, tied to the day before and to the journal's chain
-- marks: plain
create table audit_anchor (
    anchor_ymd    day not null primary key,     -- 日 | 監査 連鎖 7年 なし 非開示
    last_line     count not null,               -- 最後の行 | 監査 連鎖 7年 なし 非開示
    heads         blob not null,                -- 各連鎖の先頭のハッシュ | 監査 連鎖 7年 なし 非開示
    journal_link  count not null,               -- 台帳の連鎖番号 | 監査 連鎖 7年 なし 非開示
    journal_hash  blob not null,                -- 台帳の連鎖のハッシュ | 監査 連鎖 7年 なし 非開示
    anchor_hash   blob not null                 -- アンカー | 監査 連鎖 7年 なし 非開示
);
