-- table: legacy_record
-- about: one record of the legacy single file (国民健康保険情報ファイル) as it was, kept readable after the migration
-- marks: chained
-- digest: select r.reference, r.file, p.person_no, r.fiscal_year, r.from_ymd, r.until_ymd, r.amount_yen, r.content from legacy_record r join person p on p.person_id = r.person_id
create table legacy_record (
    legacy_record_id id not null primary key,             -- 行番号 | 共通 内部番号 永年 なし 非開示
    reference   text not null,                            -- 旧記録番号 | 共通 医療保険関係 永年 なし 開示
    file        count not null check (file between 1 and 4), -- 記録区分(1資格 2賦課 3給付 4収滞納) | 共通 医療保険関係 永年 なし 開示
    person_id   id not null references person (person_id), -- 個人ID | 共通 内部番号 永年 なし 非開示
    fiscal_year count,                                    -- 年度 | 共通 医療保険関係 永年 なし 開示
    from_ymd    day not null,                             -- 開始日 | 共通 医療保険関係 永年 なし 開示
    until_ymd   day,                                      -- 終了日 | 共通 医療保険関係 永年 なし 開示
    amount_yen  yen,                                      -- 金額 | 共通 医療保険関係 永年 金額 開示
    content     text not null,                            -- 内容 | 共通 医療保険関係 永年 なし 開示
    known_from  id not null
);
create unique index legacy_record_by_reference on legacy_record (reference);
create index legacy_record_by_person on legacy_record (person_id);
create index legacy_record_by_event on legacy_record (known_from);

-- table: legacy_eligibility
-- about: what the legacy single file knew, moved into the 資格 file at the cut-over
-- marks: chained
-- digest: select r.reference, p.person_no, m.fiscal_year, m.from_ymd, m.until_ymd, m.amount_yen, m.content from legacy_eligibility m join legacy_record r on r.legacy_record_id = m.legacy_record_id join person p on p.person_id = m.person_id
create table legacy_eligibility (
    legacy_eligibility_id id not null primary key, -- 行番号 | 資格 内部番号 永年 なし 非開示
    legacy_record_id id not null references legacy_record (legacy_record_id), -- 旧ファイルの行番号 | 資格 内部番号 永年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    fiscal_year count,         -- 年度 | 資格 医療保険 永年 なし 開示
    from_ymd    day not null,  -- 開始日 | 資格 医療保険 永年 なし 開示
    until_ymd   day,           -- 終了日 | 資格 医療保険 永年 なし 開示
    amount_yen  yen,           -- 金額 | 資格 医療保険 永年 金額 開示
    content     text not null, -- 内容 | 資格 医療保険 永年 なし 開示
    known_from  id not null
);
create index legacy_eligibility_by_person on legacy_eligibility (person_id);
create index legacy_eligibility_by_record on legacy_eligibility (legacy_record_id);
create index legacy_eligibility_by_event on legacy_eligibility (known_from);

-- table: legacy_levy
-- about: what the legacy single file knew, moved into the 賦課 file at the cut-over
-- marks: chained
-- digest: select r.reference, p.person_no, m.fiscal_year, m.from_ymd, m.until_ymd, m.amount_yen, m.content from legacy_levy m join legacy_record r on r.legacy_record_id = m.legacy_record_id join person p on p.person_id = m.person_id
create table legacy_levy (
    legacy_levy_id id not null primary key, -- 行番号 | 賦課 内部番号 7年 なし 非開示
    legacy_record_id id not null references legacy_record (legacy_record_id), -- 旧ファイルの行番号 | 賦課 内部番号 7年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 賦課 内部番号 7年 なし 非開示
    fiscal_year count,         -- 年度 | 賦課 医療保険関係 7年 なし 開示
    from_ymd    day not null,  -- 開始日 | 賦課 医療保険関係 7年 なし 開示
    until_ymd   day,           -- 終了日 | 賦課 医療保険関係 7年 なし 開示
    amount_yen  yen,           -- 金額 | 賦課 医療保険関係 7年 金額 開示
    content     text not null, -- 内容 | 賦課 医療保険関係 7年 なし 開示
    known_from  id not null
);
create index legacy_levy_by_person on legacy_levy (person_id);
create index legacy_levy_by_record on legacy_levy (legacy_record_id);
create index legacy_levy_by_event on legacy_levy (known_from);

-- table: legacy_benefit
-- about: what the legacy single file knew, moved into the 給付 file at the cut-over
-- marks: chained
-- digest: select r.reference, p.person_no, m.fiscal_year, m.from_ymd, m.until_ymd, m.amount_yen, m.content from legacy_benefit m join legacy_record r on r.legacy_record_id = m.legacy_record_id join person p on p.person_id = m.person_id
create table legacy_benefit (
    legacy_benefit_id id not null primary key, -- 行番号 | 給付 内部番号 7年 なし 非開示
    legacy_record_id id not null references legacy_record (legacy_record_id), -- 旧ファイルの行番号 | 給付 内部番号 7年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 給付 内部番号 7年 なし 非開示
    fiscal_year count,         -- 年度 | 給付 医療保険関係 7年 なし 開示
    from_ymd    day not null,  -- 開始日 | 給付 医療保険関係 7年 なし 開示
    until_ymd   day,           -- 終了日 | 給付 医療保険関係 7年 なし 開示
    amount_yen  yen,           -- 金額 | 給付 医療保険関係 7年 金額 開示
    content     text not null, -- 内容 | 給付 医療保険関係 7年 なし 開示
    known_from  id not null
);
create index legacy_benefit_by_person on legacy_benefit (person_id);
create index legacy_benefit_by_record on legacy_benefit (legacy_record_id);
create index legacy_benefit_by_event on legacy_benefit (known_from);

-- table: legacy_collection
-- about: what the legacy single file knew, moved into the 収滞納 file at the cut-over
-- marks: chained
-- digest: select r.reference, p.person_no, m.fiscal_year, m.from_ymd, m.until_ymd, m.amount_yen, m.content from legacy_collection m join legacy_record r on r.legacy_record_id = m.legacy_record_id join person p on p.person_id = m.person_id
create table legacy_collection (
    legacy_collection_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    legacy_record_id id not null references legacy_record (legacy_record_id), -- 旧ファイルの行番号 | 収滞納 内部番号 7年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 収滞納 内部番号 7年 なし 非開示
    fiscal_year count,         -- 年度 | 収滞納 医療保険関係 7年 なし 開示
    from_ymd    day not null,  -- 開始日 | 収滞納 医療保険関係 7年 なし 開示
    until_ymd   day,           -- 終了日 | 収滞納 医療保険関係 7年 なし 開示
    amount_yen  yen,           -- 金額 | 収滞納 医療保険関係 7年 金額 開示
    content     text not null, -- 内容 | 収滞納 医療保険関係 7年 なし 開示
    known_from  id not null
);
create index legacy_collection_by_person on legacy_collection (person_id);
create index legacy_collection_by_record on legacy_collection (legacy_record_id);
create index legacy_collection_by_event on legacy_collection (known_from);
