/* desk: the office's own tables. */
#include "office/inner.h"
#include "audit_sql.h"
#include "office_sql.h"

static const struct setting settings[] = {
    {"office.demo", "1", "office.setting.demo"},
    {"office.insurer_no", "", "office.setting.insurer_no"},
    {"office.hours", "08:00-19:00", "office.setting.hours"},
    {"office.administrators", "3", "office.setting.administrators"},
    {"office.small_cell", "3", "office.setting.small_cell"},
    {"session.idle_minutes", "30", "office.setting.idle"},
    {"session.hours", "12", "office.setting.hours_longest"},
    {"lock.failures", "5", "office.setting.lock"},
    {"password.min_length", "10", "office.setting.password_length"},
    {"password.days", "180", "office.setting.password_days"},
};

static const struct entry_kind entries[] = {
    {"office.setting", "office.entry.setting", false, RIGHT(RIGHT_SETTING_ADMIN), setting_apply},
};

static void start(void)
{
    store_schema_add(&audit_db_schema);
}

const struct desk office_desk = {
    .name = "office",
    .label = "office.desk",
    .settings = settings,
    .n_settings = sizeof settings / sizeof *settings,
    .entries = entries,
    .n_entries = sizeof entries / sizeof *entries,
    .schema = &office_db_schema,
    .start = start,
};
