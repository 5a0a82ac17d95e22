-- Party (宛名): people, households, addresses, contacts, protection marks.
--
-- person and household are anchors: an id that never changes and the number first given, which is the
-- natural key everywhere. What is known about them are facts: rows opened by one event and closed by
-- another. A range of validity is half-open: valid_to is the first day on which it is no longer so.

-- table: person
-- about: one natural or legal person known to the city; the id and the first addressee number never change
-- marks: chained
-- digest: select p.person_no from person p
create table person (
    person_id  id not null primary key, -- 個人ID | 宛名 内部番号 永年 なし 非開示
    person_no  text not null,           -- 宛名番号(最初に付けた番号) | 宛名 内部番号 永年 なし 開示
    known_from id not null,
    unique (person_no)
);

-- table: person_number
-- about: numbers by which a person is known: addressee number, unified addressee number, prefecture insured id, process serial; an attribute with its own period
-- marks: fact chained
-- digest: select p.person_no, n.kind, n.number, n.valid_from, n.valid_to from person_number n join person p on p.person_id = n.person_id where {now n}
create table person_number (
    number_id  id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id  id not null references person (person_id), -- 個人ID | 宛名 内部番号 永年 なし 非開示
    kind       text not null,                             -- 番号の種類 | 宛名 内部番号 永年 なし 開示
    number     text not null,                             -- 番号 | 宛名 内部番号 永年 なし 開示
    valid_from day not null,
    valid_to   day,
    known_from id not null,
    known_to   id,
    check (kind in ('addressee', 'unified', 'prefecture_insured', 'serial'))
);
create index person_number_by_number on person_number (number, kind);
create index person_number_by_person on person_number (person_id);

-- table: person_identity
-- about: what a person is born with and dies with; timeless, corrected by a newer row
-- marks: fact chained
-- digest: select p.person_no, i.kind, i.birth_ymd, i.birth_note, i.sex, i.death_ymd from person_identity i join person p on p.person_id = i.person_id where {now i}
create table person_identity (
    identity_id id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 宛名 内部番号 永年 なし 非開示
    kind        text not null,                             -- 個人・法人の別 | 宛名 四情報 永年 なし 開示
    birth_ymd   day,                                       -- 生年月日 | 宛名 四情報 永年 生年月日 開示
    birth_note  text,                                      -- 生年月日の不詳表記 | 宛名 四情報 永年 生年月日 開示
    sex         text not null,                             -- 性別(0不明 1男 2女) | 宛名 四情報 永年 性別 開示
    death_ymd   day,                                       -- 死亡日 | 宛名 その他住民票関係 永年 なし 開示
    known_from  id not null,
    known_to    id,
    check (kind in ('natural', 'corporation')),
    check (sex in ('0', '1', '2'))
);
create index person_identity_by_person on person_identity (person_id, known_from, known_to, birth_ymd, death_ymd, sex);
create index person_identity_by_birth on person_identity (birth_ymd);

-- table: person_name
-- about: the names of a person: real name, alias of a foreigner, former surname, Latin letters; exactly one of those valid is the one in use (printed)
-- marks: fact chained
-- digest: select p.person_no, n.kind, n.name, n.kana, n.is_used, n.valid_from, n.valid_to from person_name n join person p on p.person_id = n.person_id where {now n}
create table person_name (
    name_id    id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id  id not null references person (person_id), -- 個人ID | 宛名 内部番号 永年 なし 非開示
    kind       text not null,                             -- 氏名の種類(本名・通称・旧氏・ローマ字) | 宛名 四情報 永年 なし 開示
    name       text not null,                             -- 氏名 | 宛名 四情報 永年 氏名 開示
    kana       text,                                      -- 氏名の振り仮名 | 宛名 四情報 永年 氏名 開示
    name_fold  text not null,                             -- 検索用氏名 | 宛名 四情報 永年 氏名 非開示
    kana_fold  text,                                      -- 検索用カナ | 宛名 四情報 永年 氏名 非開示
    kana_sort  text,                                      -- 並べ替え用カナ | 宛名 四情報 永年 氏名 非開示
    is_used    flag not null,                             -- 使用中の氏名か | 宛名 四情報 永年 なし 開示
    valid_from day not null,
    valid_to   day,
    known_from id not null,
    known_to   id,
    check (kind in ('real', 'alias', 'former', 'latin'))
);
create index person_name_by_person on person_name (person_id);
create index person_name_by_kana on person_name (kana_fold);

-- table: residency
-- about: whether and why a person is on the resident register of this city, or known as a non-resident (住登外)
-- marks: fact chained
-- digest: select p.person_no, r.kind, r.started_by, r.ended_by, r.valid_from, r.valid_to from residency r join person p on p.person_id = r.person_id where {now r}
create table residency (
    residency_id id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id    id not null references person (person_id), -- 個人ID | 宛名 内部番号 永年 なし 非開示
    kind         text not null,                             -- 住登・住登外の別 | 宛名 その他住民票関係 永年 なし 開示
    started_by   text not null,                             -- 住民となった事由 | 宛名 その他住民票関係 永年 なし 開示
    ended_by     text,                                      -- 消除事由 | 宛名 その他住民票関係 永年 なし 開示
    is_provisional flag not null,                           -- 二人目の確認を待つ仮登録か | 宛名 その他住民票関係 永年 なし 非開示
    valid_from   day not null,
    valid_to     day,
    known_from   id not null,
    known_to     id,
    check (kind in ('resident', 'nonresident')),
    check (started_by in ('move_in', 'birth', 'restored', 'status', 'initial', 'registered')),
    check (ended_by is null or ended_by in ('move_out', 'death', 'ex_officio', 'left_country', 'removed'))
);
create index residency_by_person on residency (person_id);

-- table: foreign_status
-- about: nationality and permission to stay of a foreign resident
-- marks: fact chained
-- digest: select p.person_no, f.nationality, f.stay_status, f.stay_until, f.is_excluded, f.valid_from, f.valid_to from foreign_status f join person p on p.person_id = f.person_id where {now f}
create table foreign_status (
    foreign_status_id id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id         id not null references person (person_id), -- 個人ID | 宛名 内部番号 永年 なし 非開示
    nationality       text not null,                             -- 国籍・地域(3文字コード) | 宛名 その他住民票関係 永年 なし 開示
    stay_status       text not null,                             -- 在留資格 | 宛名 その他住民票関係 永年 なし 開示
    stay_until        day,                                       -- 在留期間の満了の日 | 宛名 その他住民票関係 永年 なし 開示
    is_excluded       flag not null,                             -- 国保の適用除外となる在留資格か | 資格 医療保険 永年 なし 開示
    valid_from        day not null,
    valid_to          day,
    known_from        id not null,
    known_to          id
);
create index foreign_status_by_person on foreign_status (person_id);

-- table: household
-- about: one household; the id and the first household number never change
-- marks: chained
-- digest: select h.household_no from household h
create table household (
    household_id id not null primary key, -- 世帯ID | 宛名 内部番号 永年 なし 非開示
    household_no text not null,           -- 世帯番号 | 宛名 内部番号 永年 なし 開示
    known_from   id not null,
    unique (household_no)
);

-- table: membership
-- about: who lives in which household, with the relation to the head, from when to when
-- marks: fact chained
-- digest: select h.household_no, p.person_no, m.relation, m.is_head, m.valid_from, m.valid_to from membership m join household h on h.household_id = m.household_id join person p on p.person_id = m.person_id where {now m}
create table membership (
    membership_id id not null primary key,                         -- 行番号 | 宛名 内部番号 永年 なし 非開示
    household_id  id not null references household (household_id), -- 世帯ID | 宛名 内部番号 永年 なし 非開示
    person_id     id not null references person (person_id),       -- 個人ID | 宛名 内部番号 永年 なし 非開示
    relation      text not null,                                   -- 続柄コード(01世帯主 02夫 03妻 04子 05父 06母 07孫 08兄弟姉妹 99その他) | 宛名 その他住民票関係 永年 なし 開示
    is_head       flag not null,                                   -- 世帯主か | 宛名 その他住民票関係 永年 なし 開示
    valid_from    day not null,
    valid_to      day,
    known_from    id not null,
    known_to      id
);
create index membership_by_household on membership (household_id, person_id, is_head, valid_from, valid_to, known_from, known_to);
create index membership_by_person on membership (person_id, known_to);

-- table: address
-- about: addresses: of a household (residence) or of a person (where he came from, where he went, non-resident, sending address of a business)
-- marks: fact chained
-- digest: select h.household_no, p.person_no, a.kind, a.business, a.postal_code, a.city_code, a.town_code, a.prefecture, a.city, a.town, a.number, a.building, a.addressee, a.valid_from, a.valid_to from address a left join household h on h.household_id = a.household_id left join person p on p.person_id = a.person_id where {now a}
create table address (
    address_id   id not null primary key,                -- 行番号 | 宛名 内部番号 永年 なし 非開示
    household_id id references household (household_id), -- 世帯ID | 宛名 内部番号 永年 なし 非開示
    person_id    id references person (person_id),       -- 個人ID | 宛名 内部番号 永年 なし 非開示
    kind         text not null,                          -- 住所の種類 | 宛名 四情報 永年 なし 開示
    business     text not null,                          -- 送付先を使う業務(all または業務の名) | 宛名 連絡先 永年 なし 開示
    postal_code  text,                                   -- 郵便番号 | 宛名 四情報 永年 住所 開示
    city_code    text,                                   -- 市区町村コード | 宛名 四情報 永年 住所 開示
    town_code    text,                                   -- 町字コード | 宛名 四情報 永年 住所 開示
    prefecture   text not null,                          -- 都道府県 | 宛名 四情報 永年 住所 開示
    city         text not null,                          -- 市区郡町村名 | 宛名 四情報 永年 住所 開示
    town         text not null,                          -- 町字 | 宛名 四情報 永年 住所 開示
    number       text not null,                          -- 番地号表記 | 宛名 四情報 永年 住所 開示
    building     text,                                   -- 方書 | 宛名 四情報 永年 住所 開示
    addressee    text,                                   -- 送付先の宛名(本人と違うとき) | 宛名 連絡先 永年 氏名 開示
    address_fold text not null,                          -- 検索用住所 | 宛名 四情報 永年 住所 非開示
    valid_from   day not null,
    valid_to     day,
    known_from   id not null,
    known_to     id,
    check (kind in ('residence', 'former', 'destination', 'nonresident', 'sending')),
    check ((case when household_id is null then 1 else 0 end) + (case when person_id is null then 1 else 0 end) = 1)
);
create index address_by_household on address (household_id);
create index address_by_person on address (person_id);

-- table: contact
-- about: telephone numbers and the like, several per person, with their source
-- marks: fact chained
-- digest: select p.person_no, c.kind, c.value, c.source, c.note, c.valid_from, c.valid_to from contact c join person p on p.person_id = c.person_id where {now c}
create table contact (
    contact_id id not null primary key,                   -- 行番号 | 宛名 内部番号 5年 なし 非開示
    person_id  id not null references person (person_id), -- 個人ID | 宛名 内部番号 5年 なし 非開示
    kind       text not null,                             -- 連絡先の種類 | 宛名 連絡先 5年 なし 開示
    value      text not null,                             -- 連絡先 | 宛名 連絡先 5年 連絡先 開示
    source     text not null,                             -- 情報源 | 宛名 連絡先 5年 なし 開示
    note       text,                                      -- 注記 | 宛名 連絡先 5年 なし 開示
    valid_from day not null,
    valid_to   day,
    known_from id not null,
    known_to   id,
    check (kind in ('home', 'mobile', 'work', 'fax', 'mail'))
);
create index contact_by_person on contact (person_id);

-- table: protection
-- about: support measures for victims of violence (支援措置): the address of the person and of those living with him is shown to nobody without need
-- marks: fact chained
-- digest: select p.person_no, x.kind, x.decision_no, x.valid_from, x.valid_to from protection x join person p on p.person_id = x.person_id where {now x}
create table protection (
    protection_id id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id     id not null references person (person_id), -- 個人ID | 宛名 内部番号 永年 なし 非開示
    kind          text not null,                             -- 支援措置の種類 | 宛名 その他住民票関係 永年 なし 非開示
    decision_no   text not null,                             -- 支援措置の決定番号 | 宛名 その他住民票関係 永年 なし 非開示
    valid_from    day not null,
    valid_to      day,
    known_from    id not null,
    known_to      id,
    check (kind in ('violence', 'stalking', 'child', 'other'))
);
create index protection_by_person on protection (person_id);

-- table: account
-- about: bank accounts of a person, by business and purpose (debit, refund, benefit); ended and opened anew, never edited
-- marks: fact chained
-- digest: select p.person_no, a.business, a.purpose, a.bank_code, a.branch_code, a.kind, a.account_no, a.holder, a.is_public, a.source, a.source_ymd, a.valid_from, a.valid_to from account a join person p on p.person_id = a.person_id where {now a}
create table account (
    account_id  id not null primary key,                   -- 行番号 | 宛名 内部番号 5年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 宛名 内部番号 5年 なし 非開示
    business    text not null,                             -- 口座を使う業務 | 宛名 口座 5年 なし 開示
    purpose     text not null,                             -- 口座の用途 | 宛名 口座 5年 なし 開示
    bank_code   text not null,                             -- 金融機関コード | 宛名 口座 5年 口座 開示
    branch_code text not null,                             -- 店番号 | 宛名 口座 5年 口座 開示
    kind        text not null,                             -- 預金種目 | 宛名 口座 5年 なし 開示
    account_no  text not null,                             -- 口座番号 | 宛名 口座 5年 口座 開示
    holder      text not null,                             -- 口座名義(全銀の文字) | 宛名 口座 5年 氏名 開示
    is_public   flag not null,                             -- 公金受取口座か | 宛名 口座 5年 なし 開示
    source      text not null,                             -- 情報源 | 宛名 口座 5年 なし 開示
    source_ymd  day not null,                              -- 情報を得た日 | 宛名 口座 5年 なし 開示
    valid_from  day not null,
    valid_to    day,
    known_from  id not null,
    known_to    id,
    check (purpose in ('debit', 'refund', 'benefit')),
    check (kind in ('1', '2', '4', '9')),
    check (length(bank_code) = 4 and length(branch_code) = 3 and length(account_no) = 7)
);
create index account_by_person on account (person_id);

-- table: agent
-- about: who acts for a person: guardians, tax representative, representative of the heirs and the like, with the document that shows it
-- marks: fact chained
-- digest: select p.person_no, g.kind, g.business, q.person_no as agent_no, g.name, g.kana, g.postal_code, g.prefecture, g.city, g.town, g.number, g.building, g.phone, g.document, g.document_ymd, g.takes_mail, g.valid_from, g.valid_to from agent g join person p on p.person_id = g.person_id left join person q on q.person_id = g.agent_person_id where {now g}
create table agent (
    agent_id        id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id       id not null references person (person_id), -- 本人の個人ID | 宛名 内部番号 永年 なし 非開示
    kind            text not null,                             -- 代理人の種類 | 宛名 代理人 永年 なし 開示
    business        text not null,                             -- 代理する業務(all または業務の名) | 宛名 代理人 永年 なし 開示
    agent_person_id id references person (person_id),          -- 代理人の個人ID(宛名にいるとき) | 宛名 内部番号 永年 なし 非開示
    name            text not null,                             -- 代理人の氏名・名称 | 宛名 代理人 永年 氏名 開示
    kana            text,                                      -- 代理人の振り仮名 | 宛名 代理人 永年 氏名 開示
    postal_code     text,                                      -- 代理人の郵便番号 | 宛名 代理人 永年 住所 開示
    prefecture      text not null,                             -- 代理人の都道府県 | 宛名 代理人 永年 住所 開示
    city            text not null,                             -- 代理人の市区郡町村名 | 宛名 代理人 永年 住所 開示
    town            text not null,                             -- 代理人の町字 | 宛名 代理人 永年 住所 開示
    number          text not null,                             -- 代理人の番地号表記 | 宛名 代理人 永年 住所 開示
    building        text,                                      -- 代理人の方書 | 宛名 代理人 永年 住所 開示
    phone           text,                                      -- 代理人の電話番号 | 宛名 代理人 永年 連絡先 開示
    document        text not null,                             -- 代理を示す書類 | 宛名 代理人 永年 なし 開示
    document_ymd    day not null,                              -- 書類の日付 | 宛名 代理人 永年 なし 開示
    takes_mail      flag not null,                             -- 郵便を代理人に送るか | 宛名 代理人 永年 なし 開示
    valid_from      day not null,
    valid_to        day,
    known_from      id not null,
    known_to        id,
    check (kind in ('guardian', 'curator', 'assistant', 'parent', 'tax', 'heir', 'attorney'))
);
create index agent_by_person on agent (person_id);
create index agent_by_agent on agent (agent_person_id);

-- table: merge_link
-- about: several addressee numbers of one person (名寄せ): who is led by whom; every number keeps its own history, and the link can be ended
-- marks: fact chained
-- digest: select p.person_no, l.person_no as leading_no, m.reason, m.valid_from, m.valid_to from merge_link m join person p on p.person_id = m.person_id join person l on l.person_id = m.leading_id where {now m}
create table merge_link (
    merge_link_id id not null primary key,                   -- 行番号 | 宛名 内部番号 永年 なし 非開示
    person_id     id not null references person (person_id), -- まとめられる人の個人ID | 宛名 内部番号 永年 なし 非開示
    leading_id    id not null references person (person_id), -- 代表の個人ID | 宛名 内部番号 永年 なし 非開示
    reason        text not null,                             -- 同一人と認めた理由 | 宛名 内部番号 永年 なし 開示
    valid_from    day not null,
    valid_to      day,
    known_from    id not null,
    known_to      id
);
create index merge_link_by_person on merge_link (person_id);
create index merge_link_by_leading on merge_link (leading_id);

-- table: address_transfer
-- about: what goes to the unified address system: one record for each registration, correction or removal of a non-resident
-- marks: chained
-- digest: select p.person_no, t.cause, count(*) as transfers from address_transfer t join person p on p.person_id = t.person_id group by p.person_no, t.cause
create table address_transfer (
    transfer_id id not null primary key,                   -- 行番号 | 宛名 内部番号 7年 なし 非開示
    person_id   id not null references person (person_id), -- 個人ID | 宛名 内部番号 7年 なし 非開示
    cause       text not null,                             -- 送る事由 | 宛名 内部番号 7年 なし 非開示
    known_from  id not null,
    check (cause in ('new', 'change', 'remove'))
);
create index address_transfer_by_person on address_transfer (person_id);

-- table: name_match
-- about: pairs that the daily comparison found to be possibly one person; written anew at every run, never linked by itself
-- marks: plain big
create table name_match (
    person_id  id not null,    -- 個人ID | 宛名 内部番号 1年 なし 非開示
    other_id   id not null,    -- 相手の個人ID | 宛名 内部番号 1年 なし 非開示
    same_items count not null, -- 一致した項目の数(5項目のうち) | 宛名 内部番号 1年 なし 非開示
    found_ymd  day not null    -- 見つけた日 | 宛名 内部番号 1年 なし 非開示
);
create index name_match_by_person on name_match (person_id);

-- table: search_gram
-- about: pairs of characters of every name and address ever known, for substring search on both engines; rebuilt from the facts at any time
-- marks: plain
create table search_gram (
    kind     text not null, -- n 氏名 a 住所 | 宛名 四情報 永年 なし 非開示
    gram     text not null, -- 2文字の組(末尾の1文字はそれだけで) | 宛名 四情報 永年 氏名 非開示
    owner_id id not null,   -- 個人IDまたは世帯ID | 宛名 内部番号 永年 なし 非開示
    check (kind in ('n', 'a'))
);
create index search_gram_by_gram on search_gram (kind, gram, owner_id);

-- table: import_file
-- about: files that were taken in: what came, how much of it, and what it added up to; the same file is never taken twice
-- marks: chained
-- digest: select f.kind, f.sha256, f.line_count, f.accepted_count, f.refused_count, f.control_count, f.control_sum from import_file f
create table import_file (
    import_file_id id not null primary key, -- 行番号 | 共通 内部番号 10年 なし 非開示
    kind           text not null,           -- ファイルの種類 | 共通 内部番号 10年 なし 非開示
    sha256         text not null,           -- ファイルの要約値 | 共通 内部番号 10年 なし 非開示
    file_name      text not null,           -- ファイル名 | 共通 内部番号 10年 なし 非開示
    line_count     count not null,          -- 明細行数 | 共通 内部番号 10年 なし 非開示
    accepted_count count not null,          -- 取り込んだ行数 | 共通 内部番号 10年 なし 非開示
    refused_count  count not null,          -- 受け付けなかった行数 | 共通 内部番号 10年 なし 非開示
    control_count  count not null,          -- 照合した件数 | 共通 内部番号 10年 なし 非開示
    control_sum    count not null,          -- 照合した合計 | 共通 内部番号 10年 なし 非開示
    known_from     id not null,
    unique (kind, sha256)
);

-- table: import_error
-- about: lines that were not taken in, for the list the sender gets back
-- marks: plain
create table import_error (
    import_error_id id not null primary key, -- 行番号 | 共通 内部番号 1年 なし 非開示
    job_id          id not null,             -- ジョブ番号 | 共通 内部番号 1年 なし 非開示
    line            count not null,          -- 行 | 共通 内部番号 1年 なし 非開示
    field           text not null,           -- 項目 | 共通 内部番号 1年 なし 非開示
    value           text not null,           -- 値 | 共通 その他住民票関係 1年 氏名 非開示
    reason          text not null            -- 理由(文の番号) | 共通 内部番号 1年 なし 非開示
);
create index import_error_by_job on import_error (job_id, line);
