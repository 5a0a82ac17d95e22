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
