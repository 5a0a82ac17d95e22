-- The banks and stores beside the city: a service of its own with its own database.
-- database: bank

-- table: bank_state
-- about: what the service knows of itself: the day it stands on
-- marks: plain
create table bank_state (
    name  text not null primary key, -- 名前 | 共通 内部番号 永年 なし 非開示
    value text not null              -- 値 | 共通 内部番号 永年 なし 非開示
);

-- table: bank_account
-- about: an account with its balance, as the bank knows it
-- marks: plain
create table bank_account (
    account_id   count not null primary key, -- 口座の順 | 宛名 口座 永年 なし 開示
    person_no    text not null,              -- 持ち主の控え(研修用) | 宛名 内部番号 永年 なし 開示
    bank         text not null,              -- 銀行番号 | 宛名 口座 永年 口座 開示
    branch       text not null,              -- 支店番号 | 宛名 口座 永年 口座 開示
    account_kind text not null,              -- 預金種目 | 宛名 口座 永年 なし 開示
    account_no   text not null,              -- 口座番号 | 宛名 口座 永年 口座 開示
    holder       text not null,              -- 名義 | 宛名 口座 永年 氏名 開示
    kana         text not null,              -- 氏名カナ | 宛名 四情報 永年 氏名 開示
    birth_ymd    day not null,               -- 生年月日 | 宛名 四情報 永年 生年月日 開示
    income_yen   yen not null,               -- 毎月の入金 | 宛名 口座 永年 金額 開示
    balance_yen  yen not null,               -- 残高 | 宛名 口座 永年 金額 開示
    state        text not null,              -- 状態 open closed stopped | 宛名 口座 永年 なし 開示
    has_form     flag not null               -- 口座振替依頼書があるか | 宛名 口座 永年 なし 開示
);
create unique index bank_account_by_number on bank_account (bank, branch, account_kind, account_no);

-- table: bank_file
-- about: a file taken, so that it is not carried out twice
-- marks: plain
create table bank_file (
    sha256 text not null primary key, -- ハッシュ値 | 共通 内部番号 永年 なし 非開示
    what   text not null              -- 種類 | 共通 内部番号 永年 なし 非開示
);

-- table: bank_payment
-- about: somebody paid a slip: at a store, at a bank's counter, by number
-- marks: plain
create table bank_payment (
    payment_no count not null primary key, -- 支払の順 | 収滞納 内部番号 永年 なし 開示
    way        text not null,              -- 方法 cvs ocr mpn el | 収滞納 医療保険関係 永年 なし 開示
    digits     text not null,              -- バーコード・OCR上段・納付番号 | 収滞納 医療保険関係 永年 なし 開示
    more       text not null,              -- OCR下段・確認番号 | 収滞納 医療保険関係 永年 なし 開示
    yen        yen not null,               -- 金額 | 収滞納 医療保険関係 永年 金額 開示
    paid_ymd   day not null,               -- 支払った日 | 収滞納 医療保険関係 永年 なし 開示
    place      text not null,              -- 店 | 収滞納 医療保険関係 永年 なし 開示
    chain      text not null,              -- 本部 | 収滞納 医療保険関係 永年 なし 開示
    is_taken_back flag not null,           -- 取り消されたか | 収滞納 医療保険関係 永年 なし 開示
    told       count not null              -- 0未通知 1速報 2取消または確報 | 収滞納 内部番号 永年 なし 開示
);
create index bank_payment_by_day on bank_payment (paid_ymd, way);
