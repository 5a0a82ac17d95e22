/* receive: the job "receive path=FILE" of our own layout. Internal to the desk. */
#ifndef DESK_COLLECTION_RECEIVE_H
#define DESK_COLLECTION_RECEIVE_H

#include "office/office.h"

job_fn receive_run;

#endif
