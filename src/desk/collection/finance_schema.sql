-- table: finance_file
-- about: a file handed to the finance system (財務会計): which day, which events it covers, what it came to; sent again under the same number
-- marks: chained
-- digest: select f.file_no, f.kind, f.day_ymd, f.part, f.sha256, f.records, f.receipt_yen, f.appropriated_yen, f.refund_yen, f.interest_yen from finance_file f
create table finance_file (
    finance_file_id id not null primary key,   -- 財務連動ファイルID | 収滞納 内部番号 7年 なし 開示
    file_no       count not null,              -- ファイル番号 | 収滞納 内部番号 7年 なし 開示
    kind          text not null check (kind in ('day', 'orders')), -- 種別 | 収滞納 医療保険関係 7年 なし 開示
    day_ymd       day not null,                -- 会計日 | 収滞納 医療保険関係 7年 なし 開示
    part          count not null,              -- 枝番 | 収滞納 医療保険関係 7年 なし 開示
    after_event   count not null,              -- この異動番号より後 | 収滞納 内部番号 7年 なし 開示
    up_to_event   count not null,              -- この異動番号まで | 収滞納 内部番号 7年 なし 開示
    file_name     text not null,               -- ファイル名 | 収滞納 医療保険関係 7年 なし 開示
    sha256        text not null,               -- ハッシュ値 | 収滞納 内部番号 7年 なし 開示
    records       count not null,              -- 件数 | 収滞納 医療保険関係 7年 なし 開示
    receipt_yen   yen not null,                -- 収納額 | 収滞納 医療保険関係 7年 金額 開示
    appropriated_yen yen not null,             -- 充当額 | 収滞納 医療保険関係 7年 金額 開示
    refund_yen    yen not null,                -- 還付額 | 収滞納 医療保険関係 7年 金額 開示
    interest_yen  yen not null,                -- 加算金 | 収滞納 医療保険関係 7年 金額 開示
    known_from    id not null
);
create index finance_file_by_no on finance_file (file_no);
create index finance_file_by_day on finance_file (day_ymd, kind);
create index finance_file_by_event on finance_file (known_from);

-- table: income_split
-- about: which share of a part's income belongs to the retired (退職被保険者等), from a month on; the rest and every rounding is general
-- marks: fact chained
-- digest: select s.part, s.from_month, s.retired_ppm from income_split s where {now s}
create table income_split (
    income_split_id id not null primary key,   -- 按分行番号 | 共通 内部番号 7年 なし 開示
    part          count not null check (part between 1 and 4), -- 区分(1医療 2支援 3介護 4子ども) | 共通 医療保険関係 7年 なし 開示
    from_month    month not null,              -- 適用開始月 | 共通 医療保険関係 7年 なし 開示
    retired_ppm   count not null check (retired_ppm between 0 and 1000000), -- 退職分の割合(百万分率) | 共通 医療保険関係 7年 なし 開示
    known_from    id not null,
    known_to      id
);
create index income_split_by_part on income_split (part, from_month);
create index income_split_by_event on income_split (known_from);
