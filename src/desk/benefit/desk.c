/* The benefit desk's tables. */
#include "benefit_sql.h"
#include "desk/benefit/inner.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Does anything of this desk hang on a person? Asked before a non-resident is removed. */
static int refers_to(struct work *w, int64_t person_id, const char **why)
{
    struct benefit_hangs_on_row row;
    const int rc =
        benefit_hangs_on(&w->cx, w->store, &(struct benefit_hangs_on_in){person_id}, &row);

    *why = "benefit.refers";
    return rc < 0 ? rc : row.n > 0;
}

/* Never in part: no mode is offered. */
#define FORMS_OPTIONS "path:text count?:number sum?:number source?:text route?:text"

static const struct job_kind jobs[] = {
    {"import-benefit-forms", "benefit.job.import_forms", FORMS_OPTIONS, RIGHT(RIGHT_IMPORT),
     benefit_forms_take},
};

static const struct route routes[] = {
    ROUTE_GET("/benefit", RIGHT(RIGHT_BENEFIT_VIEW), AUDIT_INQUIRY, benefit_show_work,
              "benefit.screen.work"),
    ROUTE_GET("/benefit/application/{}", RIGHT(RIGHT_BENEFIT_VIEW), AUDIT_INQUIRY,
              benefit_show_application, "benefit.screen.application"),
    ROUTE_GET("/benefit/unjust/{}", RIGHT(RIGHT_BENEFIT_VIEW), AUDIT_INQUIRY, benefit_show_unjust,
              "benefit.screen.unjust"),
    ROUTE_GET("/benefit/causes", RIGHT(RIGHT_BENEFIT_VIEW), AUDIT_NONE, benefit_show_causes,
              "benefit.screen.causes"),
    ROUTE_POST("/benefit/causes", RIGHT(RIGHT_BENEFIT_VIEW) | RIGHT(RIGHT_RULE_ADOPT), AUDIT_CHANGE,
               benefit_save_causes, "benefit.screen.causes"),
};

static const struct menu_item menu[] = {
    {"/benefit", "benefit.menu.work", "b", RIGHT(RIGHT_BENEFIT_VIEW)},
};

const struct desk benefit_desk = {
    .name = "benefit",
    .label = "benefit.desk",
    .schema = &benefit_schema,
    .routes = routes,
    .n_routes = COUNT(routes),
    .menu = menu,
    .n_menu = COUNT(menu),
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .refers_to = refers_to,
};
