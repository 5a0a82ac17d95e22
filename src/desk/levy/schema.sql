-- table: income
-- about: what one source says about one person's income of one calendar year (所得・資産); a newer statement closes it
-- marks: fact chained
-- digest: select p.person_no, i.income_year, i.source, i.is_undeclared, i.salary_revenue, i.pension_revenue, i.salary_income, i.pension_income, i.business_income, i.property_income, i.other_income, i.forestry_income, i.separate_income, i.separate_deduction, i.net_loss_carried, i.casualty_loss_carried, i.family_wages_paid, i.family_wages_received, i.salary_adjustment, i.fixed_asset_tax, i.dependants, i.small_children, i.total_income, i.taxable, i.tax_state, i.widow, i.disability, i.is_minor from income i join person p on p.person_id = i.person_id where i.known_to is null
create table income (
    income_id              id not null primary key,   -- 所得行番号 | 賦課 内部番号 7年 なし 開示
    person_id              id not null,               -- 個人ID | 賦課 内部番号 7年 なし 開示
    income_year            count not null check (income_year between 1990 and 2100), -- 所得年（暦年） | 賦課 地方税関係 7年 なし 開示
    source                 count not null check (source between 1 and 5), -- 資料区分（職権・課税・照会・簡易申告・推計） | 賦課 地方税関係 7年 なし 開示
    is_undeclared          flag not null,             -- 未申告 | 賦課 地方税関係 7年 なし 開示
    salary_revenue         yen not null check (salary_revenue >= 0), -- 給与収入額 | 賦課 地方税関係 7年 金額 開示
    pension_revenue        yen not null check (pension_revenue >= 0), -- 公的年金等収入額 | 賦課 地方税関係 7年 金額 開示
    salary_income          yen,                       -- 給与所得額（課税資料の値） | 賦課 地方税関係 7年 金額 開示
    pension_income         yen,                       -- 公的年金等雑所得額（課税資料の値） | 賦課 地方税関係 7年 金額 開示
    business_income        yen not null,              -- 営業等・農業所得額 | 賦課 地方税関係 7年 金額 開示
    property_income        yen not null,              -- 不動産所得額 | 賦課 地方税関係 7年 金額 開示
    other_income           yen not null,              -- その他の総合所得額 | 賦課 地方税関係 7年 金額 開示
    forestry_income        yen not null,              -- 山林所得額 | 賦課 地方税関係 7年 金額 開示
    separate_income        yen not null,              -- 分離課税所得額（特別控除前） | 賦課 地方税関係 7年 金額 開示
    separate_deduction     yen not null check (separate_deduction >= 0), -- 譲渡所得の特別控除額 | 賦課 地方税関係 7年 金額 開示
    net_loss_carried       yen not null check (net_loss_carried >= 0), -- 純損失の繰越控除額 | 賦課 地方税関係 7年 金額 開示
    casualty_loss_carried  yen not null check (casualty_loss_carried >= 0), -- 雑損失の繰越控除額 | 賦課 地方税関係 7年 金額 開示
    family_wages_paid      yen not null check (family_wages_paid >= 0), -- 専従者給与・控除額（事業主） | 賦課 地方税関係 7年 金額 開示
    family_wages_received  yen not null check (family_wages_received >= 0), -- 専従者給与収入額（専従者） | 賦課 地方税関係 7年 金額 開示
    salary_adjustment      yen not null check (salary_adjustment >= 0), -- 所得金額調整控除額 | 賦課 地方税関係 7年 金額 開示
    fixed_asset_tax        yen not null check (fixed_asset_tax >= 0), -- 固定資産税額（土地・家屋、持分） | 賦課 地方税関係 7年 金額 開示
    dependants             count not null,            -- 被扶養者数 | 賦課 地方税関係 7年 なし 開示
    small_children         count not null,            -- 年少扶養者数 | 賦課 地方税関係 7年 なし 開示
    total_income           yen,                       -- 合計所得金額（課税資料の値） | 賦課 地方税関係 7年 金額 開示
    taxable                yen check (taxable >= 0),  -- 住民税課税所得（課税標準額） | 賦課 地方税関係 7年 金額 開示
    tax_state              count not null check (tax_state between 0 and 3), -- 住民税の課税状況（0不明・非課税・均等割のみ・所得割） | 賦課 地方税関係 7年 なし 開示
    widow                  count not null check (widow between 0 and 2), -- 寡婦・ひとり親（0該当なし） | 賦課 地方税関係 7年 なし 開示
    disability             count not null check (disability between 0 and 2), -- 障害者（0該当なし・普通・特別） | 賦課 障害 7年 なし 開示
    is_minor               flag not null,             -- 未成年者 | 賦課 地方税関係 7年 なし 開示
    known_from             id not null,
    known_to               id
);
create index income_by_person on income (person_id, income_year);

-- table: draft
-- about: one run of the levy that decides nothing yet: under which rules, as of when, by whom, and its control totals
-- marks: plain
-- digest: select d.draft_no, d.kind, d.fiscal_year, d.as_of_ymd, d.rule_hash, d.rules, d.status, d.households, d.total_yen, d.pulled, d.content, d.issue_ymd from draft d
create table draft (
    draft_no      count not null primary key, -- 仮計算番号 | 賦課 内部番号 7年 なし 開示
    kind          text not null,            -- 種別（当初） | 賦課 医療保険関係 7年 なし 開示
    fiscal_year   count not null,           -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    as_of_ymd     day not null,             -- 基準日 | 賦課 医療保険関係 7年 なし 開示
    known_no      id not null,              -- 参照した異動番号 | 賦課 内部番号 7年 なし 開示
    rule_hash     blob not null,            -- 規則の版 | 賦課 内部番号 7年 なし 開示
    rules         text not null,            -- 規則の指定（空は採用中の規則） | 賦課 内部番号 7年 なし 開示
    status        count not null check (status between 1 and 5), -- 状態（計算中・計算済・確定中・確定・破棄） | 賦課 医療保険関係 7年 なし 開示
    job_id        id not null,              -- 処理番号 | 賦課 内部番号 7年 なし 開示
    run_by        id not null,              -- 実行者 | 賦課 内部番号 7年 なし 開示
    households    count not null,           -- 賦課世帯数 | 賦課 医療保険関係 7年 なし 開示
    total_yen     yen not null,             -- 賦課総額 | 賦課 医療保険関係 7年 なし 開示
    pulled        count not null,           -- 引抜・対象外の世帯数 | 賦課 医療保険関係 7年 なし 開示
    content       blob,                     -- 内容の要約値 | 賦課 内部番号 7年 なし 開示
    confirmed_by  id,                       -- 確定者 | 賦課 内部番号 7年 なし 開示
    issue_ymd     day,                      -- 発送日 | 賦課 医療保険関係 7年 なし 開示
    confirm_job   id                        -- 確定の処理番号 | 賦課 内部番号 7年 なし 開示
);

-- table: draft_assessment
-- about: one debtor's assessment in a draft; goes when the draft is dropped
-- marks: plain
-- digest: select a.draft_no, h.household_no, p.person_no, a.outcome, a.reason, a.total_yen, a.medical_yen, a.support_yen, a.care_yen, a.child_yen, a.tier, a.marks, a.judge_yen, a.instalments, a.explanation, a.inputs from draft_assessment a join household h on h.household_id = a.household_id join person p on p.person_id = a.debtor_id
create table draft_assessment (
    draft_no      count not null references draft(draft_no), -- 仮計算番号 | 賦課 内部番号 7年 なし 開示
    household_id  id not null,              -- 世帯ID | 賦課 内部番号 7年 なし 開示
    debtor_id     id not null,              -- 納付義務者ID | 賦課 内部番号 7年 なし 開示
    from_ymd      day not null,             -- 納付義務の開始日 | 賦課 医療保険関係 7年 なし 開示
    outcome       count not null check (outcome between 1 and 4), -- 結果（賦課・賦課通知引抜・対象外・失敗） | 賦課 医療保険関係 7年 なし 開示
    reason        count not null,           -- 引抜・対象外・失敗の理由 | 賦課 医療保険関係 7年 なし 開示
    total_yen     yen not null check (total_yen >= 0), -- 年間保険料額 | 賦課 医療保険関係 7年 金額 開示
    medical_yen   yen not null,             -- 医療分 | 賦課 医療保険関係 7年 金額 開示
    support_yen   yen not null,             -- 支援金分 | 賦課 医療保険関係 7年 金額 開示
    care_yen      yen not null,             -- 介護分 | 賦課 医療保険関係 7年 金額 開示
    child_yen     yen not null,             -- 子ども分 | 賦課 医療保険関係 7年 金額 開示
    tier          count not null,           -- 軽減区分（割） | 賦課 医療保険関係 7年 なし 開示
    marks         count not null,           -- 限度額到達・未申告などの印 | 賦課 医療保険関係 7年 なし 開示
    judge_yen     yen not null,             -- 軽減判定所得 | 賦課 医療保険関係 7年 金額 開示
    insured       count not null,           -- 被保険者数 | 賦課 医療保険関係 7年 なし 開示
    instalments   blob not null,            -- 期割額 | 賦課 医療保険関係 7年 金額 開示
    explanation   blob not null,            -- 計算の内訳 | 賦課 医療保険関係 7年 金額 開示
    inputs        blob not null,            -- 計算の前提の要約値 | 賦課 内部番号 7年 なし 開示
    primary key (draft_no, household_id, from_ymd)
);

-- table: draft_chunk
-- about: what one chunk of a draft held: ties the droppable rows into the chain
-- marks: fact chained
create table draft_chunk (
    chunk_id         id not null primary key, -- 区画行番号 | 賦課 内部番号 7年 なし 開示
    draft_no         count not null,          -- 仮計算番号 | 賦課 内部番号 7年 なし 開示
    first_household  id not null,             -- 最初の世帯ID | 賦課 内部番号 7年 なし 開示
    last_household   id not null,             -- 最後の世帯ID | 賦課 内部番号 7年 なし 開示
    assessments      count not null,          -- 件数 | 賦課 内部番号 7年 なし 開示
    total_yen        yen not null,            -- 合計額 | 賦課 内部番号 7年 なし 開示
    content          blob not null,           -- 内容の要約値 | 賦課 内部番号 7年 なし 開示
    known_from       id not null,
    known_to         id
);
create index draft_chunk_by_draft on draft_chunk (draft_no, first_household);

-- table: decision
-- about: a levy decided (賦課決定): number, day, basis, officer, rules, the event it looked from, its inputs and explanation
-- marks: fact chained
-- digest: select d.decision_no, d.fiscal_year, h.household_no, p.person_no, d.from_ymd, d.cause, d.decided_ymd, d.basis, d.rule_hash, d.total_yen, d.medical_yen, d.support_yen, d.care_yen, d.child_yen, d.tier, d.marks, d.judge_yen, d.insured, d.instalments, d.explanation, d.inputs, d.outcome, d.reason from decision d join household h on h.household_id = d.household_id join person p on p.person_id = d.debtor_id where d.known_to is null
create table decision (
    decision_id   id not null primary key,  -- 決定行番号 | 賦課 内部番号 7年 なし 開示
    decision_no   count not null,           -- 決定番号（通知書番号） | 賦課 医療保険関係 7年 なし 開示
    fiscal_year   count not null,           -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    household_id  id not null,              -- 世帯ID | 賦課 内部番号 7年 なし 開示
    debtor_id     id not null,              -- 納付義務者ID | 賦課 内部番号 7年 なし 開示
    from_ymd      day not null,             -- 納付義務の開始日 | 賦課 医療保険関係 7年 なし 開示
    cause         text not null,            -- 決定の原因 | 賦課 医療保険関係 7年 なし 開示
    decided_ymd   day not null,             -- 決定日 | 賦課 医療保険関係 7年 なし 開示
    issue_ymd     day not null,             -- 通知日 | 賦課 医療保険関係 7年 なし 開示
    basis         text not null,            -- 根拠 | 賦課 医療保険関係 7年 なし 開示
    officer_id    id not null,              -- 決定者 | 賦課 内部番号 7年 なし 開示
    draft_no      count not null,           -- 仮計算番号 | 賦課 内部番号 7年 なし 開示
    rule_hash     blob not null,            -- 規則の版 | 賦課 内部番号 7年 なし 開示
    looked_from   id not null,              -- 参照した異動番号 | 賦課 内部番号 7年 なし 開示
    as_of_ymd     day not null,             -- 基準日 | 賦課 医療保険関係 7年 なし 開示
    outcome       count not null,           -- 結果（賦課・通知引抜） | 賦課 医療保険関係 7年 なし 開示
    reason        count not null,           -- 引抜の理由 | 賦課 医療保険関係 7年 なし 開示
    total_yen     yen not null check (total_yen >= 0), -- 年間保険料額 | 賦課 医療保険関係 7年 金額 開示
    medical_yen   yen not null,             -- 医療分 | 賦課 医療保険関係 7年 金額 開示
    support_yen   yen not null,             -- 支援金分 | 賦課 医療保険関係 7年 金額 開示
    care_yen      yen not null,             -- 介護分 | 賦課 医療保険関係 7年 金額 開示
    child_yen     yen not null,             -- 子ども分 | 賦課 医療保険関係 7年 金額 開示
    tier          count not null,           -- 軽減区分（割） | 賦課 医療保険関係 7年 なし 開示
    marks         count not null,           -- 限度額到達・未申告などの印 | 賦課 医療保険関係 7年 なし 開示
    judge_yen     yen not null,             -- 軽減判定所得 | 賦課 医療保険関係 7年 金額 開示
    insured       count not null,           -- 被保険者数 | 賦課 医療保険関係 7年 なし 開示
    instalments   blob not null,            -- 期割額と納期限 | 賦課 医療保険関係 7年 金額 開示
    explanation   blob not null,            -- 計算の内訳 | 賦課 医療保険関係 7年 金額 開示
    inputs        blob not null,            -- 計算の前提の要約値 | 賦課 内部番号 7年 なし 開示
    known_from    id not null,
    known_to      id
);
create index decision_by_household on decision (household_id, fiscal_year);
create index decision_by_debtor on decision (debtor_id, fiscal_year);
create index decision_by_no on decision (fiscal_year, decision_no);
create index decision_by_event on decision (known_from);

-- table: notice
-- about: one notice printed for a decision: its print data and the layout it was printed with
-- marks: fact chained
-- digest: select d.fiscal_year, d.decision_no, n.kind, n.issue_ymd, n.print_data, n.layout_hash, n.pulled_reason from notice n join decision d on d.decision_id = n.decision_id where n.known_to is null
create table notice (
    notice_id      id not null primary key, -- 通知行番号 | 賦課 内部番号 7年 なし 開示
    decision_id    id not null,             -- 決定行番号 | 賦課 内部番号 7年 なし 開示
    kind           text not null,           -- 通知の種類 | 賦課 医療保険関係 7年 なし 開示
    issue_ymd      day not null,            -- 通知日 | 賦課 医療保険関係 7年 なし 開示
    batch_no       count not null,          -- 印刷区分 | 賦課 内部番号 7年 なし 開示
    position       count not null,          -- 印刷順 | 賦課 内部番号 7年 なし 開示
    print_data     blob not null,           -- 印刷内容 | 賦課 四情報 7年 全部 開示
    layout_hash    blob not null,           -- 様式の版 | 賦課 内部番号 7年 なし 開示
    pulled_reason  count not null,          -- 引抜理由（0は発送） | 賦課 医療保険関係 7年 なし 開示
    known_from     id not null,
    known_to       id
);
create index notice_by_decision on notice (decision_id);

-- table: comparison_set
-- about: one rule set of a radar or a what-if over the whole city: totals, nothing of a person
-- marks: plain
create table comparison_set (
    job_id       id not null,       -- 処理番号 | 賦課 内部番号 1年 なし 非開示
    number       count not null,    -- 規則の組の番号（0は基準） | 賦課 内部番号 1年 なし 非開示
    name         text not null,     -- 規則の組 | 賦課 内部番号 1年 なし 非開示
    fiscal_year  count not null,    -- 賦課年度 | 賦課 医療保険関係 1年 なし 非開示
    households   count not null,    -- 世帯数 | 賦課 医療保険関係 1年 なし 非開示
    insured      count not null,    -- 被保険者数 | 賦課 医療保険関係 1年 なし 非開示
    undeclared   count not null,    -- 未申告世帯数 | 賦課 医療保険関係 1年 なし 非開示
    failed       count not null,    -- 計算できなかった世帯数 | 賦課 医療保険関係 1年 なし 非開示
    total_yen    yen not null,      -- 賦課総額 | 賦課 医療保険関係 1年 なし 非開示
    medical_yen  yen not null,      -- 医療分 | 賦課 医療保険関係 1年 なし 非開示
    support_yen  yen not null,      -- 支援金分 | 賦課 医療保険関係 1年 なし 非開示
    care_yen     yen not null,      -- 介護分 | 賦課 医療保険関係 1年 なし 非開示
    child_yen    yen not null,      -- 子ども分 | 賦課 医療保険関係 1年 なし 非開示
    tier_7       count not null,    -- 7割軽減世帯数 | 賦課 医療保険関係 1年 なし 非開示
    tier_5       count not null,    -- 5割軽減世帯数 | 賦課 医療保険関係 1年 なし 非開示
    tier_2       count not null,    -- 2割軽減世帯数 | 賦課 医療保険関係 1年 なし 非開示
    cap_medical  count not null,    -- 医療分限度額到達世帯数 | 賦課 医療保険関係 1年 なし 非開示
    cap_support  count not null,    -- 支援金分限度額到達世帯数 | 賦課 医療保険関係 1年 なし 非開示
    cap_care     count not null,    -- 介護分限度額到達世帯数 | 賦課 医療保険関係 1年 なし 非開示
    cap_child    count not null,    -- 子ども分限度額到達世帯数 | 賦課 医療保険関係 1年 なし 非開示
    winners      count not null,    -- 減る世帯数 | 賦課 医療保険関係 1年 なし 非開示
    losers       count not null,    -- 増える世帯数 | 賦課 医療保険関係 1年 なし 非開示
    gain_yen     yen not null,      -- 減る額の合計 | 賦課 医療保険関係 1年 なし 非開示
    loss_yen     yen not null,      -- 増える額の合計 | 賦課 医療保険関係 1年 なし 非開示
    primary key (job_id, number)
);

-- table: comparison_bucket
-- about: how many households pay how much under a set of a comparison
-- marks: plain
create table comparison_bucket (
    job_id      id not null,    -- 処理番号 | 賦課 内部番号 1年 なし 非開示
    number      count not null, -- 規則の組の番号 | 賦課 内部番号 1年 なし 非開示
    bucket      count not null, -- 階級（5万円きざみ） | 賦課 医療保険関係 1年 なし 非開示
    households  count not null, -- 世帯数 | 賦課 医療保険関係 1年 なし 非開示
    primary key (job_id, number, bucket)
);

-- table: radar_cause
-- about: why results differ in a radar run: the definitions, parameters or facts that differ by themselves
-- marks: plain
create table radar_cause (
    job_id      id not null,    -- 処理番号 | 賦課 内部番号 1年 なし 非開示
    number      count not null, -- 原因の番号 | 賦課 内部番号 1年 なし 非開示
    names       text not null,  -- 原因（定義・値・事実） | 賦課 内部番号 1年 なし 非開示
    households  count not null, -- 世帯数 | 賦課 医療保険関係 1年 なし 非開示
    winners     count not null, -- 減る世帯数 | 賦課 医療保険関係 1年 なし 非開示
    losers      count not null, -- 増える世帯数 | 賦課 医療保険関係 1年 なし 非開示
    difference_yen yen not null, -- 差額の合計 | 賦課 医療保険関係 1年 なし 非開示
    primary key (job_id, number)
);

-- table: radar_change
-- about: one household whose result differs in a radar run
-- marks: plain
create table radar_change (
    job_id        id not null,    -- 処理番号 | 賦課 内部番号 1年 なし 非開示
    household_id  id not null,    -- 世帯ID | 賦課 内部番号 1年 なし 非開示
    debtor_id     id not null,    -- 納付義務者ID | 賦課 内部番号 1年 なし 非開示
    before_yen    yen not null,   -- 変更前の年額 | 賦課 医療保険関係 1年 金額 非開示
    after_yen     yen not null,   -- 変更後の年額 | 賦課 医療保険関係 1年 金額 非開示
    cause         count not null, -- 原因の番号 | 賦課 内部番号 1年 なし 非開示
    primary key (job_id, household_id, debtor_id)
);

-- table: tax_take
-- about: one taking of the tax office's changes by one who uses them, in a cycle of its own: which events it took
-- marks: chained
-- digest: select t.consumer, t.people from tax_take t
create table tax_take (
    tax_take_id id not null primary key, -- 行番号 | 賦課 内部番号 7年 なし 非開示
    consumer    text not null,           -- 使う業務(nhi国保全体 levy賦課 benefit給付) | 賦課 内部番号 7年 なし 開示
    from_event  id not null,             -- 前回までに受け取った異動番号 | 賦課 内部番号 7年 なし 開示
    until_event id not null,             -- 今回までに受け取った異動番号 | 賦課 内部番号 7年 なし 開示
    people      count not null,          -- 変わった人の数 | 賦課 内部番号 7年 なし 開示
    known_from  id not null,
    check (consumer in ('nhi', 'levy', 'benefit'))
);
create index tax_take_by_consumer on tax_take (consumer, until_event);

-- table: deduction_judgement
-- about: whether the premium of a year may be taken from the debtor's pension (特別徴収の判定), with the figures it was judged by; a newer judgement closes it
-- marks: fact chained
-- digest: select h.household_no, j.fiscal_year, p.person_no, j.result, j.failed, j.pension_yen, j.care_yen, j.levy_yen from deduction_judgement j join household h on h.household_id = j.household_id join person p on p.person_id = j.debtor_id where {now j}
create table deduction_judgement (
    deduction_judgement_id id not null primary key,                       -- 行番号 | 賦課 内部番号 7年 なし 非開示
    fiscal_year            count not null,                                -- 賦課年度 | 賦課 医療保険関係 7年 なし 開示
    household_id           id not null references household (household_id), -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    debtor_id              id not null references person (person_id),     -- 納付義務者ID | 賦課 内部番号 7年 なし 非開示
    result                 count not null check (result between 0 and 7), -- 判定(0特別徴収 1世帯主が被保険者でない 2年齢 3年度内に75歳 4年金なし 5年金額 6介護が特別徴収でない 7二分の一) | 賦課 医療保険関係 7年 なし 開示
    failed                 count not null,                                -- 満たさない要件の印(判定の番号ごとに1ビット) | 賦課 医療保険関係 7年 なし 開示
    pension_yen            yen not null,                                  -- 年金額(年額) | 賦課 年金関係 7年 金額 開示
    care_yen               yen not null,                                  -- 介護保険料の特別徴収額(1回) | 賦課 介護保険関係 7年 金額 開示
    levy_yen               yen not null,                                  -- 年間保険料額 | 賦課 医療保険関係 7年 金額 開示
    known_from             id not null,
    known_to               id
);
create index deduction_judgement_by_household on deduction_judgement (household_id, fiscal_year);
create index deduction_judgement_by_debtor on deduction_judgement (debtor_id);
