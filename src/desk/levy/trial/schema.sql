-- table: rate_set
-- about: rates somebody gave a name for the comparison over the whole city; nothing of a person
-- marks: chained
-- digest: select r.name, r.fiscal_year, r.settings from rate_set r
create table rate_set (
    rate_set_id id not null primary key, -- 行番号 | 賦課 内部番号 7年 なし 非開示
    name        text not null unique,    -- 料率の組の名前 | 賦課 内部番号 7年 なし 非開示
    fiscal_year count not null,          -- 賦課年度 | 賦課 医療保険関係 7年 なし 非開示
    settings    text not null,           -- 規則の値 | 賦課 内部番号 7年 なし 非開示
    known_from  id not null
);

-- table: rate_solve
-- about: rates looked for by a job: what total was wanted, what might move and in which units
-- marks: plain
create table rate_solve (
    job_id       id not null primary key, -- 処理番号 | 賦課 内部番号 1年 なし 非開示
    fiscal_year  count not null,          -- 賦課年度 | 賦課 医療保険関係 1年 なし 非開示
    by_part      flag not null,           -- 区分ごとの目標か | 賦課 内部番号 1年 なし 非開示
    moves        text not null,           -- 動かす料率 | 賦課 内部番号 1年 なし 非開示
    shares       text not null,           -- 賦課割合（空はいまの割合） | 賦課 内部番号 1年 なし 非開示
    rate_unit    count not null,          -- 率の単位（百万分の一） | 賦課 内部番号 1年 なし 非開示
    yen_unit     yen not null,            -- 額の単位 | 賦課 内部番号 1年 なし 非開示
    target_yen   yen not null,            -- 目標総額 | 賦課 医療保険関係 1年 なし 非開示
    target_medical yen not null,          -- 医療分の目標 | 賦課 医療保険関係 1年 なし 非開示
    target_support yen not null,          -- 支援金分の目標 | 賦課 医療保険関係 1年 なし 非開示
    target_care  yen not null,            -- 介護分の目標 | 賦課 医療保険関係 1年 なし 非開示
    target_child yen not null,            -- 子ども分の目標 | 賦課 医療保険関係 1年 なし 非開示
    evaluations  count not null           -- 市全体を計算した回数 | 賦課 内部番号 1年 なし 非開示
);

-- table: rate_solve_step
-- about: rates a job found: those just below the target, just above it, and the nearest; and those in force
-- marks: plain
create table rate_solve_step (
    job_id      id not null references rate_solve (job_id), -- 処理番号 | 賦課 内部番号 1年 なし 非開示
    step        count not null check (step between 0 and 3), -- 0いまの料率 1目標以下 2目標以上 3最も近い | 賦課 内部番号 1年 なし 非開示
    settings    text not null,   -- 規則の値 | 賦課 内部番号 1年 なし 非開示
    households  count not null,  -- 世帯数 | 賦課 医療保険関係 1年 なし 非開示
    failed      count not null,  -- 計算できない世帯数 | 賦課 医療保険関係 1年 なし 非開示
    total_yen   yen not null,    -- 総額 | 賦課 医療保険関係 1年 なし 非開示
    medical_yen yen not null,    -- 医療分 | 賦課 医療保険関係 1年 なし 非開示
    support_yen yen not null,    -- 支援金分 | 賦課 医療保険関係 1年 なし 非開示
    care_yen    yen not null,    -- 介護分 | 賦課 医療保険関係 1年 なし 非開示
    child_yen   yen not null,    -- 子ども分 | 賦課 医療保険関係 1年 なし 非開示
    primary key (job_id, step)
);
