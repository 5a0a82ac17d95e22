/* comparison: the jobs of radar and what-if and what their pages read. Internal to the levy. */
#ifndef DESK_LEVY_COMPARISON_H
#define DESK_LEVY_COMPARISON_H

#include "desk/levy/levy.h"

int levy_simulate_city(struct work *w, struct job *job) WARN_UNUSED;
int levy_radar_job(struct work *w, struct job *job) WARN_UNUSED;

#endif
