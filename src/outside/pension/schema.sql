-- The pension payer (年金保険者) beside the city: a service of its own with its own database.
-- database: pension

-- table: payer_state
-- about: what the service knows of itself: the city's code, the scheme
-- marks: plain
create table payer_state (
    name  text not null primary key, -- 名前 | 共通 内部番号 永年 なし 非開示
    value text not null              -- 値 | 共通 内部番号 永年 なし 非開示
);

-- table: pensioner
-- about: one who gets a pension, as the payer knows him
-- marks: plain
create table pensioner (
    pensioner_no count not null primary key, -- 受給者の番号 | 宛名 年金関係 永年 なし 開示
    payer        text not null,              -- 特別徴収義務者コード | 宛名 年金関係 永年 なし 開示
    birth_ymd    day not null,               -- 生年月日 | 宛名 四情報 永年 生年月日 開示
    sex          text not null,              -- 性別 | 宛名 四情報 永年 性別 開示
    kana         text not null,              -- 氏名の振り仮名 | 宛名 四情報 永年 氏名 開示
    name         text not null,              -- 氏名 | 宛名 四情報 永年 氏名 開示
    address      text not null,              -- 住所 | 宛名 四情報 永年 住所 開示
    yearly_yen   yen not null,               -- 年金額(年額) | 宛名 年金関係 永年 金額 開示
    lost_ymd     day,                        -- 失権の日 | 宛名 年金関係 永年 なし 開示
    held_ymd     day                         -- 差し止める支払日 | 宛名 年金関係 永年 なし 開示
);

-- table: instruction
-- about: what a city asked: so much from which payment day on, or nothing more
-- marks: plain
create table instruction (
    instruction_no count not null primary key, -- 受付の順 | 宛名 内部番号 永年 なし 開示
    pensioner_no   count not null references pensioner (pensioner_no), -- 受給者の番号 | 宛名 年金関係 永年 なし 開示
    notice         text not null,              -- 通知内容コード | 宛名 年金関係 永年 なし 開示
    from_ymd       day not null,               -- 最初の支払日 | 宛名 年金関係 永年 なし 開示
    first_yen      yen not null,               -- 最初の支払日の額 | 宛名 年金関係 永年 金額 開示
    each_yen       yen not null,               -- その後の各支払日の額 | 宛名 年金関係 永年 金額 開示
    is_stop        flag not null               -- 中止か | 宛名 年金関係 永年 なし 開示
);
create index instruction_by_pensioner on instruction (pensioner_no, from_ymd);
