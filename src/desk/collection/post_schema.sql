-- table: post_batch
-- about: one job of printing, enclosing and despatch: several kinds of documents in one run, with the day and who prints
-- marks: fact chained
-- digest: select b.batch_no, b.made_ymd, b.contractor, b.title from post_batch b where {now b}
create table post_batch (
    batch_id    id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    batch_no    count not null,          -- 印刷の番号 | 収滞納 内部番号 7年 なし 非開示
    made_ymd    day not null,            -- 作成日 | 収滞納 内部番号 7年 なし 非開示
    contractor  text not null,           -- 委託先（空は自庁） | 収滞納 内部番号 7年 なし 非開示
    title       text not null,           -- 件名 | 収滞納 内部番号 7年 なし 非開示
    job_id      id not null,             -- 処理 | 収滞納 内部番号 7年 なし 非開示
    known_from  id not null,
    known_to    id
);
create index post_batch_by_job on post_batch (job_id);
create index post_batch_by_no on post_batch (batch_no);
create index post_batch_by_event on post_batch (known_from);

-- table: post_item
-- about: one printed document of a job: kind, number, place in the run, codes for enclosing and delivery, what was printed and with which layout
-- marks: chained
-- digest: select b.batch_no, i.kind, i.document_no, p.person_no, i.place, i.pages, i.insert_code, i.delivery_code, i.bars, i.yen, i.print_data, i.layout_hash, i.reason from post_item i join post_batch b on b.batch_id = i.batch_id join person p on p.person_id = i.debtor_id
create table post_item (
    post_item_id   id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    batch_id       id not null,             -- 印刷の行番号 | 収滞納 内部番号 7年 なし 非開示
    kind           text not null check (kind in ('dunning', 'reminder', 'levy_notice', 'slip', 'statement', 'certificate')), -- 文書の別 | 収滞納 医療保険関係 7年 なし 開示
    letter_id      id not null,             -- 文書の行番号 | 収滞納 内部番号 7年 なし 非開示
    document_no    count not null,          -- 文書番号 | 収滞納 医療保険関係 7年 なし 開示
    debtor_id      id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    place          count not null,          -- 印刷順（0は引抜） | 収滞納 内部番号 7年 なし 非開示
    pages          count not null,          -- ページ数 | 収滞納 内部番号 7年 なし 非開示
    insert_code    text not null,           -- 封入区分 | 収滞納 内部番号 7年 なし 非開示
    delivery_code  text not null,           -- 送達区分 | 収滞納 内部番号 7年 なし 非開示
    bars           text not null,           -- カスタマバーコード | 収滞納 四情報 7年 住所 開示
    yen            yen not null,            -- 記載した額 | 収滞納 医療保険関係 7年 金額 開示
    print_data     blob not null,           -- 印刷内容 | 収滞納 四情報 7年 全部 開示
    layout_hash    blob not null,           -- 様式の版 | 収滞納 内部番号 7年 なし 開示
    reason         count not null,          -- 印刷しない理由（0は印刷） | 収滞納 医療保険関係 7年 なし 開示
    known_from     id not null
);
create index post_item_by_batch on post_item (batch_id, place);
create index post_item_by_letter on post_item (kind, letter_id);
create index post_item_by_no on post_item (kind, document_no);
create index post_item_by_debtor on post_item (debtor_id);
create index post_item_by_event on post_item (known_from);

-- table: post_result
-- about: what became of a printed document: taken out, posted, came back, address looked into
-- marks: chained
-- digest: select i.kind, i.document_no, r.state, r.result_ymd, r.reason, r.note from post_result r join post_item i on i.post_item_id = r.post_item_id
create table post_result (
    post_result_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    post_item_id   id not null,             -- 文書の行番号 | 収滞納 内部番号 7年 なし 非開示
    state          count not null check (state between 1 and 4), -- 引抜・発送・返戻・調査済 | 収滞納 医療保険関係 7年 なし 開示
    result_ymd     day not null,            -- 日 | 収滞納 医療保険関係 7年 なし 開示
    reason         count not null,          -- 理由 | 収滞納 医療保険関係 7年 なし 開示
    note           text not null,           -- 説明 | 収滞納 医療保険関係 7年 なし 非開示
    known_from     id not null
);
create index post_result_by_item on post_result (post_item_id, state);
create index post_result_by_state on post_result (state, post_item_id);
create index post_result_by_event on post_result (known_from);

-- table: paper_batch
-- about: a bundle of paper handed to a contractor (印字・封入・データ入力): form kind, sheets; open until a record of return or destruction is there
-- marks: chained
-- digest: select b.batch_no, b.form_kind, b.sheets, b.contractor, b.handed_ymd, b.note from paper_batch b
create table paper_batch (
    paper_batch_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    batch_no       count not null,          -- バッチ番号 | 収滞納 内部番号 7年 なし 非開示
    form_kind      text not null,           -- 帳票の種類 | 収滞納 内部番号 7年 なし 非開示
    sheets         count not null check (sheets > 0), -- 枚数 | 収滞納 内部番号 7年 なし 非開示
    contractor     text not null,           -- 委託先 | 収滞納 内部番号 7年 なし 非開示
    handed_ymd     day not null,            -- 引き渡した日 | 収滞納 内部番号 7年 なし 非開示
    note           text not null,           -- 摘要 | 収滞納 内部番号 7年 なし 非開示
    known_from     id not null
);
create index paper_batch_by_no on paper_batch (batch_no);
create index paper_batch_by_event on paper_batch (known_from);

-- table: paper_batch_return
-- about: sheets of a bundle that came back or were destroyed, by a report; the bundle is closed when all are accounted for
-- marks: chained
-- digest: select b.batch_no, r.way, r.sheets, r.returned_ymd, r.report_no, r.note from paper_batch_return r join paper_batch b on b.paper_batch_id = r.paper_batch_id
create table paper_batch_return (
    paper_return_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    paper_batch_id  id not null references paper_batch (paper_batch_id), -- バッチの行番号 | 収滞納 内部番号 7年 なし 非開示
    way             text not null check (way in ('returned', 'destroyed')), -- 返還・消去の別 | 収滞納 内部番号 7年 なし 非開示
    sheets          count not null check (sheets > 0), -- 枚数 | 収滞納 内部番号 7年 なし 非開示
    returned_ymd    day not null,            -- 返還・消去の日 | 収滞納 内部番号 7年 なし 非開示
    report_no       text not null,           -- 報告書の番号 | 収滞納 内部番号 7年 なし 非開示
    note            text not null,           -- 摘要 | 収滞納 内部番号 7年 なし 非開示
    known_from      id not null
);
create index paper_batch_return_by_batch on paper_batch_return (paper_batch_id);
create index paper_batch_return_by_event on paper_batch_return (known_from);

-- table: paid_certificate
-- about: a certificate of what was paid, or a statement of arrears, handed out: number, years, purpose, receiver, fee, amount
-- marks: fact chained
-- digest: select c.kind, c.certificate_no, p.person_no, c.year_kind, c.year, c.issued_ymd, c.yen, c.purpose, c.receiver, c.fee_yen, c.issue from paid_certificate c join person p on p.person_id = c.debtor_id where {now c}
create table paid_certificate (
    paid_certificate_id id not null primary key, -- 行番号 | 収滞納 内部番号 7年 なし 非開示
    kind            text not null check (kind in ('paid', 'tax', 'deduction', 'statement')), -- 証明の別 | 収滞納 医療保険関係 7年 なし 開示
    certificate_no  count not null,          -- 証明番号 | 収滞納 医療保険関係 7年 なし 開示
    debtor_id       id not null,             -- 納付義務者ID | 収滞納 内部番号 7年 なし 開示
    year_kind       text not null check (year_kind in ('calendar', 'fiscal')), -- 年・年度の別 | 収滞納 医療保険関係 7年 なし 開示
    year            count not null,          -- 年・年度 | 収滞納 医療保険関係 7年 なし 開示
    issued_ymd      day not null,            -- 交付日 | 収滞納 医療保険関係 7年 なし 開示
    yen             yen not null,            -- 証明した額 | 収滞納 医療保険関係 7年 金額 開示
    purpose         text not null,           -- 使う目的 | 収滞納 医療保険関係 7年 なし 開示
    receiver        text not null,           -- 受け取った人 | 収滞納 医療保険関係 7年 なし 非開示
    fee_yen         yen not null,            -- 交付手数料 | 収滞納 医療保険関係 7年 金額 開示
    issue           count not null,          -- 再交付の回数 | 収滞納 医療保険関係 7年 なし 開示
    print_data      blob not null,           -- 印刷内容 | 収滞納 四情報 7年 全部 開示
    layout_hash     blob not null,           -- 様式の版 | 収滞納 内部番号 7年 なし 開示
    known_from      id not null,
    known_to        id
);
create index paid_certificate_by_debtor on paid_certificate (debtor_id, kind, year);
create index paid_certificate_by_no on paid_certificate (kind, certificate_no);
create index paid_certificate_by_event on paid_certificate (known_from);
