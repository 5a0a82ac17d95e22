-- table: closing
-- about: the end of an accounting year (出納閉鎖): what is carried over, first as drafted, then as confirmed and done
-- marks: fact chained
-- digest: select c.booked_year, c.stage, c.debtors, c.instalments, c.carried_yen from closing c where {now c}
create table closing (
    closing_row_id id not null primary key,   -- 行番号 | 収滞納 内部番号 永年 なし 開示
    closing_no     count not null,            -- 締めの番号 | 収滞納 内部番号 永年 なし 開示
    booked_year    count not null,            -- 会計年度 | 収滞納 医療保険関係 永年 なし 開示
    stage          count not null check (stage between 1 and 4), -- 段階(1仮計算 2確定中 3確定 4取下げ) | 収滞納 医療保険関係 永年 なし 開示
    debtors        count not null,            -- 繰越対象者数 | 収滞納 医療保険関係 永年 なし 開示
    instalments    count not null,            -- 期数 | 収滞納 医療保険関係 永年 なし 開示
    carried_yen    yen not null,              -- 繰越額 | 収滞納 医療保険関係 永年 金額 開示
    officer        id not null,               -- 担当者 | 収滞納 職員 永年 なし 非開示
    known_from     id not null,
    known_to       id
);
create index closing_by_year on closing (booked_year);
create index closing_by_no on closing (closing_no);
create index closing_by_event on closing (known_from);

-- table: cleaned
-- about: a liability whose periods were paid up or written off and have passed the holding period: its rows are gone, this count of them stays
-- marks: fact chained
-- digest: select l.levy_year, l.notice_no, c.instalments, c.postings, c.charged_yen, c.received_yen, c.written_off_yen, c.last_ymd from cleaned c join liability l on l.liability_id = c.liability_id where {now c}
create table cleaned (
    cleaned_id      id not null primary key,  -- 整理ID | 収滞納 内部番号 永年 なし 開示
    liability_id    id not null,              -- 債権ID | 収滞納 内部番号 永年 なし 開示
    instalments     count not null,           -- 消した期数 | 収滞納 医療保険関係 永年 なし 開示
    postings        count not null,           -- 消した仕訳の行数 | 収滞納 医療保険関係 永年 なし 開示
    charged_yen     yen not null,             -- 調定額 | 収滞納 医療保険関係 永年 金額 開示
    received_yen    yen not null,             -- 収納額 | 収滞納 医療保険関係 永年 金額 開示
    written_off_yen yen not null,             -- 不納欠損額 | 収滞納 医療保険関係 永年 金額 開示
    last_ymd        day not null,             -- 最後の取引の日 | 収滞納 医療保険関係 永年 なし 開示
    known_from      id not null,
    known_to        id
);
create index cleaned_by_liability on cleaned (liability_id);
create index cleaned_by_event on cleaned (known_from);
