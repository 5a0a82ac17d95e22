## hokenka simulate premium: cases in, results out, bad lines answered in their place

# one case comes out to the yen, part by part [NHI-ASM-015 M2]
$ hokenka simulate premium
< {"id":"adachi-r7","kind":"fee","fiscal_year":2025,"rates":{"medical":{"income_rate":"7.71","per_capita":47300,"per_household":0,"cap":660000},"support":{"income_rate":"2.69","per_capita":16800,"per_household":0,"cap":260000},"care":{"income_rate":"2.25","per_capita":16600,"per_household":0,"cap":170000}},"rounding":{"income_levy":"per_person","reduction":"exact","component_unit":1,"total_unit":1},"members":[{"head":true,"insured":true,"age":45,"salary_revenue":3000000}]}
> {"id":"adachi-r7","reduction":0,"judge_income":2020000,"medical":{"amount":169889,"income_levy":122589,"asset_levy":0,"per_capita":47300,"per_household":0},"support":{"amount":59571,"income_levy":42771,"asset_levy":0,"per_capita":16800,"per_household":0},"care":{"amount":52375,"income_levy":35775,"asset_levy":0,"per_capita":16600,"per_household":0},"total":281835}

# the published examples are all answered, in their order [M2]
$ hokenka simulate premium < test/data/examples/premium.jsonl > "$WORK/out" && wc -l < "$WORK/out" | tr -d ' ' && grep -c '"error"' "$WORK/out" | cat && sed -e 's/.*"id":"\([^"]*\)".*/\1/' "$WORK/out" > "$WORK/a" && sed -e 's/.*"id": "\([^"]*\)".*/\1/' test/data/examples/premium.jsonl > "$WORK/b" && cmp "$WORK/a" "$WORK/b" && echo same order
> 338
> 0
> same order

# a bad line is answered in its place, the others still come out, exit 1 [F6]
$ hokenka simulate premium --rules 新宿区 | cut -c1-72
< {"id":1,"fiscal_year":2025,"members":[{"head":true,"insured":true,"age":74,"pension_revenue":2000000}]}
< {"id":2,"fiscal_year":2025,"members":[{"head":true,"insured":true,"age":200}]}
< not json
< {"id":3,"fiscal_year":2025,"members":[{"head":true,"insured":true,"age":45,"salary_revenue":3000000}]}
~ ^."id":1,"reduction":2,"judge_income":750000,"medical"
~ ^."id":2,"error":."code":"range","field":"members.0..age",
~ ^."id":null,"error":."code":"syntax",
~ ^."id":3,"reduction":0,

# the exit status is 1 when a line was refused
$ hokenka simulate premium --rules 新宿区
< {"id":1,"colour":2}
~ "code":"unknown_field","field":"colour"
? 1

# no final line end, CRLF, a byte order mark, an empty input [F6]
$ line='{"id":1,"fiscal_year":2025,"members":[{"head":true,"insured":true,"age":45,"salary_revenue":3000000}]}'
$ printf '%s' "$line" | hokenka simulate premium --rules 新宿区 | cut -c1-8,255-
$ printf '%s\r\n' "$line" | hokenka simulate premium --rules 新宿区 | cut -c1-8,255-
$ printf '\357\273\277%s\n' "$line" | hokenka simulate premium --rules shinjuku | cut -c1-8,255-
$ printf '' | hokenka simulate premium --rules 新宿区 && echo nothing
~ ^."id":1,.*"total":281835.$
~ ^."id":1,.*"total":281835.$
~ ^."id":1,.*"total":281835.$
~ ^nothing$

# a line longer than 1 MiB is refused, the next one answered [F6]
$ { head -c 1100000 /dev/zero | tr '\0' ' '; echo; echo '{"id":"next"}'; } | hokenka simulate premium --rules 新宿区
~ "id":null,"error":."code":"limit"
~ "id":"next","error":."code":"missing","field":"fiscal_year"
? 1

# --explain opens the amount into rules, articles, formulas and facts [NHI-ASM-015 NHI-ASM-001]
$ hokenka simulate premium --rules 新宿区 --explain | python3 -c 'import json,sys; x=json.loads(sys.stdin.readline())["explanation"]; print(x["name"], x["value"]); y=x["children"][0]["children"][0]; print(y["name"], y["value"], bool(y["article"]), bool(y["formula"]), y["source"].split(":")[0])'
< {"id":1,"fiscal_year":2025,"members":[{"head":true,"insured":true,"age":45,"salary_revenue":3000000}]}
> 年間保険料額 281,835円
> 医療.保険料額 169,889円 True True national/50-fuka.rule

# an unknown rulebook stops before the first case
$ hokenka simulate premium --rules 無名市
< {"id":1}
! 無名市
? 3

# an unknown option is usage
$ hokenka simulate premium --rate 7
? 2

# help has an example
$ hokenka simulate --help
~ hokenka simulate premium
