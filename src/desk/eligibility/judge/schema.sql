-- Judgements (判定) and applications (申請) of the eligibility desk.

-- table: judgement
-- about: how one household is judged from one day on: by which rules, from what was known at which event, with the explanation; the values of the people stand in judgement_person
-- marks: fact chained
-- digest: select h.household_no, j.judge_year, j.cause, j.judged_ymd, j.rule_hash, j.inputs, j.explanation, j.valid_from, j.valid_to from judgement j join household h on h.household_id = j.household_id where {now j}
create table judgement (
    judgement_id id not null primary key,                         -- 判定行番号 | 資格 内部番号 7年 なし 開示
    household_id id not null references household (household_id), -- 世帯ID | 資格 内部番号 7年 なし 非開示
    judge_year   count not null,                                  -- 判定年度(8月から翌年7月) | 資格 医療保険 7年 なし 開示
    cause        count not null check (cause between 1 and 6),    -- 判定の原因 | 資格 医療保険 7年 なし 開示
    judged_ymd   day not null,                                    -- 世帯を見た日 | 資格 医療保険 7年 なし 開示
    rule_hash    blob not null,                                   -- 規則の版 | 資格 内部番号 7年 なし 開示
    looked_from  id not null,                                     -- 参照した異動番号 | 資格 内部番号 7年 なし 開示
    inputs       blob not null,                                   -- 判定の前提の要約値 | 資格 内部番号 7年 なし 開示
    explanation  blob not null,                                   -- 判定の内訳 | 資格 地方税関係 7年 金額 開示
    valid_from   day not null,
    valid_to     day not null,
    known_from   id not null,
    known_to     id,
    check (valid_to > valid_from)
);
create index judgement_by_household on judgement (household_id, judge_year);

-- table: judgement_person
-- about: what a judgement gives one insured person: early-stage elderly class, share at the window in tenths, division of the limit
-- marks: fact chained
-- digest: select p.person_no, j.elderly, j.share, j.division, j.valid_from, j.valid_to from judgement_person j join person p on p.person_id = j.person_id where {now j}
create table judgement_person (
    judgement_person_id id not null primary key,                   -- 行番号 | 資格 内部番号 7年 なし 開示
    judgement_id        id not null,                               -- 判定行番号 | 資格 内部番号 7年 なし 開示
    person_id           id not null references person (person_id), -- 個人ID | 資格 内部番号 7年 なし 非開示
    position            count not null,                            -- 世帯の中の順 | 資格 内部番号 7年 なし 開示
    elderly             count not null check (elderly in (0, 65, 70)), -- 前期高齢者区分 | 資格 医療保険 7年 なし 開示
    share               count not null check (share in (0, 2, 3)), -- 負担割合(割、0は未定) | 資格 医療保険 7年 なし 開示
    division            count not null check (division between 1 and 12), -- 限度額区分 | 資格 地方税関係 7年 なし 開示
    valid_from          day not null,
    valid_to            day not null,
    known_from          id not null,
    known_to            id
);
create index judgement_person_by_person on judgement_person (person_id, valid_from, valid_to);
create index judgement_person_by_judgement on judgement_person (judgement_id);

-- table: judgement_override
-- about: a share or a division set by the office's own authority (職権), with its reason and its last day
-- marks: fact chained
-- digest: select p.person_no, o.is_share, o.value, o.reason, o.valid_from, o.valid_to from judgement_override o join person p on p.person_id = o.person_id where {now o}
create table judgement_override (
    judgement_override_id id not null primary key,                   -- 行番号 | 資格 内部番号 7年 なし 開示
    person_id             id not null references person (person_id), -- 個人ID | 資格 内部番号 7年 なし 非開示
    is_share              flag not null,                             -- 負担割合か限度額区分か | 資格 医療保険 7年 なし 開示
    value                 count not null,                            -- 職権で定めた値 | 資格 医療保険 7年 なし 開示
    reason                text not null check (length(reason) > 0),  -- 理由 | 資格 医療保険 7年 なし 開示
    valid_from            day not null,
    valid_to              day not null,
    known_from            id not null,
    known_to              id
);
create index judgement_override_by_person on judgement_override (person_id);

-- table: revenue_claim
-- about: the revenue a person aged 70 or more named in a granted application (基準収入額適用申請), for the days on which it counts
-- marks: fact chained
-- digest: select p.person_no, c.judge_year, c.revenue, c.application_no, c.valid_from, c.valid_to from revenue_claim c join person p on p.person_id = c.person_id where {now c}
create table revenue_claim (
    revenue_claim_id id not null primary key,                   -- 行番号 | 資格 内部番号 7年 なし 開示
    person_id        id not null references person (person_id), -- 個人ID | 資格 内部番号 7年 なし 非開示
    judge_year       count not null,                            -- 判定年度 | 資格 医療保険 7年 なし 開示
    revenue          yen not null check (revenue >= 0),         -- 収入額 | 資格 地方税関係 7年 金額 開示
    application_no   text not null,                             -- 申請番号 | 資格 医療保険 7年 なし 開示
    valid_from       day not null,
    valid_to         day not null,
    known_from       id not null,
    known_to         id
);
create index revenue_claim_by_person on revenue_claim (person_id);
