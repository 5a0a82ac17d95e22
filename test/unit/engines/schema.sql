-- A small desk for the tests of the store.

-- table: resident
-- about: a resident, as a fact
-- marks: fact chained
-- digest: select r.resident_no, r.kana, r.birth, r.moved_month, r.is_foreign, r.income, r.photo,
--   r.valid_from, r.valid_to, {open r} as is_open from resident r
create table resident (
    resident_row_id id not null primary key, -- 行番号 | 宛名 内部番号 7年 なし 開示
    resident_no     text not null,           -- 宛名番号 | 宛名 内部番号 7年 なし 開示
    kana            text,                    -- 氏名カナ | 宛名 四情報 7年 氏名 開示
    birth           day,                     -- 生年月日 | 宛名 四情報 7年 なし 開示
    moved_month     month,                   -- 転入月 | 宛名 四情報 7年 なし 開示
    is_foreign      flag not null,           -- 外国人 | 宛名 四情報 7年 なし 開示
    income          yen,                     -- 所得 | 賦課 所得 7年 金額 開示
    photo           blob,                    -- 写真 | 宛名 四情報 7年 なし 開示
    valid_from      day not null,
    valid_to        day,
    known_from      id not null,
    known_to        id
);
create index resident_by_no on resident (resident_no);

-- table: decision
-- about: a decision with its explanation: the shape of what the yearly run writes
-- marks: chained
-- digest: select d.household_no, d.year, d.total, d.explanation from decision d
create table decision (
    decision_id  id not null primary key, -- 行番号 | 賦課 内部番号 7年 なし 開示
    household_no count not null,          -- 世帯番号 | 賦課 内部番号 7年 なし 開示
    year         count not null,          -- 年度 | 賦課 賦課 7年 なし 開示
    total        yen not null,            -- 年額 | 賦課 賦課 7年 なし 開示
    explanation  blob not null,           -- 説明 | 賦課 賦課 7年 なし 開示
    known_from   id not null,
    check (total >= 0)
);

-- table: note
-- about: a plain table with every type, keys and a reference
-- marks: plain
-- digest: select n.name, n.n from note n
create table note (
    name      text not null primary key,              -- 名前 | 共通 その他 1年 なし 開示
    n         count,                                  -- 数 | 共通 その他 1年 なし 開示
    seen_at   time,                                   -- 日時 | 共通 その他 1年 なし 開示
    is_open   flag,                                   -- 開 | 共通 その他 1年 なし 開示
    parent    text references note (name),            -- 親 | 共通 その他 1年 なし 開示
    check (n is null or n >= 0)
);
