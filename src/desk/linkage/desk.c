/* The linkage desk's tables. */
#include "desk/linkage/pages.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int file_job(struct work *w, struct job *job, int64_t people)
{
    struct job_progress *p = job_progress(job);
    p->total = p->done = people;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = job_figure(w, job, "people", people);
    if (rc >= 0)
        rc = job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int send_job(struct work *w, struct job *job)
{
    struct link_file sent;
    int rc = linkage_send(w, job_option(job, "link"), &sent);
    return rc < 0 ? rc : file_job(w, job, sent.people);
}

static int receive_job(struct work *w, struct job *job)
{
    int64_t people = 0;
    int rc = linkage_receive(w, job_option(job, "link"), job_option(job, "file"), &people);
    return rc < 0 ? rc : file_job(w, job, people);
}

static int purge_job(struct work *w, struct job *job)
{
    int64_t gone = 0;
    int rc = linkage_purge(w, &gone);
    return rc < 0 ? rc : file_job(w, job, gone);
}

static const struct job_kind jobs[] = {
    {"link-send", "linkage.job.send", "link:text", RIGHT(RIGHT_JOB_RUN), send_job},
    {"link-receive", "linkage.job.receive", "link:text file:text", RIGHT(RIGHT_IMPORT),
     receive_job},
    {"link-purge", "linkage.job.purge", "", RIGHT(RIGHT_JOB_RUN), purge_job},
    {"disclosure-extract", "linkage.job.extract", "request:number", RIGHT(RIGHT_DISCLOSURE),
     extract_job},
};

static const struct route routes[] = {
    ROUTE_GET("/linkage", RIGHT(RIGHT_LINK_VIEW), AUDIT_NONE, show_register,
              "linkage.screen.register"),
    ROUTE_GET("/linkage/provisions", RIGHT(RIGHT_LINK_VIEW), AUDIT_NONE, show_provisions,
              "linkage.screen.provisions"),
    ROUTE_GET("/linkage/new", RIGHT(RIGHT_LINK_EDIT), AUDIT_NONE, show_link_new,
              "linkage.screen.link_new"),
    ROUTE_POST("/linkage/new", RIGHT(RIGHT_LINK_EDIT), AUDIT_CHANGE, save_link_new,
               "linkage.screen.link_new"),
    ROUTE_GET("/linkage/link/{}", RIGHT(RIGHT_LINK_VIEW), AUDIT_NONE, show_link,
              "linkage.screen.link"),
    ROUTE_POST("/linkage/link/{}/use", RIGHT(RIGHT_LINK_EDIT), AUDIT_CHANGE, save_use,
               "linkage.screen.use"),
    ROUTE_POST("/linkage/link/{}/system", RIGHT(RIGHT_LINK_EDIT), AUDIT_CHANGE, save_system,
               "linkage.screen.system"),
    ROUTE_GET("/linkage/inquiry", RIGHT(RIGHT_LINK_INQUIRY), AUDIT_INQUIRY, show_inquiry,
              "linkage.screen.inquiry"),
    ROUTE_POST("/linkage/inquiry", RIGHT(RIGHT_LINK_INQUIRY), AUDIT_INQUIRY, run_inquiry,
               "linkage.screen.inquiry"),
    ROUTE_GET("/linkage/media", RIGHT(RIGHT_LINK_VIEW), AUDIT_NONE, show_media,
              "linkage.screen.media"),
    ROUTE_POST("/linkage/media", RIGHT(RIGHT_LINK_EDIT), AUDIT_CHANGE, save_medium,
               "linkage.screen.media"),
    ROUTE_POST("/linkage/media/settle", RIGHT(RIGHT_LINK_EDIT), AUDIT_CHANGE, save_settle,
               "linkage.screen.media"),
    ROUTE_GET("/slips", RIGHT(RIGHT_DISCLOSURE), AUDIT_INQUIRY, show_slips, "linkage.screen.slips"),
    ROUTE_POST("/slips", RIGHT(RIGHT_DISCLOSURE), AUDIT_CHANGE, save_slip, "linkage.screen.slips"),
    ROUTE_GET("/slip/{}", RIGHT(RIGHT_DISCLOSURE), AUDIT_INQUIRY, show_slip, "linkage.screen.slip"),
    ROUTE_POST("/slip/{}", RIGHT(RIGHT_DISCLOSURE), AUDIT_CHANGE, save_answer,
               "linkage.screen.slip"),
    ROUTE_GET("/disclosures", RIGHT(RIGHT_DISCLOSURE), AUDIT_INQUIRY, show_disclosures,
              "linkage.screen.disclosures"),
    ROUTE_GET("/disclosure/{}", RIGHT(RIGHT_DISCLOSURE), AUDIT_INQUIRY, show_disclosure,
              "linkage.screen.disclosure"),
    ROUTE_POST("/disclosure/{}", RIGHT(RIGHT_DISCLOSURE), AUDIT_CHANGE, save_request,
               "linkage.screen.disclosure"),
    ROUTE_POST("/disclosure/{}/decide", RIGHT(RIGHT_DISCLOSURE) | RIGHT(RIGHT_CHECK), AUDIT_CHANGE,
               save_decision, "linkage.screen.disclosure"),
    ROUTE_POST("/disclosure/{}/{}/extract", RIGHT(RIGHT_DISCLOSURE), AUDIT_OUTPUT, run_extract,
               "linkage.screen.extract"),
    ROUTE_GET("/disclosure/{}/{}/{}", RIGHT(RIGHT_DISCLOSURE) | RIGHT(RIGHT_PRINT), AUDIT_PRINT,
              show_extract, "linkage.screen.extract"),
    ROUTE_GET("/decisions/{}",
              RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_VIEW) | RIGHT(RIGHT_LEVY_VIEW),
              AUDIT_INQUIRY, show_decisions, "linkage.screen.decisions"),
};

static const struct menu_item menu[] = {
    {"/linkage", "linkage.menu.register", NULL, RIGHT(RIGHT_LINK_VIEW)},
    {"/linkage/inquiry", "linkage.menu.inquiry", NULL, RIGHT(RIGHT_LINK_INQUIRY)},
    {"/disclosures", "linkage.menu.disclosures", NULL, RIGHT(RIGHT_DISCLOSURE)},
    {"/slips", "linkage.menu.slips", NULL, RIGHT(RIGHT_DISCLOSURE)},
};

static const struct setting settings[] = {
    {"linkage.slip_days", "14", "linkage.setting.slip_days"},
    {"linkage.slip_days_serious", "3", "linkage.setting.slip_days_serious"},
};

static const struct entry_kind entries[] = {
    {"linkage.link", "linkage.entry.link", true, RIGHT(RIGHT_LINK_EDIT), link_apply},
    {"linkage.data_use", "linkage.entry.data_use", true, RIGHT(RIGHT_LINK_EDIT), use_apply},
    {"linkage.system", "linkage.entry.system", true, RIGHT(RIGHT_LINK_EDIT), system_apply},
    {"linkage.medium", "linkage.entry.medium", true, RIGHT(RIGHT_LINK_EDIT), medium_apply},
};

const struct desk linkage_desk = {
    .name = "linkage",
    .label = "linkage.desk",
    .routes = routes,
    .n_routes = COUNT(routes),
    .menu = menu,
    .n_menu = COUNT(menu),
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .entries = entries,
    .n_entries = COUNT(entries),
    .settings = settings,
    .n_settings = COUNT(settings),
    .decided = linkage_decided,
    .schema = &linkage_schema,
};
