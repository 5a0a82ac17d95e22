-- Benefits (給付): what is applied for, and what somebody received without a right to it.

-- table: benefit_application
-- about: an application for a benefit (高額療養費・療養費・特別療養費) as it was keyed from paper: who, what, when, where to pay; a corrected one is a newer row
-- marks: fact chained
-- digest: select a.application_no, a.kind, a.batch_no, a.sheet, a.line, a.keying, p.person_no, q.person_no as applicant_no, h.household_no, a.card_number, a.treated_from, a.treated_to, a.institution, a.paid_yen, a.claimed_yen, a.is_public, a.bank_code, a.branch_code, a.account_kind, a.account_no, a.holder, a.received_ymd, a.state
--   from benefit_application a join person p on p.person_id = a.person_id join person q on q.person_id = a.applicant_id left join household h on h.household_id = a.household_id where {now a}
create table benefit_application (
    application_row_id id not null primary key, -- 行番号 | 給付 内部番号 7年 なし 非開示
    application_no text not null,            -- 受付番号(年度4桁と6桁) | 給付 医療保険関係 7年 なし 開示
    kind           text not null check (kind in ('high_cost', 'care_expense', 'special_care_expense')), -- 申請の種類 | 給付 医療保険関係 7年 なし 開示
    batch_no       count not null,           -- 紙のバッチの番号 | 給付 内部番号 7年 なし 非開示
    sheet          count not null check (sheet > 0), -- バッチの中の枚目 | 給付 内部番号 7年 なし 非開示
    line           count not null,           -- ファイルの行 | 給付 内部番号 7年 なし 非開示
    keying         text not null check (keying in ('agreed', 'settled')), -- 二度の入力の照合 | 給付 内部番号 7年 なし 非開示
    person_id      id not null references person (person_id), -- 診療を受けた人 | 給付 内部番号 7年 なし 開示
    household_id   id references household (household_id), -- 世帯 | 給付 内部番号 7年 なし 開示
    applicant_id   id not null references person (person_id), -- 申請した世帯主 | 給付 内部番号 7年 なし 開示
    card_number    text not null,            -- 書かれた記号番号 | 給付 医療保険関係 7年 なし 開示
    treated_from   month not null,           -- 診療年月から | 給付 医療保険関係 7年 なし 開示
    treated_to     month not null,           -- 診療年月まで | 給付 医療保険関係 7年 なし 開示
    institution    text not null,            -- 医療機関等 | 給付 医療保険関係 7年 なし 開示
    paid_yen       yen not null check (paid_yen > 0), -- 支払額 | 給付 医療保険関係 7年 金額 開示
    claimed_yen    yen not null check (claimed_yen > 0), -- 請求額 | 給付 医療保険関係 7年 金額 開示
    is_public      flag not null,            -- 公金受取口座を希望 | 給付 口座 7年 なし 開示
    bank_code      text not null,            -- 金融機関コード(希望するときは空) | 給付 口座 7年 口座 開示
    branch_code    text not null,            -- 店番号 | 給付 口座 7年 口座 開示
    account_kind   text not null,            -- 預金種目 | 給付 口座 7年 なし 開示
    account_no     text not null,            -- 口座番号 | 給付 口座 7年 口座 開示
    holder         text not null,            -- 口座名義(全銀の文字) | 給付 口座 7年 氏名 開示
    received_ymd   day not null,             -- 受付日 | 給付 医療保険関係 7年 なし 開示
    state          text not null check (state in ('received')), -- 状態(受付) | 給付 医療保険関係 7年 なし 開示
    known_from     id not null,
    known_to       id,
    check (claimed_yen <= paid_yen),
    check ((is_public = 1 and bank_code = '') or (is_public = 0 and bank_code <> ''))
);
create unique index benefit_application_once on benefit_application (application_no) where known_to is null;
create unique index benefit_application_sheet on benefit_application (batch_no, sheet) where known_to is null;
create index benefit_application_by_no on benefit_application (application_no);
create index benefit_application_by_batch on benefit_application (batch_no);
create index benefit_application_by_person on benefit_application (person_id);
create index benefit_application_by_household on benefit_application (household_id);
create index benefit_application_by_applicant on benefit_application (applicant_id);
create index benefit_application_by_event on benefit_application (known_from);

-- table: unjust_enrichment
-- about: a benefit somebody received without a right to it (不当利得), as it was keyed: whose, why, for which months, the insurer's part
-- marks: fact chained
-- digest: select u.case_no, u.batch_no, u.sheet, u.line, u.keying, p.person_no, h.household_no, u.card_number, u.cause, u.treated_from, u.treated_to, u.insurer_yen, u.received_ymd
--   from unjust_enrichment u join person p on p.person_id = u.person_id left join household h on h.household_id = u.household_id where {now u}
create table unjust_enrichment (
    unjust_row_id  id not null primary key,  -- 行番号 | 給付 内部番号 7年 なし 非開示
    case_no        text not null,            -- 受付番号(年度4桁と6桁) | 給付 医療保険関係 7年 なし 開示
    batch_no       count not null,           -- 紙のバッチの番号 | 給付 内部番号 7年 なし 非開示
    sheet          count not null check (sheet > 0), -- バッチの中の枚目 | 給付 内部番号 7年 なし 非開示
    line           count not null,           -- ファイルの行 | 給付 内部番号 7年 なし 非開示
    keying         text not null check (keying in ('agreed', 'settled')), -- 二度の入力の照合 | 給付 内部番号 7年 なし 非開示
    person_id      id not null references person (person_id), -- 受けた人 | 給付 内部番号 7年 なし 開示
    household_id   id references household (household_id), -- 世帯 | 給付 内部番号 7年 なし 開示
    card_number    text not null,            -- 書かれた記号番号 | 給付 医療保険関係 7年 なし 開示
    cause          text not null,            -- 事由の記号 | 給付 医療保険関係 7年 なし 開示
    treated_from   month not null,           -- 診療年月から | 給付 医療保険関係 7年 なし 開示
    treated_to     month not null,           -- 診療年月まで | 給付 医療保険関係 7年 なし 開示
    insurer_yen    yen not null check (insurer_yen > 0), -- 保険者負担額 | 給付 医療保険関係 7年 金額 開示
    received_ymd   day not null,             -- 受付日 | 給付 医療保険関係 7年 なし 開示
    known_from     id not null,
    known_to       id
);
create unique index unjust_enrichment_once on unjust_enrichment (case_no) where known_to is null;
create unique index unjust_enrichment_sheet on unjust_enrichment (batch_no, sheet) where known_to is null;
create index unjust_enrichment_by_no on unjust_enrichment (case_no);
create index unjust_enrichment_by_batch on unjust_enrichment (batch_no);
create index unjust_enrichment_by_person on unjust_enrichment (person_id);
create index unjust_enrichment_by_household on unjust_enrichment (household_id);
create index unjust_enrichment_by_event on unjust_enrichment (known_from);
