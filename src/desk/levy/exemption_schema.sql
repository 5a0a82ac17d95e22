-- table: exemption
-- about: an exemption (減免) of one debtor's premium of a year: as applied for, and as decided; a newer state closes it
-- marks: fact chained
-- digest: select e.exemption_no, e.fiscal_year, h.household_no, p.person_no, e.ground, e.pattern, e.yen, e.rate, e.of_income, e.cuts, e.applied_ymd, e.status, e.decided_ymd, e.note from exemption e join household h on h.household_id = e.household_id join person p on p.person_id = e.debtor_id where {now e}
create table exemption (
    exemption_row_id id not null primary key, -- 減免行番号 | 賦課 内部番号 7年 なし 非開示
    exemption_no  count not null,             -- 減免申請番号（年度ごと） | 賦課 医療保険関係 7年 なし 開示
    fiscal_year   count not null,             -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    household_id  id not null,                -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id     id not null,                -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    ground        text not null,              -- 減免の事由 | 賦課 医療保険関係 7年 なし 開示
    pattern       count not null check (pattern between 1 and 3), -- 減免の方法(1減免額 2減免率 3期別減免額) | 賦課 医療保険関係 7年 なし 開示
    yen           yen not null check (yen >= 0), -- 減免額(年額。期別は合計) | 賦課 医療保険関係 7年 金額 開示
    rate          count not null check (rate between 0 and 10000), -- 減免率(万分率) | 賦課 医療保険関係 7年 なし 開示
    of_income     flag not null,              -- 減免率は所得割額に対するもの | 賦課 医療保険関係 7年 なし 開示
    cuts          text not null,              -- 期別減免額(期:円) | 賦課 医療保険関係 7年 金額 開示
    applied_ymd   day not null,               -- 申請日 | 賦課 医療保険関係 7年 なし 開示
    status        count not null check (status between 1 and 4), -- 状態(1申請 2承認 3不承認 4取消) | 賦課 医療保険関係 7年 なし 開示
    decided_ymd   day,                        -- 決定日 | 賦課 医療保険関係 7年 なし 開示
    note          text not null,              -- 理由 | 賦課 医療保険関係 7年 なし 開示
    known_from    id not null,
    known_to      id
);
create index exemption_by_household on exemption (household_id, fiscal_year);
create index exemption_by_debtor on exemption (debtor_id);
create index exemption_by_no on exemption (fiscal_year, exemption_no);
create index exemption_by_event on exemption (known_from);

-- table: exemption_review
-- about: an exempted debtor's premium was corrected: the exempted amount is to be confirmed again by a person (減免額の再確認)
-- marks: fact chained
-- digest: select r.fiscal_year, r.exemption_no, r.decision_no, r.before_yen, r.after_yen, r.answer, r.note from exemption_review r where {now r}
create table exemption_review (
    exemption_review_id id not null primary key, -- 再確認行番号 | 賦課 内部番号 7年 なし 非開示
    fiscal_year   count not null,             -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    exemption_no  count not null,             -- 減免申請番号 | 賦課 医療保険関係 7年 なし 開示
    decision_no   count not null,             -- 通知書番号 | 賦課 医療保険関係 7年 なし 開示
    before_yen    yen not null,               -- 更正前の年額 | 賦課 医療保険関係 7年 金額 開示
    after_yen     yen not null,               -- 更正後の年額 | 賦課 医療保険関係 7年 金額 開示
    answer        count not null check (answer between 0 and 3), -- 確認(0未確認 1このまま 2減免を取り消す 3減免を変える) | 賦課 医療保険関係 7年 なし 開示
    note          text not null,              -- 確認の内容 | 賦課 医療保険関係 7年 なし 開示
    known_from    id not null,
    known_to      id
);
create index exemption_review_by_no on exemption_review (fiscal_year, exemption_no);
create index exemption_review_by_event on exemption_review (known_from);
