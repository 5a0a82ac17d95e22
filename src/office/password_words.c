/* password_words: words that stand in every list of guessed passwords, and those of this trade. */
#include "office/inner.h"

const char *const password_words[] = {
    "access", "admin", "administrator", "aishiteru", "amagasaki", "amazon", "america", "android",
    "apple", "april", "arigatou", "august", "autumn", "banana", "baseball", "basketball",
    "batman", "buster", "change", "changeme", "charlie", "cheese", "chiba", "chocolate", "city",
    "cityhall", "coffee", "computer", "cookie", "daigaku", "daisuki", "december", "default",
    "demo", "diamond", "docomo", "doraemon", "dragon", "dragons", "february", "flower",
    "football", "freedom", "friday", "fujisan", "fuka", "fukuoka", "fukushi", "fuyu", "gakkou",
    "giants", "ginger", "golden", "google", "guest", "gundam", "hall", "hanako", "hanshin",
    "haru", "hayashi", "health", "heisei", "hello", "himawari", "hiroshima", "hoken", "hokenka",
    "honda", "hunter", "iloveyou", "inoue", "insurance", "internet", "iphone", "iryou", "itou",
    "january", "japan", "jennifer", "jordan", "kaigo", "kaisei", "kaisha", "kato", "katou",
    "kawaii", "kawasaki", "kencho", "kenchou", "kenpo", "killer", "kimura", "kobayashi", "kobe",
    "kokuho", "konnichiwa", "kumin", "kuyakusho", "kyoto", "kyuufu", "letmein", "login", "london",
    "love", "lovely", "madoguchi", "march", "mario", "master", "matsumoto", "mazda", "meiji",
    "michael", "michelle", "momiji", "monday", "money", "monkey", "municipal", "mustang",
    "nagoya", "nakamura", "naruto", "natsu", "neko", "nenkin", "network", "nihon", "nintendo",
    "nippon", "nissan", "november", "october", "office", "ohayou", "orange", "osaka", "panda",
    "paris", "passphrase", "passwd", "password", "pepper", "phoenix", "pikachu", "pokemon",
    "premium", "princess", "purple", "qazwsx", "rakuten", "ranger", "reiwa", "root", "saitama",
    "saito", "saitou", "sakura", "sample", "sapporo", "sasaki", "sato", "satou", "sayonara",
    "secret", "sendai", "sensei", "september", "server", "shadow", "shichou", "shigoto",
    "shikaku", "shimin", "shimizu", "shinjuku", "shiyakusho", "shouwa", "showa", "shunou",
    "signin", "silver", "soccer", "softbank", "sony", "spring", "subaru", "suita", "summer",
    "sunday", "sunshine", "superman", "suzuki", "system", "taishou", "takahashi", "tanaka",
    "taro", "tarou", "temp", "temporary", "tennis", "test", "testing", "thomas", "tigers",
    "tokyo", "tomodachi", "totoro", "toyota", "trustno", "usagi", "user", "watanabe", "welcome",
    "whatever", "windows", "winter", "world", "yahoo", "yakusho", "yamada", "yamaguchi", "yamaha",
    "yamamoto", "yellow", "yokohama", "yoshida", "zeikin", "zelda",
};
const size_t password_words_count = sizeof password_words / sizeof *password_words;
