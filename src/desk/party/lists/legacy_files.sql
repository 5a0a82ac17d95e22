-- list: legacy_files
-- title: 旧ファイルの移行の対照
-- purpose: 旧単一ファイルの記録の件数と金額を、移した先の四つのファイルの件数と金額に並べます(NHI-CMN-025)
-- right: statistics
-- small: none
-- audit: none
-- column: file count 記録区分
-- column: lines count 旧ファイルの件数
-- column: yen yen 旧ファイルの金額
-- column: moved_lines count 移した件数
-- column: moved_yen yen 移した金額
-- words: file party.legacy.file
select s.file, s.lines, s.yen, m.lines, m.yen from
(select r.file as file, count(*) as lines, cast(coalesce(sum(r.amount_yen), 0) as bigint) as yen from legacy_record r group by r.file) s
join (
select cast(1 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_eligibility m
union all
select cast(2 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_levy m
union all
select cast(3 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_benefit m
union all
select cast(4 as bigint) as file, count(*) as lines, cast(coalesce(sum(m.amount_yen), 0) as bigint) as yen from legacy_collection m
) m on m.file = s.file order by s.file
