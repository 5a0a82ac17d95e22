# a demo city with two years of levy is made and holds together [NHI-ASM-018 OPS-011 M5]
$ hokenka demo --people 1200 --seed 3 --levy > /dev/null && hokenka verify > /dev/null && hokenka digest > $WORK/digest

# the same seed gives the same city, levy and ledger included [F4]
$ hokenka demo --city $WORK/other --people 1200 --seed 3 --levy > /dev/null && hokenka digest --city $WORK/other | cmp - $WORK/digest && echo same
> same

# what waits at the counter lies around the city's last day: most of it within two weeks
$ hokenka demo --city $WORK/late --people 400 --seed 3 --until 2026-11-27 > /dev/null && sqlite3 -readonly $WORK/late/city.db "select count(*) from pending_change where cause_ymd between '2026-11-13' and '2026-11-27'"
> 11

# stored decisions come out the same when they are computed again [M6]
$ hokenka replay --year 2026 --json
~ ^\{"decisions":[1-9][0-9]*,"different":0\}$

# so do all that were ever made, those that were replaced too [M6]
$ hokenka replay --year 2025 --all --json
~ ^\{"decisions":[1-9][0-9]*,"different":0\}$

# radar between a rule set and itself finds nothing [M7]
$ hokenka radar adopted adopted --year 2026 --csv | wc -l
> 1

# a lower rate: every difference has its cause, nobody pays more [M7]
$ hokenka radar adopted 医療.所得割率=7.9 --year 2026 --csv > $WORK/radar.csv; echo $?; grep -c -v '医療.所得割率"$' $WORK/radar.csv; awk -F, 'NR>1 && $4>=0' $WORK/radar.csv | wc -l
> 1
> 1
> 0

# what-if gives the total that radar's differences add up to [NHI-ASM-016 P2]
$ hokenka simulate city --year 2026 --json --set 医療.所得割率=7.9 | sed 's/.*"total":\([0-9]*\).*/\1/' | awk 'NR==1 {a=$1} NR==2 {print a-$1}' > $WORK/a; awk -F, 'NR>1 {s -= $4} END {print s}' $WORK/radar.csv | cmp - $WORK/a && echo equal
> equal

# what-if stores nothing [NHI-ASM-015]
$ hokenka digest | cmp - $WORK/digest && echo same
> same

# a household's premium opens into facts, rules and articles [NHI-ASM-001]
$ hokenka explain $(sed -n 2p $WORK/radar.csv | cut -d, -f1) --year 2026
~ ^年間保険料額: [0-9,]+円 = 切捨\(
~ 国民健康保険法施行令29条の7

# a household that is not there is said to be so, with what to do
$ hokenka explain 999999999
! その番号の世帯はありません
? 3

# an unknown rate is refused by name and nothing is computed
$ hokenka simulate city --year 2026 --set 医療.所得割=7.9
! 医療.所得割
? 3


# a year that is no number is refused with the option and the value
$ hokenka radar adopted adopted --year R8
! R8
! year
? 3

# rates are found from the total they make, and from a total no rates make nothing is [NHI-ASM-016]
$ t=$(hokenka simulate city --year 2026 --json --set 医療.所得割率=9.9 | sed -n '2s/.*"medical":\([0-9]*\).*/\1/p'); hokenka simulate solve --year 2026 --medical $t --move income --json | sed -n '4s/.*医療.所得割率=\([0-9.]*\) .*"miss":\([-0-9]*\)}/\1 \2/p'
> 9.9 0

$ hokenka simulate solve --year 2026 --target 999999999999
! その目標額になる料率がありません
? 3

$ hokenka simulate solve --year 2026 --target 5 --medical 5
! どちらか一方
? 3

# results of a version in a file: against itself nothing, against other rates what radar says [M7]
$ hokenka levy-results --year 2026 $WORK/version.csv 2> /dev/null && hokenka radar results:$WORK/version.csv adopted --year 2026 --csv | wc -l
> 1

$ hokenka radar results:$WORK/version.csv 医療.所得割率=7.9 --year 2026 --csv | awk -F, 'NR>1 {s -= $4} END {print s}' | cmp - $WORK/a && echo equal
> equal

# a report agrees with the decisions; the federation's file ends with its control record [NHI-ASM-017 NHI-ASM-025]
$ hokenka job run levy-report --year 2026 --base 2027-03-31 > /dev/null && hokenka export premium-calculation $WORK/premium.csv 2> /dev/null && tail -1 $WORK/premium.csv | cut -d, -f1,2 && head -1 $WORK/premium.csv | cut -c1-40
~ ^CONTROL,[0-9]+
~ ^賦課年度,基準日
