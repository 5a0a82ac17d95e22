#include "cli/commands.h"

#include "desk/benefit/benefit.h"
#include "desk/collection/collection.h"
#include "desk/counter/counter.h"
#include "desk/eligibility/eligibility.h"
#include "desk/levy/levy.h"
#include "desk/linkage/linkage.h"
#include "desk/party/party.h"
#include "office/office.h"
#include "outside/bank/bank.h"
#include "outside/finance/finance.h"
#include "outside/pension/pension.h"
#include "outside/register/register.h"

const struct command commands[] = {
    {"backup", "hokenka backup [--city DIR] FOLDER", "cli.about.backup",
     "hokenka backup --city city /var/backups/hokenka", cmd_backup},
    {"demo",
     "hokenka demo [--city DIR] [--store URL] [--people N] [--former N] [--seed S] [--until DAY] "
     "[--levy]",
     "cli.about.demo", "hokenka demo --city city --people 20000 --seed 1 --levy", cmd_demo},
    {"digest", "hokenka digest [--city DIR] [--tables] [--json]", "cli.about.digest",
     "hokenka digest --city city", cmd_digest},
    {"doctor", "hokenka doctor [--city DIR] [--map] [--json]", "cli.about.doctor",
     "hokenka doctor --city city", cmd_doctor},
    {"explain", "hokenka explain HOUSEHOLD-NO [--city DIR] [--year N] [--as-of-known N] [--json]",
     "cli.about.explain", "hokenka explain 0000012 --city city --year 2026", cmd_explain},
    {"export", "hokenka export residents|certificates|premium-calculation [--city DIR] FILE",
     "cli.about.export", "hokenka export residents --city city residents.csv", cmd_export},
    {"form", "hokenka form preview FILE > notice.pdf", "cli.about.form",
     "hokenka form preview src/desk/levy/forms/levy_notice.form > notice.pdf", cmd_form},
    {"import",
     "hokenka import residents|incomes|resident-changes|... [--city DIR] [--report-only] FILE",
     "cli.about.import", "hokenka import residents --city city residents.csv", cmd_import},
    {"init", "hokenka init [--city DIR] [--store URL] --name CITY", "cli.about.init",
     "hokenka init --city city --name Hokenshi", cmd_init},
    {"job", "hokenka job run KIND [options] | list | status ID", "cli.about.job",
     "hokenka job run levy-initial --year 2026 --as-of 2026-06-10", cmd_job},
    {"levy-results", "hokenka levy-results [--city DIR] [--year N] [--rules NAME] FILE",
     "cli.about.levy_results", "hokenka levy-results --city city --year 2026 before.csv",
     cmd_levy_results},
    {"medium",
     "hokenka medium seal NUMBER FILE [--city DIR] | open FILE OUT [--password-file FILE|-]",
     "cli.about.medium", "hokenka medium seal M-0001 /media/usb/handover.sealed --city city",
     cmd_medium},
    {"outside",
     "hokenka outside register init --from RESIDENTS.csv [--file DB] [--day D] [--seed N]\n"
     "hokenka outside register day|residents|person NO [--file DB] [--day D] [--out FILE]\n"
     "hokenka outside pension init --from RESIDENTS.csv --code CITY [--file DB] [--day D]\n"
     "hokenka outside pension candidates [--day D] [--since D] [--file DB] [--out FILE]\n"
     "hokenka outside pension take --from REQUESTS.dta [--day D] [--file DB] [--out FILE]\n"
     "hokenka outside pension pay --day D [--file DB] [--out FILE]\n"
     "hokenka outside bank init --from RESIDENTS.csv [--file DB] [--day D] [--seed N]\n"
     "hokenka outside bank accounts|live [--file DB] [--out FILE]\n"
     "hokenka outside bank check|debit|transfer --from REQUESTS.dat [--file DB] [--out FILE]\n"
     "hokenka outside bank pay --from SLIPS.txt [--day D] [--file DB]\n"
     "hokenka outside bank tell --code early|cancelled|final|ocr|mpn|el [--day D] [--out FILE]\n"
     "hokenka outside bank inquire --from INQUIRIES.csv [--day D] [--file DB] [--out FILE]\n"
     "hokenka outside finance init [--file DB]\n"
     "hokenka outside finance day --from FIN.csv [--file DB]\n"
     "hokenka outside finance orders --from ORD.csv [--day D] [--file DB] [--out FILE]",
     "cli.about.outside", "hokenka outside register day --day 2026-06-16 --out changes.csv",
     cmd_outside},
    {"radar",
     "hokenka radar RULES-A|results:FILE RULES-B|results:FILE [--city DIR] [--year N] "
     "[--csv|--json]",
     "cli.about.radar", "hokenka radar 1 2", cmd_radar},
    {"replay", "hokenka replay [--city DIR] [--year N] [--all]", "cli.about.replay",
     "hokenka replay --city city --year 2026", cmd_replay},
    {"restore", "hokenka restore FOLDER --city DIR [--store URL] [--audit URL]",
     "cli.about.restore", "hokenka restore /var/backups/hokenka --city city2", cmd_restore},
    {"rule", "hokenka rule check|show|diff [--rules NAME] ...", "cli.about.rule",
     "hokenka rule check --rules suita", cmd_rule},
    {"serve", "hokenka serve [--city DIR] [--port N]", "cli.about.serve",
     "hokenka serve --city city --port 8080", cmd_serve},
    {"simulate",
     "hokenka simulate premium [--rules NAME] [--explain] < cases.jsonl\n"
     "hokenka simulate city [--city DIR] [--year N] --set NAME=VALUE ...\n"
     "hokenka simulate solve [--city DIR] [--year N] --target YEN | --medical YEN ... "
     "[--move income,person,household] [--shares 50:35:15] [--rate-unit 0.01] [--yen-unit 100]",
     "cli.about.simulate", "hokenka simulate premium < test/data/examples/premium.jsonl",
     cmd_simulate},
    {"user", "hokenka user add|list|disable|password|totp|recovery ...", "cli.about.user",
     "hokenka user list --city city", cmd_user},
    {"verify", "hokenka verify [--city DIR] [--anchor FILE] [--json]", "cli.about.verify",
     "hokenka verify --city city", cmd_verify},
    {"version", "hokenka version [--json]", "cli.about.version", "hokenka version", cmd_version},
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);

void program_start(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &benefit_desk,
                                               &linkage_desk, &counter_desk};

    messages_install();
    register_start();
    payer_start();
    bank_start();
    finance_start();
    office_desks_set(desks, sizeof(desks) / sizeof(desks[0]));
}
