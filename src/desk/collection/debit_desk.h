/* debit_desk: what direct debit, transfers and the readers of outside formats add to the desk's
 * tables, for desk.c. Internal to the collection desk. */
#ifndef DESK_COLLECTION_DEBIT_DESK_H
#define DESK_COLLECTION_DEBIT_DESK_H

#include "desk/collection/debit.h"
#include "desk/collection/keyed.h"
#include "desk/collection/read.h"
#include "desk/collection/transfer.h"

#define DEBIT_JOBS                                                                                 \
    {"debit-check-send", "collection.job.debit_check_send", "", RIGHT(RIGHT_JOB_RUN),              \
     debit_check_send_job},                                                                        \
        {"debit-check-take", "collection.job.debit_check_take", "path:text", RIGHT(RIGHT_IMPORT),  \
         debit_check_take_job},                                                                    \
        {"debit-draft", "collection.job.debit_draft", "due?:day debit-day?:day of?:number",        \
         RIGHT(RIGHT_JOB_RUN), debit_draft_job},                                                   \
        {"debit-confirm", "collection.job.debit_confirm",                                          \
         "run:number requests:number total:number", RIGHT(RIGHT_LEVY_CONFIRM),                     \
         debit_confirm_job},                                                                       \
        {"debit-drop", "collection.job.debit_drop", "run:number", RIGHT(RIGHT_JOB_RUN),            \
         debit_drop_job},                                                                          \
        {"debit-result", "collection.job.debit_result", "path:text", RIGHT(RIGHT_IMPORT),          \
         debit_result_job},                                                                        \
        {"debit-letters", "collection.job.debit_letters", "run:number limit:day again?:day",       \
         RIGHT(RIGHT_PRINT), debit_letters_job},                                                   \
        {"debit-done-notices", "collection.job.debit_done", "year:number", RIGHT(RIGHT_PRINT),     \
         debit_done_job},                                                                          \
        {"transfer-send", "collection.job.transfer_send", "day:day", RIGHT(RIGHT_LEVY_CONFIRM),    \
         transfer_send_job},                                                                       \
        {"transfer-take", "collection.job.transfer_take", "path:text", RIGHT(RIGHT_IMPORT),        \
         transfer_take_job},                                                                       \
        {"receive-cvs", "collection.job.receive_cvs", "path:text", RIGHT(RIGHT_IMPORT),            \
         read_cvs_job},                                                                            \
        {"receive-ocr", "collection.job.receive_ocr", "path:text", RIGHT(RIGHT_IMPORT),            \
         read_ocr_job},                                                                            \
        {"receive-mpn", "collection.job.receive_mpn", "path:text", RIGHT(RIGHT_IMPORT),            \
         read_mpn_job},                                                                            \
        {"receive-el", "collection.job.receive_el", "path:text", RIGHT(RIGHT_IMPORT), read_el_job}

#define DEBIT_SETTINGS                                                                             \
    {"debit.check", "yes", "collection.setting.debit_check"},                                      \
        {"debit.notice_year", "calendar", "collection.setting.debit_notice_year"}

#define DEBIT_ENTRIES                                                                              \
    {"collection.debit", "collection.entry.debit", false, RIGHT(RIGHT_COLLECTION_EDIT),            \
     debit_apply},                                                                                 \
        {"collection.debit_end", "collection.entry.debit_end", false,                              \
         RIGHT(RIGHT_COLLECTION_EDIT), debit_end_apply}

#endif
