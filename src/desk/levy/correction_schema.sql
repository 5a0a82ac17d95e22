-- table: draft_correction
-- about: what a correction's draft would replace, one row for each of its assessments; goes when the draft is dropped
-- marks: plain
-- digest: select c.draft_no, h.household_no, p.person_no, c.from_ymd, c.decision_no, c.before_yen, c.cause, c.basis, c.change_ymd from draft_correction c join household h on h.household_id = c.household_id join person p on p.person_id = c.debtor_id
create table draft_correction (
    draft_no      count not null references draft(draft_no), -- 仮計算番号 | 賦課 内部番号 7年 なし 開示
    household_id  id not null,       -- 世帯ID | 賦課 内部番号 7年 なし 開示
    debtor_id     id not null,       -- 納付義務者ID | 賦課 内部番号 7年 なし 開示
    from_ymd      day not null,      -- 納付義務の開始日 | 賦課 医療保険関係 7年 なし 開示
    replaces_id   id not null,       -- 置き換える決定（0は新しい納付義務） | 賦課 内部番号 7年 なし 開示
    decision_no   count not null,    -- 決定番号（0は確定のとき振る） | 賦課 医療保険関係 7年 なし 開示
    before_yen    yen not null,      -- 変更前の年額 | 賦課 医療保険関係 7年 金額 開示
    cause         text not null,     -- 更正の事由 | 賦課 医療保険関係 7年 なし 開示
    basis         text not null,     -- 根拠 | 賦課 医療保険関係 7年 なし 開示
    change_ymd    day not null,      -- 異動日 | 賦課 医療保険関係 7年 なし 開示
    primary key (draft_no, household_id, debtor_id, from_ymd)
);

-- table: correction
-- about: how one decision differs from the one it replaces (更正): which, by how much, since when; nothing here is ever changed
-- marks: chained
-- digest: select d.fiscal_year, d.decision_no, d.decided_ymd, d.cause, c.draft_no, c.before_yen, c.after_yen, c.change_ymd from correction c join decision d on d.decision_id = c.decision_id
create table correction (
    correction_id id not null primary key, -- 更正行番号 | 賦課 内部番号 7年 なし 開示
    decision_id   id not null,             -- 更正した決定 | 賦課 内部番号 7年 なし 開示
    replaces_id   id not null,             -- 置き換えた決定（0は新しい納付義務） | 賦課 内部番号 7年 なし 開示
    draft_no      count not null,          -- 一括更正の番号（0は即時更正） | 賦課 医療保険関係 7年 なし 開示
    before_yen    yen not null,            -- 変更前の年額 | 賦課 医療保険関係 7年 金額 開示
    after_yen     yen not null,            -- 変更後の年額 | 賦課 医療保険関係 7年 金額 開示
    change_ymd    day not null,            -- 異動日 | 賦課 医療保険関係 7年 なし 開示
    known_from    id not null
);
create index correction_by_decision on correction (decision_id);
create index correction_by_draft on correction (draft_no);
create index correction_by_event on correction (known_from);
