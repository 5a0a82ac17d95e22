-- The resident register (住民記録) beside the city: a service of its own with its own database.
-- database: register

-- table: register_state
-- about: what the register knows of itself: its day, the next numbers, the seed of its people's lives
-- marks: plain
create table register_state (
    name  text not null primary key, -- 名前 | 共通 内部番号 永年 なし 非開示
    value text not null              -- 値 | 共通 内部番号 永年 なし 非開示
);

-- table: resident
-- about: one person who is or was on the register, as he stands now
-- marks: plain
create table resident (
    person_no     text not null primary key, -- 宛名番号 | 宛名 内部番号 永年 なし 開示
    household_no  text not null,             -- 世帯番号 | 宛名 内部番号 永年 なし 開示
    relation      text not null,             -- 続柄 | 宛名 その他住民票関係 永年 なし 開示
    name          text not null,             -- 使用中の氏名 | 宛名 四情報 永年 氏名 開示
    kana          text not null,             -- 氏名の振り仮名 | 宛名 四情報 永年 氏名 開示
    real_name     text not null,             -- 通称を使う人の本名 | 宛名 四情報 永年 氏名 開示
    birth_ymd     day not null,              -- 生年月日 | 宛名 四情報 永年 生年月日 開示
    sex           text not null,             -- 性別 | 宛名 四情報 永年 性別 開示
    death_ymd     day,                       -- 死亡日 | 宛名 その他住民票関係 永年 なし 開示
    nationality   text not null,             -- 国籍・地域 | 宛名 その他住民票関係 永年 なし 開示
    stay_status   text not null,             -- 在留資格 | 宛名 その他住民票関係 永年 なし 開示
    stay_until    day,                       -- 在留期間の満了の日 | 宛名 その他住民票関係 永年 なし 開示
    resident_from day not null,              -- 住民となった日 | 宛名 その他住民票関係 永年 なし 開示
    resident_to   day,                       -- 住民でなくなった日 | 宛名 その他住民票関係 永年 なし 開示
    ended_by      text not null,             -- 消除事由 | 宛名 その他住民票関係 永年 なし 開示
    nhi_acquired  day,                       -- 国保の資格取得日 | 資格 医療保険 永年 なし 開示
    nhi_lost      day                        -- 国保の資格喪失日 | 資格 医療保険 永年 なし 開示
);

-- table: home
-- about: one household and where it lives
-- marks: plain
create table home (
    household_no text not null primary key, -- 世帯番号 | 宛名 内部番号 永年 なし 開示
    postal_code  text not null,             -- 郵便番号 | 宛名 四情報 永年 住所 開示
    city_code    text not null,             -- 市区町村コード | 宛名 四情報 永年 住所 開示
    prefecture   text not null,             -- 都道府県 | 宛名 四情報 永年 住所 開示
    city         text not null,             -- 市区町村名 | 宛名 四情報 永年 住所 開示
    town_code    text not null,             -- 町字コード | 宛名 四情報 永年 住所 開示
    town         text not null,             -- 町字 | 宛名 四情報 永年 住所 開示
    number       text not null,             -- 番地号 | 宛名 四情報 永年 住所 開示
    building     text not null,             -- 方書 | 宛名 四情報 永年 住所 開示
    last_ymd     day not null               -- 最後の異動の日 | 宛名 その他住民票関係 永年 なし 非開示
);

-- table: change
-- about: every change in the order of the sequence, as its line of the daily file
-- marks: plain
create table change (
    sequence     count not null primary key, -- 異動通番 | 宛名 内部番号 永年 なし 非開示
    recorded_ymd day not null,               -- 記載した日 | 宛名 その他住民票関係 永年 なし 非開示
    kind         text not null,              -- 異動事由 | 宛名 その他住民票関係 永年 なし 開示
    person_no    text not null,              -- 宛名番号 | 宛名 内部番号 永年 なし 開示
    change_ymd   day not null,               -- 異動日 | 宛名 その他住民票関係 永年 なし 開示
    effect_ymd   day not null,               -- 異動後の状態になる最初の日 | 宛名 その他住民票関係 永年 なし 開示
    is_single    flag not null,              -- ひとりの世帯の異動か | 宛名 その他住民票関係 永年 なし 非開示
    is_settled   flag not null,              -- 訂正・取消のあったもの | 宛名 その他住民票関係 永年 なし 非開示
    line         text not null               -- ファイルの1行 | 宛名 四情報 永年 氏名 開示
);
create index change_by_day on change (recorded_ymd, sequence);
