/* One fact of the model to one row of a desk, and the closing of it. */
#include "write.h"

static struct span span_of(const struct op *op)
{
    return (struct span){op->from, op->to};
}

static int number_given(struct writer *wr, int32_t person)
{
    if (wr->n_numbers == wr->cap_numbers)
        return fail(&wr->w->cx, ERR_LIMIT, "demo.memory", NULL);
    wr->numbers[wr->n_numbers++] =
        (struct vault_item){wr->people[person], my_number_text(wr, person)};
    return OK;
}

static int write_person(struct writer *wr, int64_t event_no, const struct op *op)
{
    const struct str no = number_text(wr, 10, wr->next_person_no++);
    const struct resident *p = &wr->c->residents[op->person];
    const int result = party_open_person(wr->party, event_no, wr->people[op->person], no, p->birth);

    return result < 0 ? result : number_given(wr, op->person);
}

static int write_household(struct writer *wr, int64_t event_no, const struct op *op)
{
    return party_open_household(wr->party, event_no, wr->homes[op->home],
                                number_text(wr, 9, wr->next_household_no++));
}

static int write_identity(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    const struct resident *p = &wr->c->residents[op->person];

    return party_open_identity(wr->party, event_no,
                               &(struct identity_fact){.person_id = wr->people[op->person],
                                                       .birth = p->birth,
                                                       .sex = p->is_female ? SEX_FEMALE : SEX_MALE,
                                                       .death = op->to},
                               row);
}

static int write_name(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    static const char *const kinds[] = {"real", "alias", "former"};

    return party_open_name(wr->party, event_no,
                           &(struct name_fact){.person_id = wr->people[op->person],
                                               .kind = kinds[op->kind],
                                               .name = person_name_text(wr, op),
                                               .kana = person_kana_text(wr, op),
                                               .is_used = op->flag,
                                               .valid = span_of(op)},
                           row);
}

static int write_residency(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    static const char *const starts[] = {"initial", "move_in", "birth"};
    static const char *const ends[] = {NULL, "move_out", "death", "left_country"};

    return party_open_residency(wr->party, event_no,
                                &(struct residency_fact){.person_id = wr->people[op->person],
                                                         .is_resident = true,
                                                         .started_by = starts[op->start],
                                                         .ended_by = ends[op->end],
                                                         .valid = span_of(op)},
                                row);
}

static int write_foreign(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    const struct book *b = &wr->c->book;

    return party_open_foreign(
        wr->party, event_no,
        &(struct foreign_fact){.person_id = wr->people[op->person],
                               .nationality = b->nations[wr->c->residents[op->person].nation].code,
                               .stay_status = b->stays[op->kind % b->n_stays],
                               .stay_until = op->u.stay.until,
                               .valid = span_of(op)},
        row);
}

static int write_membership(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    return party_open_membership(wr->party, event_no,
                                 &(struct membership_fact){.household_id = wr->homes[op->home],
                                                           .person_id = wr->people[op->person],
                                                           .relation =
                                                               number_text(wr, 2, op->count),
                                                           .is_head = op->flag,
                                                           .valid = span_of(op)},
                                 row);
}

static int write_address(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    static const char *const kinds[] = {"residence", "former", "destination", "sending"};
    struct address_fact f = {.kind = kinds[op->kind], .business = STR("all"), .valid = span_of(op)};
    const int result = address_texts(wr, op, &f);

    if (result < 0)
        return result;
    if (op->home != NONE)
        f.household_id = wr->homes[op->home];
    else
        f.person_id = wr->people[op->person];
    return party_open_address(wr->party, event_no, &f, row);
}

static int write_contact(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    return party_open_contact(wr->party, event_no,
                              &(struct contact_fact){.person_id = wr->people[op->person],
                                                     .kind = "mobile",
                                                     .value =
                                                         str_format(&wr->texts, "090-0000-%04d",
                                                                    op->u.contact.number),
                                                     .source = STR("resident"),
                                                     .valid = span_of(op)},
                              row);
}

static int write_protection(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    return party_open_protection(
        wr->party, event_no,
        &(struct protection_fact){.person_id = wr->people[op->person],
                                  .kind = "violence",
                                  .decision_no = number_text(wr, 6, op->person % 1000000),
                                  .valid = span_of(op)},
        row);
}

/* --- eligibility -------------------------------------------------------------------------- */

static struct insured_household insured_of(struct writer *wr, const struct op *op)
{
    return (struct insured_household){.household_id = wr->homes[op->home],
                                      .symbol = wr->c->book.self.symbol,
                                      .number = number_text(wr, 8, op->u.insured.number),
                                      .valid = span_of(op)};
}

static int write_insured(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    const struct insured_household f = insured_of(wr, op);
    return eligibility_open_household(wr->eligibility, event_no, &f, row);
}

static int write_branch(struct writer *wr, int64_t event_no, const struct op *op)
{
    const struct insured_household f = insured_of(wr, op);
    return eligibility_open_branch(wr->eligibility, event_no, wr->people[op->person], &f,
                                   number_text(wr, 2, op->u.insured.branch));
}

static int write_period(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    return eligibility_open_period(
        wr->eligibility, event_no,
        &(struct insured_period){.person_id = wr->people[op->person],
                                 .period_no = op->count,
                                 .acquired_by = (enum acquired_by)op->start,
                                 .acquired_cause = op->u.period.cause,
                                 .acquired_notified = op->u.period.notified,
                                 .lost_by = op->end,
                                 .lost_cause = op->u.period.lost_cause,
                                 .lost_notified = op->u.period.lost_notified,
                                 .prefecture_acquired = op->from,
                                 .prefecture_lost = op->to,
                                 .valid = span_of(op)},
        row);
}

static int write_cover(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    static const char *const kinds[] = {NULL,        NULL,         "employee",
                                        "dependant", "late_stage", "assistance"};

    return eligibility_open_cover(wr->eligibility, event_no,
                                  &(struct other_cover){.person_id = wr->people[op->person],
                                                        .kind = kinds[op->kind],
                                                        .valid = span_of(op)},
                                  row);
}

static int write_circumstance(struct writer *wr, int64_t event_no, const struct op *op,
                              int64_t *row)
{
    return eligibility_open_circumstance(
        wr->eligibility, event_no,
        &(struct circumstance){.person_id = wr->people[op->person],
                               .kind = (enum circumstance_kind)op->kind,
                               .day = op->from,
                               .code = op->count,
                               .first_month = op->u.circumstance.first,
                               .last_month = op->u.circumstance.last,
                               .notified = op->u.circumstance.notified},
        row);
}

static int write_certificate(struct writer *wr, int64_t event_no, const struct op *op, int64_t *row)
{
    static const char *const kinds[] = {"card", "confirmation", "notice"};
    const struct resident *p = &wr->c->residents[op->person];
    const struct op *name = &wr->c->ops[p->op_name];
    const bool returned = op->end != RETURN_NONE;

    return eligibility_open_certificate(
        wr->eligibility, event_no,
        &(struct certificate_issue){.person_id = wr->people[op->person],
                                    .kind = kinds[op->kind],
                                    .serial = number_text(wr, 9, op->u.certificate.serial),
                                    .symbol = wr->c->book.self.symbol,
                                    .number = number_text(wr, 8, op->u.certificate.number),
                                    .branch = number_text(wr, 2, op->u.certificate.branch),
                                    .face_name = person_name_text(wr, name),
                                    .face_kana = person_kana_text(wr, name),
                                    .issued = op->from,
                                    .effective = YMD_NONE,
                                    .valid_until = op->u.certificate.until,
                                    .issue_count = op->count,
                                    .returned = returned ? op->to : YMD_NONE,
                                    .return_reason = returned ? STR("loss") : STR_NONE,
                                    .return_cause = returned ? op->to : YMD_NONE},
        row);
}

int write_fact(struct writer *wr, int64_t event_no, int32_t index)
{
    const struct op *op = &wr->c->ops[index];
    int64_t *row = &wr->rows[index];

    switch ((enum op_type)op->type) {
    case OP_PERSON:
        return write_person(wr, event_no, op);
    case OP_HOUSEHOLD:
        return write_household(wr, event_no, op);
    case OP_IDENTITY:
        return write_identity(wr, event_no, op, row);
    case OP_NAME:
        return write_name(wr, event_no, op, row);
    case OP_RESIDENCY:
        return write_residency(wr, event_no, op, row);
    case OP_FOREIGN:
        return write_foreign(wr, event_no, op, row);
    case OP_MEMBERSHIP:
        return write_membership(wr, event_no, op, row);
    case OP_ADDRESS:
        return write_address(wr, event_no, op, row);
    case OP_CONTACT:
        return write_contact(wr, event_no, op, row);
    case OP_PROTECTION:
        return write_protection(wr, event_no, op, row);
    case OP_INSURED:
        return write_insured(wr, event_no, op, row);
    case OP_BRANCH:
        return write_branch(wr, event_no, op);
    case OP_PERIOD:
        return write_period(wr, event_no, op, row);
    case OP_COVER:
        return write_cover(wr, event_no, op, row);
    case OP_CIRCUMSTANCE:
        return write_circumstance(wr, event_no, op, row);
    case OP_PLACEMENT:
        return OK;
    case OP_CERTIFICATE:
        return write_certificate(wr, event_no, op, row);
    case OP_TYPES:
        break;
    }
    return OK;
}

int write_closing(struct writer *wr, int64_t event_no, int32_t index)
{
    static const struct {
        bool eligibility;
        int fact;
    } closes[OP_TYPES] = {[OP_IDENTITY] = {false, PARTY_IDENTITY},
                          [OP_NAME] = {false, PARTY_NAME},
                          [OP_RESIDENCY] = {false, PARTY_RESIDENCY},
                          [OP_FOREIGN] = {false, PARTY_FOREIGN},
                          [OP_MEMBERSHIP] = {false, PARTY_MEMBERSHIP},
                          [OP_ADDRESS] = {false, PARTY_ADDRESS},
                          [OP_CONTACT] = {false, PARTY_CONTACT},
                          [OP_PROTECTION] = {false, PARTY_PROTECTION},
                          [OP_INSURED] = {true, ELIGIBILITY_HOUSEHOLD},
                          [OP_PERIOD] = {true, ELIGIBILITY_PERIOD},
                          [OP_COVER] = {true, ELIGIBILITY_COVER},
                          [OP_CERTIFICATE] = {true, ELIGIBILITY_CERTIFICATE}};
    const int type = wr->c->ops[index].type;

    if (closes[type].eligibility)
        return eligibility_close(wr->eligibility, (enum eligibility_fact)closes[type].fact,
                                 wr->rows[index], event_no);
    return party_close(wr->party, (enum party_fact)closes[type].fact, wr->rows[index], event_no);
}
