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
