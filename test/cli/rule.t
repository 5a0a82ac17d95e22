## hokenka rule: the rules checked, one of them shown, two sets compared

# the national rules: every case right, probes as in the golden file [M3]
$ hokenka rule check --golden test/cases/probes.golden
~ ^定義: [0-9]{3}  値: [0-9]+  例\(合格/全部\): ([0-9]+) / \1  境界の試し: [0-9]+$

# a moved threshold is a finding with the line that moved [M3]
$ sed 's/給与の収入=651,000円\t1,000円/給与の収入=651,000円\t1,001円/' test/cases/probes.golden > "$WORK/old" && hokenka rule check --golden "$WORK/old" | head -n 2
~ ^- .*給与の収入=651,000円.*1,001円
~ ^\+ .*給与の収入=651,000円.*1,000円

# a municipality's rulebook is checked under the national rules, as data too [M3]
$ hokenka rule check --rules 新宿区 --json | grep -E '"(cases_failed|findings)"' | tr -d ' ,'
~ ^"cases_failed":0
~ ^"findings":\[\]

# a definition is shown with its article, its versions by year and its users [M3]
$ hokenka rule show 二割軽減の加算額 | head -n 5
~ ^値 二割軽減の加算額 : 円
~ ^根拠: 国民健康保険法施行令29条の7第6項
~ ^場所: national/40-keigen.rule:
~ 令和8年度から  570_000円
~ 令和7年度から  560_000円

# two sets are compared in the law's words; differences are findings
$ printf '規則 "改正案"\n定め 賦課限度額\n  令和8年度から 医療 690_000円\n' > "$WORK/new.rule"; hokenka rule diff 新宿区 "$WORK/new.rule" --rules 新宿区
~ ^値 医療.賦課限度額  令和8年度から
~ - 670,000円
~ \+ 690,000円
? 1

# the same set twice differs in nothing
$ hokenka rule diff 新宿区 新宿区

# a mistake is named with file, line and column
$ printf '規則 "案"\n定め 賦課限度額\n  令和8年度から 医療 69%%\n' > "$WORK/bad.rule"; hokenka rule diff national "$WORK/bad.rule"
! bad.rule:3:14
? 3

# an unknown name, an unknown municipality, a wrong word
$ hokenka rule show そんな定義
! そんな定義
? 3
$ hokenka rule check --rules どこにもない市
! どこにもない市
? 3
$ hokenka rule burn
? 2
