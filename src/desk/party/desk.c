/* What the party desk is made of. */
#include "desk/party/inner.h"

const struct desk party_desk = {
    .name = "party",
    .label = "party.desk",
    .schema = &party_schema,
    .person_of_no = party_person_by_no,
    .refers_to = party_refers_to,
};
