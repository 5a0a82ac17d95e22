-- Eligibility (資格): who is insured from when to when, and the documents that say so.
--
-- Marks that change the levy (special same household, former dependant, involuntary unemployment,
-- maternity) are derived from the facts here; an override carries its reason and its last day.

-- table: resident_change
-- about: one change of the resident register as it arrived, in the register's own sequence, once; and what the section has to do about it (the pending change of that person, kind and cause day)
-- marks: chained
-- digest: select c.sequence, c.kind, c.change_ymd, c.effect_ymd, c.notified_ymd, c.person_no, c.household_before, c.household_after, c.corrects, c.state, c.pending_kind, c.reason from resident_change c
create table resident_change (
    resident_change_id id not null primary key,              -- 行番号 | 宛名 内部番号 10年 なし 非開示
    sequence         count not null,                         -- 異動通番 | 宛名 内部番号 10年 なし 非開示
    kind             text not null,                          -- 異動事由 | 宛名 その他住民票関係 10年 なし 開示
    change_ymd       day not null,                           -- 異動日 | 宛名 その他住民票関係 10年 なし 開示
    effect_ymd       day not null,                           -- 異動後の状態になる最初の日 | 宛名 その他住民票関係 10年 なし 開示
    notified_ymd     day not null,                           -- 届出日 | 宛名 その他住民票関係 10年 なし 開示
    person_id        id references person (person_id),       -- 個人ID(受け付けなかった異動にはない) | 宛名 内部番号 10年 なし 非開示
    household_id     id references household (household_id), -- 事務の対象となる世帯 | 宛名 内部番号 10年 なし 非開示
    person_no        text not null,                          -- 宛名番号 | 宛名 内部番号 10年 なし 開示
    household_before text,                                   -- 異動前の世帯番号 | 宛名 内部番号 10年 なし 開示
    household_after  text,                                   -- 異動後の世帯番号 | 宛名 内部番号 10年 なし 開示
    corrects         count,                                  -- 訂正・取消する異動の通番 | 宛名 内部番号 10年 なし 非開示
    state            text not null,                          -- 処理の区分(対象外・未処理異動にした・受け付けない) | 資格 医療保険 10年 なし 非開示
    pending_kind     count,                                  -- 開いた未処理異動の種類 | 資格 医療保険 10年 なし 非開示
    reason           text,                                   -- 受け付けなかった理由(文の番号) | 共通 内部番号 10年 なし 非開示
    known_from       id not null,
    unique (sequence),
    check (state in ('no_concern', 'pending', 'refused'))
);
create index resident_change_by_person on resident_change (person_id, change_ymd);
create index resident_change_by_household on resident_change (household_id);
create index resident_change_by_corrects on resident_change (corrects, sequence);
create index resident_change_by_day on resident_change (notified_ymd);

-- table: feed_fact
-- about: one line of another office's file as it stands: nursing care, pensions, employment insurance, facilities; what each column means is in data/formats/FEED.tsv
-- marks: fact chained
-- digest: select f.feed, p.person_no, f.day, f.until_ymd, f.period, f.code, f.amount, f.reference from feed_fact f join person p on p.person_id = f.person_id where {now f}
create table feed_fact (
    feed_fact_id id not null primary key,                   -- 行番号 | 資格 内部番号 7年 なし 非開示
    feed         text not null,                             -- どのファイルから | 資格 内部番号 7年 なし 非開示
    person_id    id not null references person (person_id), -- 個人ID | 資格 内部番号 7年 なし 非開示
    day          day,                                       -- 始まりの日・基準日・離職日・入所日 | 資格 医療保険 7年 なし 開示
    until_ymd    day,                                       -- 終わりの日 | 資格 医療保険 7年 なし 開示
    period       text,                                      -- 対象の年月 | 資格 医療保険 7年 なし 開示
    code         text,                                      -- 区分・理由・種類 | 資格 雇用・労働 7年 なし 開示
    amount       yen,                                       -- 金額 | 資格 地方税関係 7年 なし 開示
    reference    text,                                      -- 相手の番号・施設名 | 資格 医療保険 7年 なし 開示
    known_from   id not null,
    known_to     id,
    check (feed in ('care_eligibility', 'care_levy', 'care_benefit', 'pension_first', 'pension_payer', 'employment', 'facility'))
);
create index feed_fact_by_person on feed_fact (person_id, feed);
create index feed_fact_by_feed on feed_fact (feed, known_to, person_id);

-- table: insured_household
-- about: the symbol and number a household is insured under (被保険者記号・番号); a household may get another number, the id stays
-- marks: fact chained
-- digest: select h.household_no, i.symbol, i.number, i.valid_from, i.valid_to from insured_household i join household h on h.household_id = i.household_id where {now i}
create table insured_household (
    insured_household_id id not null primary key,                         -- 行番号 | 資格 内部番号 永年 なし 非開示
    household_id         id not null references household (household_id), -- 世帯ID | 資格 内部番号 永年 なし 非開示
    symbol               text not null,                                   -- 被保険者記号 | 資格 医療保険 永年 なし 開示
    number               text not null,                                   -- 被保険者番号 | 資格 医療保険 永年 なし 開示
    valid_from           day not null,
    valid_to             day,
    known_from           id not null,
    known_to             id
);
create index insured_household_by_household on insured_household (household_id, valid_from, valid_to, known_from, known_to);
create index insured_household_by_number on insured_household (number, symbol);

-- table: branch_number
-- about: the branch number of a person under a symbol and number; given once, never given again
-- marks: chained
-- digest: select p.person_no, b.symbol, b.number, b.branch from branch_number b join person p on p.person_id = b.person_id
create table branch_number (
    branch_number_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id        id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    symbol           text not null,                             -- 被保険者記号 | 資格 医療保険 永年 なし 開示
    number           text not null,                             -- 被保険者番号 | 資格 医療保険 永年 なし 開示
    branch           text not null,                             -- 枝番 | 資格 医療保険 永年 なし 開示
    known_from       id not null,
    unique (symbol, number, branch)
);
create index branch_number_by_person on branch_number (person_id);
create index branch_number_by_number on branch_number (number, branch);

-- table: insured_period
-- about: one stretch of being insured: from the acquisition day up to, not including, the loss day; cause days (the day the other cover ended or began) are kept apart from them
-- marks: fact chained
-- digest: select p.person_no, e.period_no, e.acquired_by, e.acquired_cause_ymd, e.acquired_notified_ymd, e.lost_by, e.lost_cause_ymd, e.lost_notified_ymd, e.prefecture_acquired_ymd, e.prefecture_lost_ymd, e.valid_from, e.valid_to from insured_period e join person p on p.person_id = e.person_id where {now e}
create table insured_period (
    insured_period_id       id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id               id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    period_no               count not null,                            -- その人の何番目の期間か | 資格 医療保険 永年 なし 開示
    acquired_by             text not null,                             -- 取得事由 | 資格 医療保険 永年 なし 開示
    acquired_cause_ymd      day not null,                              -- 取得の原因が生じた日 | 資格 医療保険 永年 なし 開示
    acquired_notified_ymd   day not null,                              -- 取得の届出日 | 資格 医療保険 永年 なし 開示
    lost_by                 text,                                      -- 喪失事由 | 資格 医療保険 永年 なし 開示
    lost_cause_ymd          day,                                       -- 喪失の原因が生じた日(他保険の加入日など) | 資格 医療保険 永年 なし 開示
    lost_notified_ymd       day,                                       -- 喪失の届出日 | 資格 医療保険 永年 なし 開示
    prefecture_acquired_ymd day not null,                              -- 都道府県での資格取得日 | 資格 医療保険 永年 なし 開示
    prefecture_lost_ymd     day,                                       -- 都道府県での資格喪失日 | 資格 医療保険 永年 なし 開示
    valid_from              day not null,
    valid_to                day,
    known_from              id not null,
    known_to                id,
    check ((case when lost_by is null then 1 else 0 end) = (case when valid_to is null then 1 else 0 end)),
    check ((case when lost_by is null then 1 else 0 end) = (case when lost_cause_ymd is null then 1 else 0 end)),
    check (valid_to is null or valid_to >= valid_from)
);
create index insured_period_by_person on insured_period (person_id, valid_from, valid_to, known_from, known_to, acquired_by, acquired_cause_ymd, lost_by, lost_cause_ymd);

-- table: other_cover
-- about: cover by another scheme, as far as known: an employer's scheme, a dependant of one, an NHI society, late-stage medical care, public assistance
-- marks: fact chained
-- digest: select p.person_no, o.kind, o.insurer, o.valid_from, o.valid_to from other_cover o join person p on p.person_id = o.person_id where {now o}
create table other_cover (
    other_cover_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id      id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    kind           text not null,                             -- 他の医療保険などの種類 | 資格 医療保険 永年 なし 開示
    insurer        text,                                      -- 保険者名または番号 | 資格 医療保険 永年 なし 開示
    valid_from     day not null,
    valid_to       day,
    known_from     id not null,
    known_to       id,
    check (kind in ('employee', 'dependant', 'society', 'late_stage', 'assistance'))
);
create index other_cover_by_person on other_cover (person_id);

-- table: circumstance
-- about: facts about a person from which marks and reliefs follow: involuntary unemployment, maternity, exemption from care insurance, former dependant
-- marks: fact chained
-- digest: select p.person_no, c.kind, c.day, c.code, c.first_month, c.last_month, c.notified_ymd from circumstance c join person p on p.person_id = c.person_id where {now c}
create table circumstance (
    circumstance_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id       id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    kind            count not null,                            -- 種類(1非自発的失業 2産前産後 3介護適用除外 4旧被扶養者 5法59条) | 資格 医療保険 永年 なし 開示
    day             day not null,                              -- 離職日・出産(予定)日・入所日・取得日 | 資格 雇用・労働 永年 なし 開示
    code            count not null,                            -- 離職理由・胎児数など | 資格 雇用・労働 永年 なし 開示
    first_month     month,                                     -- 始まりの月 | 資格 医療保険 永年 なし 開示
    last_month      month,                                     -- 終わりの月 | 資格 医療保険 永年 なし 開示
    notified_ymd    day not null,                              -- 届出日 | 資格 医療保険 永年 なし 開示
    known_from      id not null,
    known_to        id,
    check (kind between 1 and 5)
);
create index circumstance_by_person on circumstance (person_id);

-- table: placement
-- about: persons insured in a household they do not live in: students away (法116条) and residents of facilities elsewhere (法116条の2); and members who are staying elsewhere (マル遠). The address of use is where their documents are used and sent to, apart from the registered one
-- marks: fact chained
-- digest: select p.person_no, h.household_no, x.kind, x.place, x.review_ymd, x.postal_code, x.prefecture, x.city, x.town, x.number, x.building, x.valid_from, x.valid_to from placement x join person p on p.person_id = x.person_id join household h on h.household_id = x.household_id where {now x}
create table placement (
    placement_id id not null primary key,                         -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id    id not null references person (person_id),       -- 個人ID | 資格 内部番号 永年 なし 非開示
    household_id id not null references household (household_id), -- 国保上属する世帯 | 資格 内部番号 永年 なし 非開示
    kind         text not null,                                   -- 特例の種類 | 資格 医療保険 永年 なし 開示
    place        text not null,                                   -- 学校または施設の名 | 資格 医療保険 永年 なし 開示
    review_ymd   day,                                             -- 次の確認の期限 | 資格 医療保険 永年 なし 開示
    postal_code  text,                                            -- 使用する住所の郵便番号 | 資格 四情報 永年 住所 開示
    prefecture   text,                                            -- 使用する住所の都道府県 | 資格 四情報 永年 住所 開示
    city         text,                                            -- 使用する住所の市区町村 | 資格 四情報 永年 住所 開示
    town         text,                                            -- 使用する住所の町字 | 資格 四情報 永年 住所 開示
    number       text,                                            -- 使用する住所の番地 | 資格 四情報 永年 住所 開示
    building     text,                                            -- 使用する住所の方書 | 資格 四情報 永年 住所 開示
    valid_from   day not null,
    valid_to     day,
    known_from   id not null,
    known_to     id,
    check (kind in ('student', 'facility', 'remote')),
    check ((case when city is null then 1 else 0 end) = (case when prefecture is null then 1 else 0 end)),
    check (kind <> 'remote' or city is not null)
);
create index placement_by_household on placement (household_id);
create index placement_by_person on placement (person_id);

-- table: head_override
-- about: a household whose NHI head was changed on application (擬制世帯の世帯主変更); the resident register's head otherwise
-- marks: fact chained
-- digest: select h.household_no, p.person_no, o.reason, o.valid_from, o.valid_to from head_override o join household h on h.household_id = o.household_id join person p on p.person_id = o.person_id where {now o}
create table head_override (
    head_override_id id not null primary key,                         -- 行番号 | 資格 内部番号 永年 なし 非開示
    household_id     id not null references household (household_id), -- 世帯ID | 資格 内部番号 永年 なし 非開示
    person_id        id not null references person (person_id),       -- 国保上の世帯主 | 資格 内部番号 永年 なし 非開示
    reason           text not null,                                   -- 理由 | 資格 医療保険 永年 なし 開示
    valid_from       day not null,
    valid_to         day,
    known_from       id not null,
    known_to         id
);
create index head_override_by_household on head_override (household_id);
create index head_override_by_person on head_override (person_id);

-- table: mark_override
-- about: a derived mark set or unset by the office's own authority, with reason and last day
-- marks: fact chained
-- digest: select p.person_no, o.mark, o.is_set, o.reason, o.valid_from, o.valid_to from mark_override o join person p on p.person_id = o.person_id where {now o}
create table mark_override (
    mark_override_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id        id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    mark             text not null,                             -- 区分の名 | 資格 医療保険 永年 なし 開示
    is_set           flag not null,                             -- 立てるか倒すか | 資格 医療保険 永年 なし 開示
    reason           text not null,                             -- 理由 | 資格 医療保険 永年 なし 開示
    valid_from       day not null,
    valid_to         day not null,
    known_from       id not null,
    known_to         id,
    check (mark in ('special_same', 'former_dependant', 'unemployed', 'care_exempt'))
);
create index mark_override_by_person on mark_override (person_id);

-- table: certificate
-- about: one register of every document that shows eligibility, issued and returned; the serial is never used twice
-- marks: fact chained
-- digest: select p.person_no, c.kind, c.serial, c.symbol, c.number, c.branch, c.face_name, c.real_name, c.is_sex_on_back, c.is_undisclosed, c.issued_ymd, c.effective_ymd, c.valid_until, c.issue_count, c.cause, c.share, c.division, c.limit_yen, c.disease, c.long_stay_ymd, c.place, c.issued_by, c.returned_ymd, c.return_reason, c.return_cause_ymd from certificate c join person p on p.person_id = c.person_id where {now c}
create table certificate (
    certificate_id   id not null primary key,                   -- 行番号 | 資格 内部番号 10年 なし 非開示
    person_id        id not null references person (person_id), -- 個人ID | 資格 内部番号 10年 なし 非開示
    kind             text not null,                             -- 証の種類 | 資格 医療保険 10年 なし 開示
    family           text not null,                             -- 証の系統(同じ系統で有効なものは一つ) | 資格 医療保険 10年 なし 開示
    serial           text not null,                             -- 発行番号 | 資格 医療保険 10年 なし 開示
    symbol           text not null,                             -- 券面の記号 | 資格 医療保険 10年 なし 開示
    number           text not null,                             -- 券面の番号 | 資格 医療保険 10年 なし 開示
    branch           text not null,                             -- 券面の枝番 | 資格 医療保険 10年 なし 開示
    face_name        text not null,                             -- 券面の氏名 | 資格 四情報 10年 氏名 開示
    face_kana        text,                                      -- 券面の氏名の振り仮名 | 資格 四情報 10年 氏名 開示
    real_name        text,                                      -- 通称を記すときの本名 | 資格 四情報 10年 氏名 開示
    real_kana        text,                                      -- 通称を記すときの本名の振り仮名 | 資格 四情報 10年 氏名 開示
    is_sex_on_back   flag not null,                             -- 性別を裏面に記すか | 資格 医療保険 10年 なし 開示
    is_undisclosed   flag not null,                             -- DV被害者等の不開示 | 資格 医療保険 10年 なし 非開示
    issued_ymd       day not null,                              -- 交付日 | 資格 医療保険 10年 なし 開示
    effective_ymd    day,                                       -- 発効期日 | 資格 医療保険 10年 なし 開示
    valid_until      day,                                       -- 有効期限 | 資格 医療保険 10年 なし 開示
    issue_count      count not null,                            -- 交付回数 | 資格 医療保険 10年 なし 開示
    cause            text,                                      -- 交付の理由 | 資格 医療保険 10年 なし 開示
    share            count not null,                            -- 券面の一部負担金の割合(割。0は記さない) | 資格 医療保険 10年 なし 開示
    division         count not null,                            -- 券面の適用区分(0は記さない) | 資格 医療保険 10年 なし 開示
    limit_yen        yen not null,                              -- 券面の自己負担限度額(特定疾病。0は記さない) | 資格 医療保険 10年 なし 開示
    disease          count not null,                            -- 特定疾病の種類(0は記さない) | 資格 医療保険 10年 なし 開示
    long_stay_ymd    day,                                       -- 券面の長期入院該当年月日 | 資格 医療保険 10年 なし 開示
    place            text,                                      -- 交付した所 | 資格 医療保険 10年 なし 開示
    issued_by        text,                                      -- 交付した職員の利用者名 | 資格 医療保険 10年 なし 非開示
    returned_ymd     day,                                       -- 回収日 | 資格 医療保険 10年 なし 開示
    return_reason    text,                                      -- 回収の理由 | 資格 医療保険 10年 なし 開示
    return_cause_ymd day,                                       -- 回収の理由が発生した日 | 資格 医療保険 10年 なし 開示
    known_from       id not null,
    known_to         id,
    check (kind in ('card', 'short_card', 'qualification', 'confirmation', 'notice', 'special_confirmation', 'special_notice', 'elderly', 'limit', 'reduction', 'limit_reduction', 'disease')),
    check (family in ('main', 'elderly', 'limit', 'disease'))
);
create index certificate_by_person on certificate (person_id);
create index certificate_by_serial on certificate (serial);

-- table: notification
-- about: one notification (届) or application as it was taken in and decided: who told us and how, how he was identified, and the decision that followed; never changed afterwards
-- marks: chained
-- digest: select h.household_no, n.kind, n.fiscal_year, n.decision_no, n.decided_ymd, n.basis, n.officer, n.notified_ymd, n.source, n.route, n.identity, n.proxy_name, n.proxy_document, n.why from notification n join household h on h.household_id = n.household_id
create table notification (
    notification_id id not null primary key,                         -- 行番号 | 資格 内部番号 永年 なし 非開示
    household_id    id not null references household (household_id), -- 世帯ID | 資格 内部番号 永年 なし 非開示
    kind            text not null,                                   -- 届出・申請の種類 | 資格 医療保険 永年 なし 開示
    fiscal_year     count not null,                                  -- 決定番号の年度 | 資格 医療保険 永年 なし 開示
    decision_no     count not null,                                  -- 決定番号 | 資格 医療保険 永年 なし 開示
    decided_ymd     day not null,                                    -- 決定日 | 資格 医療保険 永年 なし 開示
    basis           text not null,                                   -- 決定の根拠(文の番号) | 資格 医療保険 永年 なし 開示
    officer         text not null,                                   -- 決定した職員 | 資格 医療保険 永年 なし 開示
    notified_ymd    day not null,                                    -- 届出日 | 資格 医療保険 永年 なし 開示
    source          text not null,                                   -- 入手元 | 資格 医療保険 永年 なし 開示
    route           text not null,                                   -- 入手方法 | 資格 医療保険 永年 なし 開示
    identity        count not null,                                  -- 本人確認の方法(0なし 1番号カード 2通知カード 3写真付き 4書類2点 5郵送) | 資格 医療保険 永年 なし 開示
    proxy_name      text,                                            -- 代理人の氏名 | 資格 四情報 永年 氏名 開示
    proxy_document  text,                                            -- 代理権を示す書類 | 資格 医療保険 永年 なし 開示
    why             text,                                            -- 職権・訂正の理由 | 資格 医療保険 永年 なし 開示
    known_from      id not null,
    unique (fiscal_year, decision_no),
    check (kind in ('cover', 'circumstance', 'placement', 'override', 'head')),
    check (identity between 0 and 5)
);
create index notification_by_household on notification (household_id);
create index notification_by_event on notification (known_from);

-- table: notification_change
-- about: one line of a notification: what changes for one person, as it was notified, with the days that followed from it
-- marks: chained
-- digest: select n.fiscal_year, n.decision_no, c.line, p.person_no, c.kind, c.acquired_by, c.acquired_cause_ymd, c.acquired_ymd, c.lost_by, c.lost_cause_ymd, c.lost_ymd, c.is_same_day, c.is_in_prefecture, c.insurer from notification_change c join notification n on n.notification_id = c.notification_id join person p on p.person_id = c.person_id
create table notification_change (
    notification_change_id id not null primary key,                               -- 行番号 | 資格 内部番号 永年 なし 非開示
    notification_id        id not null references notification (notification_id), -- 届出 | 資格 内部番号 永年 なし 非開示
    line                   count not null,                                        -- 届出の何行目か | 資格 内部番号 永年 なし 非開示
    person_id              id not null references person (person_id),             -- 個人ID | 資格 内部番号 永年 なし 非開示
    kind                   count not null,                                        -- 種類(1取得 2喪失 3訂正 4取消 5喪失取消 6世帯変更 11事情 12特例 13区分 14世帯主) | 資格 医療保険 永年 なし 開示
    acquired_by            text,                                                  -- 取得事由 | 資格 医療保険 永年 なし 開示
    acquired_cause_ymd     day,                                                   -- 取得の原因が生じた日 | 資格 医療保険 永年 なし 開示
    acquired_ymd           day,                                                   -- 資格取得日 | 資格 医療保険 永年 なし 開示
    lost_by                text,                                                  -- 喪失事由 | 資格 医療保険 永年 なし 開示
    lost_cause_ymd         day,                                                   -- 喪失の原因が生じた日 | 資格 医療保険 永年 なし 開示
    lost_ymd               day,                                                   -- 資格喪失日 | 資格 医療保険 永年 なし 開示
    is_same_day            flag not null,                                         -- 転出の日に他の市区町村に住所があるか | 資格 医療保険 永年 なし 開示
    is_in_prefecture       flag not null,                                         -- 県内の異動か | 資格 医療保険 永年 なし 開示
    insurer                text,                                                  -- 他の医療保険の保険者 | 資格 医療保険 永年 なし 開示
    known_from             id not null,
    unique (notification_id, line),
    check (kind between 1 and 6 or kind between 11 and 14)
);
create index notification_change_by_person on notification_change (person_id);

-- table: pending_change
-- about: what a feed or the calendar says has happened and nobody has dealt with yet; closed by the event that settled it
-- marks: fact chained
-- digest: select h.household_no, p.person_no, x.kind, x.cause_ymd, x.source, x.detail, {open x} as is_open from pending_change x join household h on h.household_id = x.household_id join person p on p.person_id = x.person_id
create table pending_change (
    pending_change_id id not null primary key,                         -- 行番号 | 資格 内部番号 5年 なし 非開示
    household_id      id not null references household (household_id), -- 世帯ID | 資格 内部番号 5年 なし 非開示
    person_id         id not null references person (person_id),       -- 個人ID | 資格 内部番号 5年 なし 非開示
    kind              count not null,                                  -- 処理待ちの種類 | 資格 医療保険 5年 なし 開示
    cause_ymd         day not null,                                    -- 原因が生じた日 | 資格 医療保険 5年 なし 開示
    source            text not null,                                   -- 入手元 | 資格 医療保険 5年 なし 開示
    detail            text,                                            -- 異動の内容(コード) | 資格 医療保険 5年 なし 開示
    known_from        id not null,
    known_to          id,
    check (kind between 1 and 20)
);
create index pending_change_by_household on pending_change (household_id, known_to);
create index pending_change_by_person on pending_change (person_id, kind, cause_ymd);
create index pending_change_by_cause on pending_change (cause_ymd, pending_change_id, known_to, kind);

-- table: pending_result
-- about: how a pending change ended: settled by a notification, looked at without effect, or dismissed, with the reason
-- marks: chained
-- digest: select h.household_no, p.person_no, x.kind, x.cause_ymd, r.state, r.reason from pending_result r join pending_change x on x.pending_change_id = r.pending_change_id join household h on h.household_id = x.household_id join person p on p.person_id = x.person_id
create table pending_result (
    pending_result_id id not null primary key,                                   -- 行番号 | 資格 内部番号 5年 なし 非開示
    pending_change_id id not null references pending_change (pending_change_id), -- 処理待ち | 資格 内部番号 5年 なし 非開示
    state             count not null,                                            -- 結果(1届出で処理 2影響なし 3誤り) | 資格 医療保険 5年 なし 開示
    reason            text,                                                      -- 届出によらず閉じた理由 | 資格 医療保険 5年 なし 開示
    known_from        id not null,
    unique (pending_change_id),
    check (state between 1 and 3)
);

-- table: certificate_handover
-- about: how a document reached its holder, and that he looked at what is printed (その場での記載内容の確認)
-- marks: chained
-- digest: select h.serial, h.how, h.receiver, h.tracking, h.is_confirmed, h.day, h.user_name from certificate_handover h
create table certificate_handover (
    certificate_handover_id id not null primary key, -- 行番号 | 資格 内部番号 10年 なし 非開示
    serial                  text not null,           -- 発行番号 | 資格 医療保険 10年 なし 開示
    how                     text not null,           -- 渡し方 | 資格 医療保険 10年 なし 開示
    receiver                text,                    -- 受け取った人(本人と違うとき) | 資格 四情報 10年 氏名 開示
    tracking                text,                    -- 特定記録などの引受番号 | 資格 医療保険 10年 なし 開示
    is_confirmed            flag not null,           -- 受け取った人が記載内容を確かめたか | 資格 医療保険 10年 なし 開示
    day                     day not null,            -- 渡した日 | 資格 医療保険 10年 なし 開示
    at                      time not null,           -- 渡した時刻 | 資格 医療保険 10年 なし 開示
    user_name               text not null,           -- 渡した職員の利用者名 | 資格 医療保険 10年 なし 非開示
    place                   text,                    -- 渡した所 | 資格 医療保険 10年 なし 開示
    known_from              id not null,
    check (how in ('counter', 'post', 'recorded', 'undelivered'))
);
create index certificate_handover_by_serial on certificate_handover (serial);

-- table: certificate_print
-- about: what was printed on a document, value by value, with the hash of the layout: it is printed again from here
-- marks: chained
-- digest: select x.serial, x.layout, x.pulled from certificate_print x
create table certificate_print (
    certificate_print_id id not null primary key, -- 行番号 | 資格 内部番号 10年 なし 非開示
    serial               text not null,           -- 発行番号 | 資格 医療保険 10年 なし 開示
    layout               text not null,           -- 様式の名 | 資格 医療保険 10年 なし 開示
    layout_hash          blob not null,           -- 様式の版 | 資格 医療保険 10年 なし 非開示
    print_data           blob not null,           -- 印字した値 | 資格 四情報 10年 氏名 開示
    pulled               count not null,          -- 引抜の理由(0は引き抜かない) | 資格 医療保険 10年 なし 非開示
    known_from           id not null,
    unique (serial)
);

-- table: card_registration
-- about: since when a person can use the individual number card as insurance card (マイナ保険証の利用登録)
-- marks: fact chained
-- digest: select p.person_no, r.source, r.valid_from, r.valid_to from card_registration r join person p on p.person_id = r.person_id where {now r}
create table card_registration (
    card_registration_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id            id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    source               text not null,                             -- 何から知ったか | 資格 医療保険 永年 なし 開示
    valid_from           day not null,
    valid_to             day,
    known_from           id not null,
    known_to             id
);
create index card_registration_by_person on card_registration (person_id);

-- table: certificate_wish
-- about: a wish about documents that stands: a confirmation beside a usable card (要配慮者など)
-- marks: fact chained
-- digest: select p.person_no, x.kind, x.reason, x.valid_from, x.valid_to from certificate_wish x join person p on p.person_id = x.person_id where {now x}
create table certificate_wish (
    certificate_wish_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id           id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    kind                text not null,                             -- 望む証の種類 | 資格 医療保険 永年 なし 開示
    reason              text not null,                             -- 申請の理由 | 資格 医療保険 永年 なし 開示
    valid_from          day not null,
    valid_to            day,
    known_from          id not null,
    known_to            id,
    check (kind in ('confirmation', 'notice', 'limit'))
);
create index certificate_wish_by_person on certificate_wish (person_id);

-- table: late_stage_change
-- about: what the late-stage desk (後期高齢者医療担当) is to hear about its people: assistance that began or ended; open until it is handed over
-- marks: fact chained
-- digest: select p.person_no, c.kind, c.day, c.reference, {open c} as is_open from late_stage_change c join person p on p.person_id = c.person_id
create table late_stage_change (
    late_stage_change_id id not null primary key,                   -- 行番号 | 資格 内部番号 5年 なし 非開示
    person_id            id not null references person (person_id), -- 個人ID | 資格 内部番号 5年 なし 非開示
    kind                 text not null,                             -- 異動(生活保護の開始・終了) | 資格 生活保護 5年 なし 開示
    day                  day not null,                              -- 異動日 | 資格 生活保護 5年 なし 開示
    reference            text,                                      -- ケース番号 | 資格 生活保護 5年 なし 開示
    known_from           id not null,
    known_to             id,
    check (kind in ('assistance_start', 'assistance_end'))
);
create index late_stage_change_by_person on late_stage_change (person_id);
create index late_stage_change_open on late_stage_change (known_to, late_stage_change_id);

-- table: retired_period
-- about: a span in which somebody counted as a retired insured person or his dependant (退職被保険者等, until the end of the scheme); corrected by a newer row with a reason
-- marks: fact chained
-- digest: select p.person_no, x.kind, x.reason, x.valid_from, x.valid_to from retired_period x join person p on p.person_id = x.person_id where {now x}
create table retired_period (
    retired_period_id id not null primary key,                   -- 行番号 | 資格 内部番号 永年 なし 非開示
    person_id         id not null references person (person_id), -- 個人ID | 資格 内部番号 永年 なし 非開示
    kind              text not null,                             -- 区分(self本人 dependant被扶養者) | 資格 医療保険 永年 なし 開示
    reason            text not null check (length(reason) > 0),  -- 登録・訂正の理由 | 資格 医療保険 永年 なし 開示
    valid_from        day not null,
    valid_to          day,
    known_from        id not null,
    known_to          id,
    check (kind in ('self', 'dependant'))
);
create index retired_period_by_person on retired_period (person_id);
