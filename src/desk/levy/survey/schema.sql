-- table: survey_item
-- about: something about a person's income that has to be looked into before the levy (賦課準備の調査); opened and closed by the collection, opened anew when its facts change
-- marks: fact chained
-- digest: select s.survey, p.person_no, s.income_year, s.source_a, s.source_b, s.income_a, s.income_b, s.other, {open s} as is_open from survey_item s join person p on p.person_id = s.person_id
create table survey_item (
    survey_item_id id not null primary key,                           -- 行番号 | 賦課 内部番号 7年 なし 非開示
    survey         count not null check (survey between 1 and 6),     -- 調査の種類(1所得の資料なし 2未申告 3資料の相違 4二重の計上 5扶養で資料なし 6照会の回答待ち) | 賦課 地方税関係 7年 なし 開示
    person_id      id not null references person (person_id),         -- 個人ID | 賦課 内部番号 7年 なし 非開示
    household_id   id references household (household_id),            -- 世帯ID | 賦課 内部番号 7年 なし 非開示
    income_year    count not null,                                    -- 所得年 | 賦課 地方税関係 7年 なし 開示
    source_a       count not null,                                    -- 資料 | 賦課 地方税関係 7年 なし 開示
    source_b       count not null,                                    -- 相違する資料 | 賦課 地方税関係 7年 なし 開示
    income_a       yen not null,                                      -- 資料の額 | 賦課 地方税関係 7年 金額 開示
    income_b       yen not null,                                      -- 相違する資料の額 | 賦課 地方税関係 7年 金額 開示
    other          text not null,                                     -- 相手(世帯番号・宛名番号・照会先) | 賦課 四情報 7年 なし 開示
    facts_no       id not null,                                       -- 元の事実の最後の異動番号 | 賦課 内部番号 7年 なし 非開示
    known_from     id not null,
    known_to       id
);
create index survey_item_by_person on survey_item (person_id, income_year, survey);
create index survey_item_by_household on survey_item (household_id);
create index survey_item_by_survey on survey_item (income_year, survey, known_to, person_id);

-- table: survey_done
-- about: that somebody looked into an item and is done with it, with a note; closed when it is taken up again
-- marks: fact chained
-- digest: select s.survey, p.person_no, s.income_year, d.note, d.done_ymd, {open d} as is_open from survey_done d join survey_item s on s.survey_item_id = d.survey_item_id join person p on p.person_id = s.person_id
create table survey_done (
    survey_done_id id not null primary key,                                 -- 行番号 | 賦課 内部番号 7年 なし 非開示
    survey_item_id id not null references survey_item (survey_item_id),     -- 調査 | 賦課 内部番号 7年 なし 非開示
    note           text not null,                                           -- 調べたこと | 賦課 地方税関係 7年 なし 開示
    done_ymd       day not null,                                            -- 済みにした日 | 賦課 地方税関係 7年 なし 開示
    user_id        id not null,                                             -- 済みにした人 | 賦課 内部番号 7年 なし 非開示
    known_from     id not null,
    known_to       id
);
create index survey_done_by_item on survey_done (survey_item_id);

-- table: income_inquiry
-- about: that another municipality was asked about a person's income of a year and has not answered
-- marks: fact chained
-- digest: select p.person_no, q.income_year, q.municipality, q.sent_ymd, q.due_ymd, {open q} as is_open from income_inquiry q join person p on p.person_id = q.person_id
create table income_inquiry (
    income_inquiry_id id not null primary key,                   -- 行番号 | 賦課 内部番号 7年 なし 非開示
    person_id         id not null references person (person_id), -- 個人ID | 賦課 内部番号 7年 なし 非開示
    income_year       count not null,                            -- 所得年 | 賦課 地方税関係 7年 なし 開示
    municipality      text not null,                             -- 照会先 | 賦課 地方税関係 7年 なし 開示
    sent_ymd          day not null,                              -- 照会した日 | 賦課 地方税関係 7年 なし 開示
    due_ymd           day not null,                              -- 回答の期限 | 賦課 地方税関係 7年 なし 開示
    known_from        id not null,
    known_to          id
);
create index income_inquiry_by_person on income_inquiry (person_id, income_year);
