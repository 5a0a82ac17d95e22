# a year of the demo city closes with every yen accounted for [NHI-COL-019 NHI-COL-021]
$ hokenka demo --city "$HOKENKA_CITY" --people 3000 --seed 5 --levy > "$WORK/demo"
$ hokenka verify --city "$HOKENKA_CITY" > "$WORK/verify" && tail -1 "$WORK/verify"
$ db="$HOKENKA_CITY/city.db"
$ books() { sqlite3 -readonly "$db" "select coalesce(sum(p.yen), 0) from journal_entry e join posting p on p.liability_id = e.liability_id and p.entry_id = e.entry_id where e.booked_year = $1 and p.account in ($2)"; }
$ echo "levied, received, overpaid, carried $(books 2025 1,3,4,15)"
$ echo "still due $(books 2025 2)"
$ [ "$(books 2026 2)" -gt 0 ] && [ "$(books 2025 15)" -gt 0 ] && echo "carried over"
$ told=$(sqlite3 -readonly "$db" "select sum(yen + late_yen + fee_yen) from receipt where outcome = 1")
$ [ "$told" = "$(sqlite3 -readonly "$db" "select sum(p.yen) from posting p where p.account in (3, 12)")" ] && echo "what was told is what is booked"
> 食い違いはありません
> levied, received, overpaid, carried 0
> still due 0
> carried over
> what was told is what is booked

# a file of receipts with a bad line is refused whole, line and field named [NHI-COL-006]
$ printf '収納方法,相当年度,通知書番号,期,収納額,領収日,収納日\r\n40,2026,0000000001,01,100,2026-06-10,2026-06-11\r\n40,2026,0000000002,01,百円,2026-06-10,2026-06-09\r\n' > "$WORK/bad.csv"
$ hokenka job run receive --city "$HOKENKA_CITY" --path "$WORK/bad.csv" > "$WORK/out" 2> "$WORK/err"; echo "exit $?"
$ sqlite3 -readonly "$HOKENKA_CITY/city.db" "select count(*) from receipt where accounting_ymd = '2026-06-11'"
$ cat "$WORK/err" >&2
> exit 3
> 0
! 誤りのある行がある

# a file is taken once, whatever its name [NHI-COL-005]
$ hokenka job run receive --city "$HOKENKA_CITY" --path "$WORK/none.csv" 2> /dev/null; echo "exit $?"
$ no=$(sqlite3 -readonly "$HOKENKA_CITY/city.db" "select printf('%010d', l.notice_no) || ',' || printf('%02d', i.number) || ',' || i.charged_yen from liability l join instalment i on i.liability_id = l.liability_id where l.levy_year = 2026 and i.charged_yen > 0 and i.known_to is null limit 1")
$ printf "収納方法,相当年度,通知書番号,期,収納額,領収日,収納日\r\n40,2026,$no,2026-06-10,2026-06-11\r\n" > "$WORK/one.csv"
$ cp "$WORK/one.csv" "$WORK/two.csv"
$ hokenka job run receive --city "$HOKENKA_CITY" --path "$WORK/one.csv" > /dev/null; echo "exit $?"
$ hokenka job run receive --city "$HOKENKA_CITY" --path "$WORK/two.csv" > /dev/null 2> "$WORK/err"; echo "exit $?"
$ sqlite3 -readonly "$HOKENKA_CITY/city.db" "select count(*) from receipt where accounting_ymd = '2026-06-11'"
> exit 3
> exit 0
> exit 3
> 1
