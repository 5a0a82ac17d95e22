-- The finance system (財務会計) beside the city: a service of its own with its own database.
-- database: finance

-- table: finance_state
-- about: what the service knows of itself: the last order number
-- marks: plain
create table finance_state (
    name  text not null primary key, -- 名前 | 共通 内部番号 永年 なし 非開示
    value count not null             -- 値 | 共通 内部番号 永年 なし 非開示
);

-- table: day_file
-- about: a daily file it has taken, by its number
-- marks: plain
create table day_file (
    file_no text not null primary key, -- ファイル番号 | 共通 内部番号 永年 なし 開示
    sha256  text not null,             -- ハッシュ値 | 共通 内部番号 永年 なし 非開示
    day_ymd day not null,              -- 収納日 | 共通 会計 永年 なし 開示
    records count not null,            -- 件数 | 共通 会計 永年 なし 開示
    receipt_yen yen not null           -- 収納額 | 共通 会計 永年 金額 開示
);

-- table: booked
-- about: what was booked of the files, by day, flow, year, fund and subject
-- marks: plain
create table booked (
    file_no text not null references day_file (file_no), -- ファイル番号 | 共通 内部番号 永年 なし 開示
    line    count not null,            -- 行 | 共通 内部番号 永年 なし 開示
    flow    text not null,             -- 区分 | 共通 会計 永年 なし 開示
    year    count not null,            -- 会計年度 | 共通 会計 永年 なし 開示
    fund    text not null,             -- 会計 | 共通 会計 永年 なし 開示
    subject text not null,             -- 科目 | 共通 会計 永年 なし 開示
    yen     yen not null,              -- 金額 | 共通 会計 永年 金額 開示
    primary key (file_no, line)
);

-- table: payment_order
-- about: a payment order it has taken, with the number it gave it
-- marks: plain
create table payment_order (
    reference text not null primary key, -- 参照番号 | 共通 内部番号 永年 なし 開示
    order_no  text not null unique,      -- 命令番号 | 共通 会計 永年 なし 開示
    content   text not null,             -- 命令の内容のハッシュ値 | 共通 内部番号 永年 なし 非開示
    taken_ymd day not null,              -- 受付日 | 共通 会計 永年 なし 開示
    total_yen yen not null               -- 支払額 | 共通 会計 永年 金額 開示
);
