-- The store's own tables: they stand in every database of the program.

-- table: event
-- about: every change comes from an event (異動・届出・決定・取込); its number is the order of commits
-- marks: chained
create table event (
    event_no     id not null primary key, -- 異動番号 | 共通 内部番号 永年 なし 開示
    kind         text not null,           -- 異動の種類 | 共通 異動 永年 なし 開示
    effective    day not null,            -- 異動日 | 共通 異動 永年 なし 開示
    received     day not null,            -- 届出日 | 共通 異動 永年 なし 開示
    source       text not null,           -- 届出元 | 共通 異動 永年 なし 開示
    route        text not null,           -- 経路 | 共通 異動 永年 なし 開示
    reason       text not null,           -- 理由 | 共通 異動 永年 なし 一部
    entered_by   id,                      -- 入力者 | 共通 職員 永年 なし 非開示
    checked_by   id,                      -- 確認者 | 共通 職員 永年 なし 非開示
    approved_by  id,                      -- 承認者 | 共通 職員 永年 なし 非開示
    status       count not null,          -- 入力時の状態(0入力 1確認 2承認 3差戻し) | 共通 異動 永年 なし 開示
    household_id id,                      -- 世帯ID | 共通 内部番号 永年 なし 開示
    person_id    id,                      -- 個人ID | 共通 内部番号 永年 なし 開示
    job_id       id,                      -- ジョブ番号 | 共通 内部番号 永年 なし 非開示
    entered_at   time not null,           -- 入力日時 | 共通 異動 永年 なし 開示
    check (status between 0 and 3)
);
create index event_by_household on event (household_id, event_no) where household_id is not null;
create index event_by_person on event (person_id, event_no) where person_id is not null;

-- table: event_mark
-- about: a later check, approval or rejection of an event, itself an event
-- marks: chained
create table event_mark (
    event_mark_id id not null primary key, -- 行番号 | 共通 内部番号 永年 なし 非開示
    event_no      id not null references event (event_no), -- 対象の異動番号 | 共通 内部番号 永年 なし 開示
    status        count not null,          -- 状態(1確認 2承認 3差戻し) | 共通 異動 永年 なし 開示
    user_id       id not null,             -- 操作者 | 共通 職員 永年 なし 非開示
    known_from    id not null,
    check (status between 1 and 3)
);
create index event_mark_by_event on event_mark (event_no, event_mark_id);

-- table: closure
-- about: which event closed which fact; from it verify rebuilds known_to
-- marks: chained
create table closure (
    closure_id id not null primary key, -- 行番号 | 共通 内部番号 永年 なし 非開示
    table_name text not null,           -- 表の名前 | 共通 内部番号 永年 なし 非開示
    row_key    id not null,             -- 閉じた行 | 共通 内部番号 永年 なし 非開示
    known_from id not null
);

-- table: purged
-- about: rows whose time to be kept has passed: the digest stays so that the chain still holds, the content and its salt are gone
-- marks: chained
create table purged (
    purged_id  id not null primary key, -- 行番号 | 共通 内部番号 永年 なし 非開示
    table_name text not null,           -- 表の名前 | 共通 内部番号 永年 なし 非開示
    row_key    id not null,             -- 消した行 | 共通 内部番号 永年 なし 非開示
    row_event  id not null,             -- 行を作った異動番号 | 共通 内部番号 永年 なし 非開示
    row_digest blob not null,           -- 行の要約値 | 共通 内部番号 永年 なし 非開示
    known_from id not null
);

-- table: chain_link
-- about: one link for each commit that wrote chained rows: previous link, event numbers, digests of the rows by table
-- marks: plain big
create table chain_link (
    link_no     id not null primary key, -- 連番 | 共通 内部番号 永年 なし 非開示
    first_event id not null unique,      -- 最初の異動番号 | 共通 内部番号 永年 なし 非開示
    last_event  id not null unique,      -- 最後の異動番号 | 共通 内部番号 永年 なし 非開示
    digest      blob not null,           -- 要約値 | 共通 内部番号 永年 なし 非開示
    check (first_event <= last_event)
);

-- table: chain_part
-- about: the rows of one table in one link: how many, and the digest over them in key order
-- marks: plain big
create table chain_part (
    link_no    id not null,   -- 連番 | 共通 内部番号 永年 なし 非開示
    table_name text not null,  -- 表の名前 | 共通 内部番号 永年 なし 非開示
    row_count  count not null, -- 行数 | 共通 内部番号 永年 なし 非開示
    digest     blob not null,  -- 要約値 | 共通 内部番号 永年 なし 非開示
    primary key (link_no, table_name)
);

-- table: id_block
-- about: the next free internal id; taken in blocks
-- marks: plain
create table id_block (
    block_no id not null primary key, -- 常に1 | 共通 内部番号 永年 なし 非開示
    next_id  id not null              -- 次の番号 | 共通 内部番号 永年 なし 非開示
);

-- table: number_series
-- about: running numbers without gaps (通知書番号 and the like)
-- marks: plain
-- digest: select n.series, n.next_number from number_series n
create table number_series (
    series      text not null primary key, -- 系列 | 共通 内部番号 永年 なし 非開示
    next_number count not null             -- 次の番号 | 共通 内部番号 永年 なし 非開示
);

-- table: store_info
-- about: what this database is: kind, schema hash, program version at creation
-- marks: plain
create table store_info (
    name  text not null primary key, -- 項目 | 共通 設定 永年 なし 非開示
    value text not null              -- 値 | 共通 設定 永年 なし 非開示
);

-- table: column_note
-- about: what every column says about itself; equal to the comments of the columns in PostgreSQL
-- marks: plain
create table column_note (
    table_name  text not null, -- 表の名前 | 共通 設定 永年 なし 非開示
    column_name text not null, -- 列の名前 | 共通 設定 永年 なし 非開示
    label       text not null, -- 日本語名 | 共通 設定 永年 なし 非開示
    file_name   text not null, -- 個人情報ファイル | 共通 設定 永年 なし 非開示
    item_group  text not null, -- 項目群 | 共通 設定 永年 なし 非開示
    keep        text not null, -- 保存期間 | 共通 設定 永年 なし 非開示
    mask        text not null, -- 伏せ方 | 共通 設定 永年 なし 非開示
    disclose    text not null, -- 開示 | 共通 設定 永年 なし 非開示
    primary key (table_name, column_name)
);
