-- table: report
-- about: figures of a year's levy as decided on a base day, for the reports to state and prefecture: which decisions were counted
-- marks: plain
create table report (
    job_id       id not null primary key, -- 処理番号 | 賦課 内部番号 7年 なし 非開示
    fiscal_year  count not null,          -- 賦課年度 | 賦課 医療保険関係 7年 なし 非開示
    base_ymd     day not null,            -- 基準日 | 賦課 医療保険関係 7年 なし 非開示
    decisions    count not null,          -- 決定の数 | 賦課 医療保険関係 7年 なし 非開示
    total_yen    yen not null             -- 決定の総額 | 賦課 医療保険関係 7年 なし 非開示
);

-- table: report_unit
-- about: one decision counted in a report, with what its explanation says of the household
-- marks: plain big
create table report_unit (
    job_id       id not null references report (job_id), -- 処理番号 | 賦課 内部番号 7年 なし 非開示
    decision_id  id not null,      -- 決定行番号 | 賦課 内部番号 7年 なし 非開示
    household_id id not null,      -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    tier         count not null,   -- 軽減区分（割） | 賦課 医療保険関係 7年 なし 開示
    insured      count not null,   -- 被保険者数 | 賦課 医療保険関係 7年 なし 開示
    special      count not null,   -- 特定世帯(0なし 1特定 2特定継続) | 賦課 医療保険関係 7年 なし 開示
    preschool    count not null,   -- 未就学児の数 | 賦課 医療保険関係 7年 なし 開示
    maternity    count not null,   -- 産前産後の減額のある人の数 | 賦課 医療保険関係 7年 なし 開示
    unemployed   count not null,   -- 非自発的失業の特例のある人の数 | 賦課 医療保険関係 7年 なし 開示
    marks        count not null,   -- 限度額到達・未申告などの印 | 賦課 医療保険関係 7年 なし 開示
    band_from    yen not null,     -- 所得階級の下限 | 賦課 医療保険関係 7年 なし 開示
    basis_yen    yen not null,     -- 算定基礎額(被保険者の合計) | 賦課 医療保険関係 7年 金額 開示
    asset_yen    yen not null,     -- 固定資産税額(被保険者の合計) | 賦課 医療保険関係 7年 金額 開示
    judge_yen    yen not null,     -- 軽減判定所得 | 賦課 医療保険関係 7年 金額 開示
    total_yen    yen not null,     -- 年間保険料額 | 賦課 医療保険関係 7年 金額 開示
    rest_yen     yen not null,     -- 合計額の端数 | 賦課 医療保険関係 7年 金額 開示
    primary key (job_id, decision_id)
);
create index report_unit_by_household on report_unit (household_id);

-- table: report_part
-- about: one part of the levy of a decision counted: what was put on before reductions, what each reduction took off, what was levied
-- marks: plain big
create table report_part (
    job_id        id not null references report (job_id), -- 処理番号 | 賦課 内部番号 7年 なし 非開示
    decision_id   id not null,    -- 決定行番号 | 賦課 内部番号 7年 なし 非開示
    part          count not null check (part between 0 and 3), -- 区分(医療 支援 介護 子ども) | 賦課 医療保険関係 7年 なし 開示
    tier          count not null, -- 軽減区分（割） | 賦課 医療保険関係 7年 なし 開示
    band_from     yen not null,   -- 所得階級の下限 | 賦課 医療保険関係 7年 なし 開示
    people        count not null, -- この区分の被保険者数 | 賦課 医療保険関係 7年 なし 開示
    at_cap        count not null, -- 限度額に達したか | 賦課 医療保険関係 7年 なし 開示
    income_yen    yen not null,   -- 所得割額 | 賦課 医療保険関係 7年 金額 開示
    asset_yen     yen not null,   -- 資産割額 | 賦課 医療保険関係 7年 金額 開示
    person_yen    yen not null,   -- 均等割額(軽減前) | 賦課 医療保険関係 7年 金額 開示
    household_yen yen not null,   -- 平等割額(軽減前) | 賦課 医療保険関係 7年 金額 開示
    special_cut   yen not null,   -- 特定世帯・特定継続世帯の減 | 賦課 医療保険関係 7年 金額 開示
    person_cut    yen not null,   -- 均等割の軽減額 | 賦課 医療保険関係 7年 金額 開示
    household_cut yen not null,   -- 平等割の軽減額 | 賦課 医療保険関係 7年 金額 開示
    child_cut     yen not null,   -- 未就学児(子ども分は18歳未満)の減額 | 賦課 医療保険関係 7年 金額 開示
    maternity_cut yen not null,   -- 産前産後の減額 | 賦課 医療保険関係 7年 金額 開示
    cap_cut       yen not null,   -- 限度額を超える額 | 賦課 医療保険関係 7年 金額 開示
    rest_cut      yen not null,   -- 減免・端数など | 賦課 医療保険関係 7年 金額 開示
    levied_yen    yen not null,   -- 賦課額 | 賦課 医療保険関係 7年 金額 開示
    primary key (job_id, decision_id, part)
);

-- table: report_share
-- about: what of the reductions of a report state, prefecture and city bear
-- marks: plain
create table report_share (
    job_id         id not null references report (job_id), -- 処理番号 | 賦課 内部番号 7年 なし 非開示
    kind           count not null check (kind between 1 and 4), -- 種類(1保険料軽減 2未就学児 3産前産後 4保険者支援分) | 賦課 医療保険関係 7年 なし 非開示
    amount_yen     yen not null, -- 減額の総額 | 賦課 医療保険関係 7年 なし 非開示
    state_yen      yen not null, -- 国の負担 | 賦課 医療保険関係 7年 なし 非開示
    prefecture_yen yen not null, -- 都道府県の負担 | 賦課 医療保険関係 7年 なし 非開示
    city_yen       yen not null, -- 市の負担 | 賦課 医療保険関係 7年 なし 非開示
    primary key (job_id, kind)
);

-- table: report_support
-- about: what supports the insurer for its reduced insured: people, the average levy of the part, the rate, the amount
-- marks: plain
create table report_support (
    job_id      id not null references report (job_id), -- 処理番号 | 賦課 内部番号 7年 なし 非開示
    part        count not null check (part between 0 and 3), -- 区分(医療 支援 介護 子ども) | 賦課 医療保険関係 7年 なし 非開示
    tier        count not null, -- 軽減区分（割） | 賦課 医療保険関係 7年 なし 非開示
    people      count not null, -- 軽減を受けた被保険者数 | 賦課 医療保険関係 7年 なし 非開示
    average_yen yen not null,   -- 一人当たりの平均保険料(円未満切捨て) | 賦課 医療保険関係 7年 なし 非開示
    per_cent    count not null, -- 率(百分率) | 賦課 医療保険関係 7年 なし 非開示
    amount_yen  yen not null,   -- 保険者支援分の額 | 賦課 医療保険関係 7年 なし 非開示
    primary key (job_id, part, tier)
);

-- table: levied_certificate
-- about: a certificate of the levy of a year that was issued: of which decision, to whom it went, for what
-- marks: fact chained
-- digest: select c.certificate_no, c.fiscal_year, p.person_no, c.issued_ymd, c.purpose, c.receiver, c.total_yen from levied_certificate c join person p on p.person_id = c.debtor_id
create table levied_certificate (
    levied_certificate_id id not null primary key,                   -- 行番号 | 賦課 内部番号 7年 なし 非開示
    certificate_no      count not null,                            -- 証明番号 | 賦課 医療保険関係 7年 なし 開示
    fiscal_year         count not null,                            -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    debtor_id           id not null references person (person_id), -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    issued_ymd          day not null,                              -- 発行日 | 賦課 医療保険関係 7年 なし 開示
    purpose             text not null,                             -- 使う目的 | 賦課 医療保険関係 7年 なし 開示
    receiver            text not null,                             -- 受け取った人 | 賦課 四情報 7年 氏名 開示
    looked_from         id not null,                               -- 参照した異動番号 | 賦課 内部番号 7年 なし 非開示
    total_yen           yen not null,                              -- 証明した年額 | 賦課 医療保険関係 7年 金額 開示
    known_from          id not null,
    known_to            id
);
create index levied_certificate_by_debtor on levied_certificate (debtor_id, fiscal_year);
create index levied_certificate_by_no on levied_certificate (certificate_no);
