/* The declared My Number: compared with the vault or put into it, never shown here. */
#include "desk/party/entry.h"

static int show(struct request *rq, struct reply *rp, const struct person *p,
                const struct party_mynumber_form *form, const char *answer)
{
    const struct party_mynumber_view v = {.person_no = p->person_no,
                                          .name = p->name,
                                          .answer = answer,
                                          .mynumber = form};

    party_page_mynumber(&rp->body, rq->frame, &v);
    return OK;
}

int party_mynumber_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct person p;
    int result = work_need(w, RIGHT_MYNUMBER);

    if (result >= 0)
        result = entry_person(w, rq->part[0], &p);
    return result < 0 ? result : show(rq, rp, &p, NULL, NULL);
}

static int use_number(struct work *w, const struct person *p, struct party_mynumber_form *form,
                      const char **answer)
{
    struct text half;
    int result;

    text_init(&half, 64);
    result = width_to_half(&half, form->number);
    const struct str number = text_str(&half);
    if (result >= 0 && !my_number_is_valid(number))
        result = entry_wrong(w, &form->state, "number", "vault.check_digit");
    else if (result >= 0 && str_is(form->go, "match")) {
        result = vault_matches(w, p->person_id, number);
        *answer = result > 0 ? "party.mynumber.same" : "party.mynumber.other";
    } else if (result >= 0) {
        result = vault_put(w, p->person_id, number, form->reason);
        *answer = "party.mynumber.put";
    }
    text_release(&half);
    return result;
}

int party_mynumber_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_mynumber_form form;
    const char *answer = NULL;
    struct person p;
    int result = work_need(w, RIGHT_MYNUMBER);

    if (result >= 0)
        result = entry_person(w, rq->part[0], &p);
    if (result < 0)
        return result;
    result = party_mynumber_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = use_number(w, &p, &form, &answer);
    if (entry_is_wrong(w, rp, result))
        return show(rq, rp, &p, &form, NULL);
    return result < 0 ? result : show(rq, rp, &p, NULL, answer);
}
