/*
 * clean: periods that were paid up or written off and have passed the holding period vanish
 * (保持期間を経過した完納期、欠損期分のクリーニング). Their digests stay, so that the chain holds;
 * a count of what is gone stays for ever. Not undone. Internal to the desk.
 */
#ifndef DESK_COLLECTION_CLEAN_H
#define DESK_COLLECTION_CLEAN_H

#include "office/office.h"

/* Job "collection-clean as-of?:day only-count?:text"; years of keeping: setting collection.keep. */
job_fn clean_run;

#endif
