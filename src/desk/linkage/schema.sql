-- Linkage (庁内連携): whom data go to and come from inside the city, what went, who asked, and what
-- the persons themselves were shown.

-- table: data_link
-- about: one registered link: who gives, who receives, for what work, on which legal basis, in which layout; closed until a data-use application is approved
-- marks: fact chained
-- digest: select l.link_no, l.name, l.way, l.partner, l.partner_type, l.purpose, l.provision, l.law, l.layout, l.cycle, l.valid_from, l.valid_to from data_link l where {now l}
create table data_link (
    data_link_id id not null primary key,   -- 行番号 | 共通 内部番号 永年 なし 非開示
    link_no      text not null,             -- 連携番号 | 共通 内部番号 永年 なし 非開示
    name         text not null,             -- 連携の名前 | 共通 内部番号 永年 なし 非開示
    way          text not null,             -- 向き(out出す in受ける ask照会) | 共通 内部番号 永年 なし 非開示
    partner      text not null,             -- 相手の符号 | 共通 内部番号 永年 なし 非開示
    partner_type text not null,             -- 相手の種類 | 共通 内部番号 永年 なし 非開示
    purpose      text not null,             -- 使う事務 | 共通 内部番号 永年 なし 非開示
    provision    text not null,             -- 提供の一覧の行 | 共通 内部番号 永年 なし 非開示
    law          text not null,             -- 根拠 | 共通 内部番号 永年 なし 非開示
    layout       text not null,             -- 様式 | 共通 内部番号 永年 なし 非開示
    cycle        text not null,             -- 周期 | 共通 内部番号 永年 なし 非開示
    valid_from   day not null,
    valid_to     day,
    known_from   id not null,
    known_to     id,
    check (way in ('out', 'in', 'ask')),
    check (partner_type in ('section', 'education'))
);
create index data_link_by_no on data_link (link_no);

-- table: data_use
-- about: an approved data-use application: opens a link for a period and for the items named, nothing else
-- marks: fact chained
-- digest: select u.use_no, u.link_no, u.applicant, u.purpose, u.law, u.items, u.valid_from, u.valid_to from data_use u where {now u}
create table data_use (
    data_use_id id not null primary key,    -- 行番号 | 共通 内部番号 7年 なし 非開示
    use_no      count not null,             -- 申請番号 | 共通 内部番号 7年 なし 非開示
    link_no     text not null,              -- 連携番号 | 共通 内部番号 7年 なし 非開示
    applicant   text not null,              -- 申請した課 | 共通 職員 7年 なし 非開示
    purpose     text not null,              -- 利用の目的 | 共通 内部番号 7年 なし 非開示
    law         text not null,              -- 審査した根拠 | 共通 内部番号 7年 なし 非開示
    items       text not null,              -- 承認した項目 | 共通 内部番号 7年 なし 非開示
    entered_by  id not null,                -- 申請を入れた人 | 共通 職員 7年 なし 非開示
    approved_by id not null,                -- 承認した人 | 共通 職員 7年 なし 非開示
    valid_from  day not null,
    valid_to    day not null,
    known_from  id not null,
    known_to    id,
    check (valid_to > valid_from),
    check (approved_by <> entered_by)
);
create index data_use_by_link on data_use (link_no);

-- table: link_system
-- about: a system that may connect over a link; servers carry files and prove themselves by their key, terminals are known so that they can be refused by name
-- marks: fact chained
-- digest: select s.link_no, s.system_no, s.kind, s.name, s.public_key, s.valid_from, s.valid_to from link_system s where {now s}
create table link_system (
    link_system_id id not null primary key, -- 行番号 | 共通 内部番号 7年 なし 非開示
    link_no        text not null,           -- 連携番号 | 共通 内部番号 7年 なし 非開示
    system_no      text not null,           -- システム番号 | 共通 端末 7年 なし 非開示
    kind           text not null,           -- 種類(server terminal) | 共通 端末 7年 なし 非開示
    name           text not null,           -- 名前 | 共通 端末 7年 なし 非開示
    public_key     text not null,           -- 署名の公開鍵(16進) | 共通 認証 7年 なし 非開示
    valid_from     day not null,
    valid_to       day,
    known_from     id not null,
    known_to       id,
    check (kind in ('server', 'terminal'))
);
create index link_system_by_link on link_system (link_no, system_no);

-- table: transfer
-- about: every passing of data inside the city, given, taken or refused: source, target, items, user, time
-- marks: chained
-- digest: select t.link_no, t.way, t.source, t.target, t.items, t.people, t.sha256, t.result, t.reason from transfer t
create table transfer (
    transfer_id id not null primary key,    -- 受渡番号 | 監査 内部番号 7年 なし 開示
    link_no     text not null,              -- 連携番号 | 監査 内部番号 7年 なし 開示
    way         text not null,              -- 向き(out in ask medium) | 監査 内部番号 7年 なし 開示
    source      text not null,              -- 渡した側 | 監査 内部番号 7年 なし 開示
    target      text not null,              -- 受けた側 | 監査 内部番号 7年 なし 開示
    items       text not null,              -- 項目 | 監査 内部番号 7年 なし 開示
    people      count not null,             -- 人数 | 監査 内部番号 7年 なし 開示
    file_name   text not null,              -- ファイル名 | 監査 内部番号 7年 なし 非開示
    sha256      text not null,              -- ファイルの要約値 | 監査 内部番号 7年 なし 非開示
    purpose     text not null,              -- 目的 | 監査 内部番号 7年 なし 開示
    user_id     id not null,                -- 利用者 | 監査 職員 7年 なし 非開示
    user_name   text not null,              -- 利用者のサインイン名 | 監査 職員 7年 なし 非開示
    terminal    text not null,              -- 端末 | 監査 端末 7年 なし 非開示
    at_us       time not null,              -- 日時 | 監査 内部番号 7年 なし 開示
    at_ymd      day not null,               -- 日 | 監査 内部番号 7年 なし 開示
    result      text not null,              -- 結果(given taken refused) | 監査 内部番号 7年 なし 開示
    reason      text not null,              -- 断った理由(文の番号) | 監査 内部番号 7年 なし 開示
    known_from  id not null,
    check (result in ('given', 'taken', 'refused'))
);
create index transfer_by_day on transfer (at_ymd);
create index transfer_by_link on transfer (link_no);

-- table: transfer_person
-- about: whose data went over a link or were asked for: one line per person looked at
-- marks: chained
-- digest: select p.person_no, t.link_no, t.way, t.result, x.at_ymd from transfer_person x join transfer t on t.transfer_id = x.transfer_id join person p on p.person_id = x.person_id
create table transfer_person (
    transfer_person_id id not null primary key,                        -- 行番号 | 監査 内部番号 7年 なし 非開示
    transfer_id        id not null,                                    -- 受渡番号 | 監査 内部番号 7年 なし 非開示
    person_id          id not null references person (person_id),      -- 個人ID | 監査 内部番号 7年 なし 非開示
    link_no            text not null,                                  -- 連携番号 | 監査 内部番号 7年 なし 開示
    items              text not null,                                  -- 項目 | 監査 内部番号 7年 なし 開示
    result             text not null,                                  -- 結果 | 監査 内部番号 7年 なし 開示
    at_ymd             day not null,                                   -- 日 | 監査 内部番号 7年 なし 開示
    known_from         id not null
);
create index transfer_person_by_person on transfer_person (person_id);
create index transfer_person_by_day on transfer_person (at_ymd);

-- table: medium
-- about: an urgent handover on an external medium: approved, sealed, handed over, returned or erased
-- marks: fact chained
-- digest: select m.medium_no, m.link_no, m.purpose, m.handed_to, m.sha256, m.state, m.state_ymd from medium m where {now m}
create table medium (
    medium_row_id id not null primary key,  -- 行番号 | 共通 内部番号 7年 なし 非開示
    medium_no     text not null,            -- 媒体番号 | 共通 内部番号 7年 なし 非開示
    link_no       text not null,            -- 連携番号 | 共通 内部番号 7年 なし 非開示
    purpose       text not null,            -- 急ぐ理由 | 共通 内部番号 7年 なし 非開示
    handed_to     text not null,            -- 渡す相手 | 共通 職員 7年 なし 非開示
    entered_by    id not null,              -- 申請した人 | 共通 職員 7年 なし 非開示
    approved_by   id not null,              -- 承認した人 | 共通 職員 7年 なし 非開示
    sha256        text not null,            -- 封をしたファイルの要約値 | 共通 内部番号 7年 なし 非開示
    state         text not null,            -- 状態(approved sealed returned erased) | 共通 内部番号 7年 なし 非開示
    state_ymd     day not null,             -- その日 | 共通 内部番号 7年 なし 非開示
    state_by      id not null,              -- した人 | 共通 職員 7年 なし 非開示
    known_from    id not null,
    known_to      id,
    check (state in ('approved', 'sealed', 'returned', 'erased'))
);
create index medium_by_no on medium (medium_no);

-- table: disclosure
-- about: a request of a person for his own data: 開示, 訂正, 利用停止; who came, on whose behalf, how he was identified, until when, and what was decided
-- marks: fact chained
-- digest: select d.request_no, p.person_no, d.kind, d.requester, d.identity, d.is_proxy, d.proxy_document, d.content, d.received_ymd, d.due_ymd, d.extension, d.decision, d.decided_ymd, d.reason from disclosure d join person p on p.person_id = d.person_id where {now d}
create table disclosure (
    disclosure_id  id not null primary key,                   -- 行番号 | 共通 内部番号 5年 なし 非開示
    request_no     count not null,                            -- 請求番号 | 共通 内部番号 5年 なし 開示
    person_id      id not null references person (person_id), -- 個人ID | 共通 内部番号 5年 なし 非開示
    kind           text not null,                             -- 請求の種類(disclose correct suspend) | 共通 内部番号 5年 なし 開示
    requester      text not null,                             -- 請求した人 | 共通 四情報 5年 氏名 開示
    identity       count not null,                            -- 本人確認の方法 | 共通 内部番号 5年 なし 開示
    is_proxy       flag not null,                             -- 代理人か | 共通 内部番号 5年 なし 開示
    proxy_document text not null,                             -- 代理の書類 | 共通 内部番号 5年 なし 開示
    content        text not null,                             -- 請求の内容 | 共通 内部番号 5年 なし 開示
    received_ymd   day not null,                              -- 受付日 | 共通 内部番号 5年 なし 開示
    due_ymd        day not null,                              -- 期限 | 共通 内部番号 5年 なし 開示
    extension      text not null,                             -- 延長の理由(空は延長なし) | 共通 内部番号 5年 なし 開示
    decision       text not null,                             -- 決定(空は未決定 whole part none) | 共通 内部番号 5年 なし 開示
    decided_ymd    day,                                       -- 決定日 | 共通 内部番号 5年 なし 開示
    decided_by     id not null,                               -- 決定した人 | 共通 職員 5年 なし 非開示
    reason         text not null,                             -- 理由 | 共通 内部番号 5年 なし 開示
    known_from     id not null,
    known_to       id,
    check (kind in ('disclose', 'correct', 'suspend')),
    check (decision in ('', 'whole', 'part', 'none'))
);
create index disclosure_by_person on disclosure (person_id);
create index disclosure_by_no on disclosure (request_no);

-- table: reception_slip
-- about: a question or complaint about the handling of personal data, and its answer
-- marks: fact chained
-- digest: select s.slip_no, s.received_ymd, s.caller, s.content, s.is_serious, s.due_ymd, s.answer, s.answered_ymd from reception_slip s where {now s}
create table reception_slip (
    slip_id      id not null primary key,   -- 行番号 | 共通 内部番号 5年 なし 非開示
    slip_no      count not null,            -- 受付番号 | 共通 内部番号 5年 なし 非開示
    received_ymd day not null,              -- 受付日 | 共通 内部番号 5年 なし 非開示
    caller       text not null,             -- 申出人 | 共通 四情報 5年 氏名 非開示
    content      text not null,             -- 内容 | 共通 内部番号 5年 なし 非開示
    is_serious   flag not null,             -- 重大か | 共通 内部番号 5年 なし 非開示
    due_ymd      day not null,              -- 標準処理期間の終わり | 共通 内部番号 5年 なし 非開示
    answer       text not null,             -- 回答(空は未回答) | 共通 内部番号 5年 なし 非開示
    answered_ymd day,                       -- 回答日 | 共通 内部番号 5年 なし 非開示
    entered_by   id not null,               -- 受けた人 | 共通 職員 5年 なし 非開示
    known_from   id not null,
    known_to     id
);
create index reception_slip_by_no on reception_slip (slip_no);
