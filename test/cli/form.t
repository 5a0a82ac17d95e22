## hokenka form: layouts of notices are read, checked and previewed without a database or a compiler

# a layout is previewed with its sample values [NHI-ASM-027]
$ hokenka form preview src/desk/levy/forms/levy_notice.form > "$WORK/n.pdf" && head -c 5 "$WORK/n.pdf" && echo && hokenka form preview src/desk/levy/forms/payment_slip.form | head -c 5 && echo && hokenka form preview src/paper/forms/list.form | head -c 5 && echo
> %PDF-
> %PDF-
> %PDF-

# a changed layout prints differently at once, and has another hash
$ sed 's/納付場所：/お納めいただける場所：/' src/desk/levy/forms/levy_notice.form > "$WORK/own.form" && hokenka form preview "$WORK/own.form" > "$WORK/own.pdf" && ! cmp -s "$WORK/n.pdf" "$WORK/own.pdf" && hokenka form check src/desk/levy/forms/levy_notice.form > "$WORK/1" && hokenka form check "$WORK/own.form" > "$WORK/2" && ! cmp -s "$WORK/1" "$WORK/2" && cut -d' ' -f1 "$WORK/2"
> levy_notice

# a mistake is named with file, line and column
$ printf 'form t\npaper A4\npage p\n  text 10 10 50 5 "a" siez=9\nend\n' > "$WORK/bad.form"; hokenka form check "$WORK/bad.form"
! bad.form:4:23
? 3

# a text that does not fit is found when the layout is read
$ printf 'form t\npaper A4\npage p\n  text 10 10 5 5 "長すぎる文字"\nend\n' > "$WORK/bad.form"; hokenka form check "$WORK/bad.form"
! bad.form:4:3
? 3

# usage
$ hokenka form print x
? 2
