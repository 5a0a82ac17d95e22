## backup, restore, verify, digest, doctor: a city proves itself and comes back

# an empty city is clean [E1]
$ hokenka init --city "$WORK/a" --name 保険市 --code 132012 --demo >/dev/null && hokenka verify --city "$WORK/a"
> 食い違いはありません

# backup and restore: the same digest, proved on the way [F8]
$ hokenka backup --city "$WORK/a" "$WORK/k" >/dev/null && hokenka restore "$WORK/k" --city "$WORK/b" | head -1 && hokenka digest --city "$WORK/a" >"$WORK/1" && hokenka digest --city "$WORK/b" >"$WORK/2" && cmp "$WORK/1" "$WORK/2" && echo same
> 控えから戻しました。鎖と封印に食い違いはありません。
> same

# a backup is not written over another one
$ hokenka backup --city "$WORK/a" "$WORK/k"
! その場所には控えがもうあります
? 3

# a cut backup is refused [F6 F8]
$ cp -r "$WORK/k" "$WORK/cut" && truncate -s -1 "$WORK/cut/store.backup" && hokenka restore "$WORK/cut" --city "$WORK/c"
! バックアップのファイルが壊れています
? 3

# a byte changed behind the program's back is found: table and row named, exit 1 [E1]
$ cp -r "$WORK/a" "$WORK/d" && sqlite3 "$WORK/d/city.db" "update event set reason = 'x' where event_no = 1" && hokenka verify --city "$WORK/d" --json
> {"database":"city","table":"event","key":"1","what":"store.verify.seal","facts":""}
> {"findings":1}
? 1

# a cut tail is found by the anchor that left the machine [E1]
$ printf '2026-06-15 09:00:00\t99\t%064d\n' 0 > "$WORK/anchor" && hokenka verify --city "$WORK/a" --anchor "$WORK/anchor" --json
> {"database":"city","table":"chain_link","key":"99","what":"store.verify.anchor_missing","facts":"2026-06-15 09:00:00\u000999\u00090000000000000000000000000000000000000000000000000000000000000000"}
> {"findings":1}
? 1

# a place without a city says so
$ hokenka digest --city "$WORK/nowhere"
! その場所に市のデータベースがありません
? 3

# doctor: what is there, what is missing, exit 1 when something is
$ hokenka doctor --city "$WORK/b" --json | grep -c '"ok":true' && hokenka doctor --city "$WORK/b" --json | grep '"ok":false'; hokenka doctor --city "$WORK/b" >/dev/null
~ ^[0-9]+$
> {"check":"cli.doctor.key","ok":false,"facts":"vault.key"}
? 1

# the data map lists every column with its file and how long it is kept
$ hokenka doctor --map --city "$WORK/a" | grep -A1 '^store_info'
~ ^store_info	
> 	name	項目	共通	設定	永年	なし	非開示
