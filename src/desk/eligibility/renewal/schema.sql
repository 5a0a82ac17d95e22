-- The yearly renewal (一斉更新) of certificates and elderly cards, and the standing of arrears it sorts by.

-- table: arrears_standing
-- about: how far a household is behind, as the collection side says it: shorter validity, the notice of special-expense payment, no limit certificate; a special reason takes it away
-- marks: fact chained
-- digest: select h.household_no, s.state, s.has_reason, s.short_months, s.blocks_limits, s.valid_from, s.valid_to from arrears_standing s join household h on h.household_id = s.household_id where {now s}
create table arrears_standing (
    arrears_standing_id id not null primary key,                         -- 行番号 | 収滞納 内部番号 10年 なし 非開示
    household_id        id not null references household (household_id), -- 世帯ID | 収滞納 内部番号 10年 なし 非開示
    state               count not null check (state between 0 and 2),    -- 滞納の段階(0なし 1短期 2特別療養・資格証明書) | 収滞納 地方税関係 10年 なし 開示
    has_reason          flag not null,                                   -- 特別の事情があるか | 収滞納 地方税関係 10年 なし 開示
    short_months        count not null check (short_months between 0 and 12), -- 短期の有効月数(0は市の決まり) | 収滞納 医療保険 10年 なし 開示
    blocks_limits       flag not null,                                   -- 限度額適用の認定をしないか | 収滞納 医療保険 10年 なし 開示
    valid_from          day not null,
    valid_to            day,
    known_from          id not null,
    known_to            id
);
create index arrears_standing_by_household on arrears_standing (household_id, valid_from, valid_to);

-- table: renewal
-- about: one yearly renewal: for which day, drafted by whom, drafted or issued
-- marks: plain
-- digest: select r.renewal_no, r.renewal_ymd, r.status, r.insured from renewal r
create table renewal (
    renewal_no  count not null primary key,                   -- 更新番号 | 資格 内部番号 7年 なし 非開示
    renewal_ymd day not null,                                 -- 更新日 | 資格 医療保険 7年 なし 非開示
    status      count not null check (status between 1 and 4), -- 状態(1仮作成中 2仮作成済 3交付中 4交付済) | 資格 医療保険 7年 なし 非開示
    job_id      id not null,                                  -- 処理番号 | 資格 内部番号 7年 なし 非開示
    drafted_by  id not null,                                  -- 実行者 | 資格 内部番号 7年 なし 非開示
    insured     count not null                                -- 更新日の被保険者数 | 資格 医療保険 7年 なし 非開示
);

-- table: renewal_row
-- about: what a renewal gives one insured person: the document and its stream, or why none; family elderly is a second document of the same person
-- marks: plain big
-- digest: select r.renewal_no, p.person_no, r.family, r.kind, r.outcome, r.share, r.valid_until, r.serial, r.stream, r.position from renewal_row r join person p on p.person_id = r.person_id
create table renewal_row (
    renewal_no   count not null references renewal (renewal_no), -- 更新番号 | 資格 内部番号 7年 なし 非開示
    person_id    id not null,             -- 個人ID | 資格 内部番号 7年 なし 非開示
    family       text not null,           -- 証の系統 | 資格 医療保険 7年 なし 非開示
    household_id id not null,             -- 世帯ID(0はない) | 資格 内部番号 7年 なし 非開示
    postal_code  text not null,           -- 送付先の郵便番号(並べる順) | 資格 四情報 7年 住所 非開示
    kind         text not null,           -- 証の種類 | 資格 医療保険 7年 なし 開示
    outcome      count not null,          -- 結果(0印刷 1支援措置 2送付先なし 3返戻 10有効な証あり 11割合未判定 12番号なし 13仮作成後に変更 14期限なし) | 資格 医療保険 7年 なし 開示
    share        count not null,          -- 負担割合(0は記さない) | 資格 医療保険 7年 なし 開示
    valid_until  day,                     -- 有効期限 | 資格 医療保険 7年 なし 開示
    serial       text,                    -- 交付した証の発行番号 | 資格 医療保険 7年 なし 開示
    stream       count not null,          -- 何番目の印刷ファイルか(0は印刷ファイルに入れない) | 資格 内部番号 7年 なし 非開示
    position     count not null,          -- ファイルの中の順 | 資格 内部番号 7年 なし 非開示
    primary key (renewal_no, person_id, family),
    check (outcome in (0, 1, 2, 3, 10, 11, 12, 13, 14))
);
create index renewal_row_by_person on renewal_row (person_id);
create index renewal_row_by_stream on renewal_row (renewal_no, kind, stream, position);
