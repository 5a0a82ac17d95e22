-- query: city_row
-- purpose: which city this is
-- out: code text, name text, is_demo flag, demo_day day?
-- rows: maybe
select code, name, is_demo, demo_day from city;

-- query: settings_now
-- purpose: every stored setting as known at an event number
-- out: key text, value text
-- rows: many
select s.key, s.value from setting s where {known s} order by s.key;

-- query: setting_row
-- purpose: the row in force of one setting
-- in: key text
-- out: setting_id id, value text
-- rows: maybe
select s.setting_id, s.value from setting s where s.key = $key and {now s};

-- query: setting_version
-- purpose: changes when a setting changes: cached settings are then read again
-- out: version id
-- rows: one
select coalesce(max(s.known_from), 0) from setting s;

-- query: setting_history
-- purpose: earlier values of one setting with the event that brought them
-- in: key text
-- out: value text, event_no id
-- rows: many
select s.value, s.known_from from setting s where s.key = $key order by s.known_from desc;

-- query: adopted_now
-- purpose: texts of a kind in force
-- in: kind text
-- out: name text, body text, body_hash blob, event_no id
-- rows: many
select a.name, a.body, a.body_hash, a.known_from from adopted_text a where a.kind = $kind and {known a} order by a.name;

-- query: adopted_names
-- purpose: which texts of a kind are in force, without their bodies
-- in: kind text
-- out: name text, body_hash blob, event_no id
-- rows: many
select a.name, a.body_hash, a.known_from from adopted_text a where a.kind = $kind and {known a} order by a.name;

-- query: adopted_row
-- purpose: the row in force of one text
-- in: kind text, name text
-- out: adopted_id id, body_hash blob
-- rows: maybe
select a.adopted_id, a.body_hash from adopted_text a where a.kind = $kind and a.name = $name and {now a};

-- query: adopted_hash
-- purpose: a text that was once adopted, by its hash
-- in: kind text, body_hash blob
-- out: name text, body text, event_no id
-- rows: maybe
select a.name, a.body, a.known_from from adopted_text a
where a.kind = $kind and a.body_hash = $body_hash order by a.known_from limit 1;

-- query: user_by_name
-- purpose: an account as it is now, with what proves who it is
-- in: sign_in_name text
-- out: user_row_id id, user_id id, sign_in_name text, full_name text, role text, branch text, any_branch flag, desks text?
-- out: rights_more text?, rights_less text?, expires_ymd day?, employment text, birth_ymd day?, disabled flag
-- out: password_hash text, changed_us time, must_change flag, totp_sealed blob?, totp_step count, failures count, locked_us time?
-- rows: maybe
select u.user_row_id, u.user_id, u.sign_in_name, u.full_name, u.role, u.branch, u.any_branch, u.desks,
       u.rights_more, u.rights_less, u.expires_ymd, u.employment, u.birth_ymd, u.disabled,
       s.password_hash, s.changed_us, s.must_change, s.totp_sealed, s.totp_step, s.failures, s.locked_us
from user_account u join user_secret s on s.user_id = u.user_id
where u.sign_in_name = $sign_in_name and {now u};

-- query: user_by_id
-- purpose: the same by id
-- in: user_id id
-- out: user_row_id id, user_id id, sign_in_name text, full_name text, role text, branch text, any_branch flag, desks text?
-- out: rights_more text?, rights_less text?, expires_ymd day?, employment text, birth_ymd day?, disabled flag
-- out: password_hash text, changed_us time, must_change flag, totp_sealed blob?, totp_step count, failures count, locked_us time?
-- rows: maybe
select u.user_row_id, u.user_id, u.sign_in_name, u.full_name, u.role, u.branch, u.any_branch, u.desks,
       u.rights_more, u.rights_less, u.expires_ymd, u.employment, u.birth_ymd, u.disabled,
       s.password_hash, s.changed_us, s.must_change, s.totp_sealed, s.totp_step, s.failures, s.locked_us
from user_account u join user_secret s on s.user_id = u.user_id
where u.user_id = $user_id and {now u};

-- query: user_named
-- purpose: whether a sign-in name was ever given to somebody
-- in: sign_in_name text
-- out: user_id id
-- rows: maybe
select user_id from user_name where sign_in_name = $sign_in_name;

-- query: users
-- purpose: every account as it is now, for the list of users
-- out: user_id id, sign_in_name text, full_name text, role text, branch text, employment text, expires_ymd day?, disabled flag
-- out: has_factor flag, failures count, locked_us time?, signed_in_us time?, changed_us time
-- rows: many
select u.user_id, u.sign_in_name, u.full_name, u.role, coalesce(b.name, u.branch), u.employment, u.expires_ymd, u.disabled,
       case when s.totp_sealed is null then 0 else 1 end, s.failures, s.locked_us, s.signed_in_us, s.changed_us
from user_account u join user_secret s on s.user_id = u.user_id
left join branch b on b.code = u.branch and {now b}
where {now u} order by u.role, u.sign_in_name;

-- query: role_users
-- purpose: how many accounts of a role are open, for the ceiling on administrators
-- in: role text
-- out: n count
-- rows: one
select count(*) from user_account u where u.role = $role and u.disabled = 0 and {now u};

-- query: headcount
-- purpose: what every open account may do, to count the people of each file
-- out: role text, desks text?, rights_more text?, rights_less text?, expires_ymd day?
-- rows: many
select u.role, u.desks, u.rights_more, u.rights_less, u.expires_ymd
from user_account u where u.disabled = 0 and {now u};

-- query: secret_password
-- purpose: a new password
-- in: user_id id, password_hash text, changed_us time, must_change flag
-- rows: exec
update user_secret set password_hash = $password_hash, changed_us = $changed_us, must_change = $must_change,
       failures = 0, locked_us = null
where user_id = $user_id;

-- query: secret_factor
-- purpose: a new second factor
-- in: user_id id, totp_sealed blob
-- rows: exec
update user_secret set totp_sealed = $totp_sealed, totp_step = 0 where user_id = $user_id;

-- query: secret_step
-- purpose: the time step of a code that was used; refuses a step that is not newer (replay)
-- in: user_id id, totp_step count
-- rows: exec
update user_secret set totp_step = $totp_step where user_id = $user_id and totp_step < $totp_step;

-- query: secret_failed
-- purpose: one more failure; until when the account is locked
-- in: user_id id, failures count, locked_us time?
-- rows: exec
update user_secret set failures = $failures, locked_us = $locked_us where user_id = $user_id;

-- query: secret_signed_in
-- purpose: signed in: failures are forgotten
-- in: user_id id, signed_in_us time
-- rows: exec
update user_secret set failures = 0, locked_us = null, signed_in_us = $signed_in_us where user_id = $user_id;

-- query: password_old
-- purpose: whether this password is among the newest ones of the user
-- in: user_id id, digest blob, n count
-- out: found count
-- rows: one
select count(*) from (select o.digest from user_password_old o where o.user_id = $user_id
                      order by o.changed_us desc limit $n) p
where p.digest = $digest;

-- query: recovery_use
-- purpose: marks a recovery code as used; no row: wrong or used before
-- in: user_id id, code_hash blob, used_us time
-- rows: exec
update user_recovery_code set used_us = $used_us
where user_id = $user_id and code_hash = $code_hash and used_us is null;

-- query: recovery_clear
-- purpose: earlier recovery codes end
-- in: user_id id
-- rows: exec
delete from user_recovery_code where user_id = $user_id;

-- query: recovery_left
-- purpose: how many recovery codes are unused
-- in: user_id id
-- out: n count
-- rows: one
select count(*) from user_recovery_code where user_id = $user_id and used_us is null;

-- query: session_by_token
-- purpose: everything a request needs to know of its session, account and terminal, in one statement
-- in: token_hash blob
-- out: session_id id, user_id id, factor_done flag, factor_tries count, started_us time, seen_us time
-- out: sign_in_name text, full_name text, role text, branch text, any_branch flag, desks text?, rights_more text?, rights_less text?
-- out: expires_ymd day?, disabled flag, changed_us time, must_change flag, totp_sealed blob?, failures count, locked_us time?
-- out: terminal_id id?, terminal text?, terminal_branch text?, terminal_hash blob?, revoked_us time?, section text?, branch_name text?, version id
-- rows: maybe
select n.session_id, n.user_id, n.factor_done, n.factor_tries, n.started_us, n.seen_us,
       u.sign_in_name, u.full_name, u.role, u.branch, u.any_branch, u.desks, u.rights_more, u.rights_less,
       u.expires_ymd, u.disabled, s.changed_us, s.must_change, s.totp_sealed, s.failures, s.locked_us,
       t.terminal_id, t.name, t.branch, t.token_hash, t.revoked_us, t.section, b.name,
       (select coalesce(max(g.known_from), 0) from setting g)
from session n
join user_account u on u.user_id = n.user_id
join user_secret s on s.user_id = n.user_id
left join terminal t on t.terminal_id = n.terminal_id
left join branch b on b.code = u.branch and {now b}
where n.token_hash = $token_hash and n.ended_us is null and {now u};

-- query: terminal_by_token
-- purpose: an enrolled terminal
-- in: token_hash blob
-- out: terminal_id id, name text, branch text
-- rows: maybe
select terminal_id, name, branch from terminal where token_hash = $token_hash and revoked_us is null;

-- query: terminal_by_code
-- purpose: a terminal that waits for its enrolment
-- in: code_hash blob, now_us time
-- out: terminal_id id, name text, branch text
-- rows: maybe
select terminal_id, name, branch from terminal
where code_hash = $code_hash and code_us > $now_us and token_hash is null and revoked_us is null;

-- query: terminal_enrol
-- purpose: the browser that typed the code is the terminal from now on; the code ends
-- in: terminal_id id, token_hash blob, enrolled_us time
-- rows: exec
update terminal set token_hash = $token_hash, enrolled_us = $enrolled_us, code_hash = null
where terminal_id = $terminal_id and token_hash is null;

-- query: terminal_revoke
-- purpose: a terminal that is gone or lost
-- in: name text, revoked_us time
-- rows: exec
update terminal set revoked_us = $revoked_us, code_hash = null where name = $name and revoked_us is null;

-- query: terminals
-- purpose: every terminal, for its page
-- out: terminal_id id, name text, branch text, section text, enrolled_us time?, revoked_us time?, code_us time
-- rows: many
select t.terminal_id, t.name, coalesce(b.name, t.branch), t.section, t.enrolled_us, t.revoked_us, t.code_us
from terminal t left join branch b on b.code = t.branch and {now b}
order by t.branch, t.name;

-- query: session_seen
-- purpose: the session is in use
-- in: session_id id, seen_us time
-- rows: exec
update session set seen_us = $seen_us where session_id = $session_id and ended_us is null;

-- query: session_full
-- purpose: the second factor was right: the session goes on under a new cookie
-- in: session_id id, token_hash blob, seen_us time
-- rows: exec
update session set factor_done = 1, token_hash = $token_hash, seen_us = $seen_us
where session_id = $session_id and ended_us is null and factor_done = 0;

-- query: session_try
-- purpose: a wrong second factor
-- in: session_id id
-- rows: exec
update session set factor_tries = factor_tries + 1 where session_id = $session_id;

-- query: session_end
-- purpose: sign-out
-- in: token_hash blob, ended_us time
-- rows: exec
update session set ended_us = $ended_us where token_hash = $token_hash and ended_us is null;

-- query: session_end_user
-- purpose: every session of a user ends (account closed, new password)
-- in: user_id id, but_session id, ended_us time
-- rows: exec
update session set ended_us = $ended_us
where user_id = $user_id and session_id <> $but_session and ended_us is null;

-- query: sessions_open
-- purpose: who is signed in now
-- in: since_us time
-- out: user_id id, sign_in_name text, full_name text, started_us time, seen_us time, terminal text?
-- rows: many
select n.user_id, u.sign_in_name, u.full_name, n.started_us, n.seen_us, t.name
from session n join user_account u on u.user_id = n.user_id
left join terminal t on t.terminal_id = n.terminal_id
where n.ended_us is null and n.seen_us > $since_us and n.factor_done = 1 and {now u}
order by n.seen_us desc limit 500;

-- query: once_drop
-- purpose: a form that failed may be sent again
-- in: once_id text
-- rows: exec
delete from once_used where once_id = $once_id;

-- query: once_take
-- purpose: claims a one-time form id; no row touched: it was used before
-- in: once_id text, used_us time
-- rows: exec
insert into once_used (once_id, used_us) select $once_id, $used_us where true on conflict (once_id) do nothing;

-- query: once_clean
-- purpose: ids older than any form that can still be open
-- in: before_us time
-- rows: exec
delete from once_used where used_us < $before_us;

-- query: entries_waiting
-- purpose: entries that wait for a second person, oldest first
-- in: n count
-- out: event_no id, kind text, payload text, entered_by id, household_id id, person_id id, full_name text?
-- rows: many
select e.event_no, e.kind, e.payload, e.entered_by, e.household_id, e.person_id, u.full_name
from entry_waiting q join entry e on e.event_no = q.event_no
left join user_account u on u.user_id = e.entered_by and {now u}
order by q.event_no limit $n;

-- query: entry_row
-- purpose: one entry and whether somebody has settled it
-- in: event_no id
-- out: kind text, payload text, entered_by id, household_id id, person_id id, result_no id?, is_ok flag?
-- rows: maybe
select e.kind, e.payload, e.entered_by, e.household_id, e.person_id, r.event_no, r.is_ok
from entry e left join entry_result r on r.entry_no = e.event_no
where e.event_no = $event_no;

-- query: entries_waiting_count
-- purpose: for the home page
-- in: but_user id
-- out: n count
-- rows: one
select count(*) from entry_waiting q where q.entered_by <> $but_user;

-- query: entry_settled
-- purpose: an entry that has had its second person waits no longer
-- in: event_no id
-- rows: exec
delete from entry_waiting where event_no = $event_no;

-- query: job_unfinished
-- purpose: a run of the same job with the same options that has not come to its end
-- in: kind text, options text
-- out: job_id id, state text
-- rows: maybe
select job_id, state from job
where kind = $kind and options = $options and state in ('queued', 'running', 'failed')
order by job_id desc limit 1;

-- query: job_finished
-- purpose: a finished run with the same options
-- in: kind text, options text
-- out: job_id id, ended_us time?
-- rows: maybe
select job_id, ended_us from job where kind = $kind and options = $options and state = 'finished'
order by job_id desc limit 1;

-- query: job_next
-- purpose: the oldest job that is queued, or that was left behind by a process that died
-- out: job_id id, kind text, requested_by id
-- rows: maybe
select job_id, kind, requested_by from job where state in ('queued', 'running') order by job_id limit 1;

-- query: job_row
-- purpose: one job
-- in: job_id id
-- out: job_id id, kind text, options text, state text, total count, done count, skipped count, failed count, cursor_key id, notes count
-- out: requested_by id, queued_us time, started_us time?, beat_us time?, ended_us time?, starts count, as_of day, message text?
-- rows: maybe
select job_id, kind, options, state, total, done, skipped, failed, cursor_key, notes,
       requested_by, queued_us, started_us, beat_us, ended_us, starts, as_of, message
from job where job_id = $job_id;

-- query: jobs
-- purpose: the newest jobs
-- in: before id, n count
-- out: job_id id, kind text, options text, state text, total count, done count, skipped count, failed count
-- out: queued_us time, started_us time?, beat_us time?, ended_us time?, full_name text?, message text?
-- rows: many
select j.job_id, j.kind, j.options, j.state, j.total, j.done, j.skipped, j.failed,
       j.queued_us, j.started_us, j.beat_us, j.ended_us, u.full_name, j.message
from job j left join user_account u on u.user_id = j.requested_by and {now u}
where j.job_id < $before order by j.job_id desc limit $n;

-- query: job_number
-- purpose: the next job number
-- out: job_id id
-- rows: one
select coalesce(max(job_id), 0) + 1 from job;

-- query: job_start
-- purpose: a process takes the job up
-- in: job_id id, now_us time
-- rows: exec
update job set state = 'running', started_us = coalesce(started_us, $now_us), beat_us = $now_us,
       starts = starts + 1, message = null
where job_id = $job_id;

-- query: job_save
-- purpose: counts and cursor of the chunk that is being committed
-- in: job_id id, total count, done count, skipped count, failed count, cursor_key id, notes count, now_us time
-- rows: exec
update job set total = $total, done = $done, skipped = $skipped, failed = $failed,
       cursor_key = $cursor_key, notes = $notes, beat_us = $now_us
where job_id = $job_id;

-- query: job_end
-- purpose: the job has come to its end, or stops
-- in: job_id id, state text, message text?, now_us time
-- rows: exec
update job set state = $state, message = $message, ended_us = $now_us, beat_us = $now_us where job_id = $job_id;

-- query: job_notes
-- purpose: what was skipped or failed, in the order of the run
-- in: job_id id, after count, n count
-- out: note_no count, failed flag, item_key id, message text, facts text
-- rows: many
select note_no, failed, item_key, message, facts from job_note
where job_id = $job_id and note_no > $after order by note_no limit $n;

-- query: job_note_counts
-- purpose: how often each reason stands
-- in: job_id id
-- out: message text, failed flag, n count
-- rows: many
select message, failed, count(*) from job_note where job_id = $job_id group by message, failed order by 3 desc, 1;

-- query: job_figures
-- purpose: the figures of a job's report
-- in: job_id id
-- out: name text, value count
-- rows: many
select name, value from job_figure where job_id = $job_id order by position, name;

-- query: job_figure_set
-- purpose: a figure; a later value replaces the earlier one
-- in: job_id id, name text, value count
-- rows: exec
insert into job_figure (job_id, name, value, position)
select $job_id, $name, $value, (select count(*) from job_figure f where f.job_id = $job_id)
where true on conflict (job_id, name) do update set value = excluded.value;

-- query: job_last_by_kind
-- purpose: when each job last came to its end, for the calendar's warnings
-- out: kind text, ended_us time?
-- rows: many
select kind, max(ended_us) from job where state = 'finished' group by kind order by kind;

-- query: jobs_running
-- purpose: jobs that run or wait, for the home page
-- out: job_id id, kind text, state text, total count, done count, skipped count, failed count, beat_us time?
-- rows: many
select job_id, kind, state, total, done, skipped, failed, beat_us from job
where state in ('queued', 'running') order by job_id;

-- query: vault_row
-- purpose: the sealed number of a person
-- in: person_id id
-- out: vault_id id, key_id count, sealed blob, blind_index blob
-- rows: maybe
select v.vault_id, v.key_id, v.sealed, v.blind_index from vault_number v where v.person_id = $person_id and {now v};

-- query: vault_held
-- purpose: what a chunk of persons holds already, by person id
-- in: persons id[]
-- out: person_id id, vault_id id, blind_index blob
-- rows: many
select v.person_id, v.vault_id, v.blind_index from vault_number v
where v.person_id in {in persons} and {now v} order by v.person_id;

-- query: vault_by_blind
-- purpose: who holds a number, for the linkage only
-- in: blind_index blob
-- out: person_id id
-- rows: maybe
select v.person_id from vault_number v where v.blind_index = $blind_index and {now v};

-- query: review_last
-- purpose: up to which day a report was looked at, by whom
-- in: kind text
-- out: until_ymd day, found count, remark text, signed_by id, signed_us time
-- rows: maybe
select until_ymd, found, remark, signed_by, signed_us from review_sign where kind = $kind
order by until_ymd desc, review_id desc limit 1;

-- query: anchor_note
-- purpose: the anchor of a day as the journal's store knows it
-- in: anchor_ymd day
-- out: last_line count, anchor_hash blob
-- rows: maybe
select last_line, anchor_hash from audit_anchor_note where anchor_ymd = $anchor_ymd;

-- query: branch_row
-- purpose: the row in force of one branch
-- in: code text
-- out: branch_row_id id, name text
-- rows: maybe
select b.branch_row_id, b.name from branch b where b.code = $code and {now b};

-- query: branches
-- purpose: every branch
-- out: code text, name text
-- rows: many
select b.code, b.name from branch b where {now b} order by b.code;

-- query: user_differing
-- purpose: open accounts that differ from their role: more, less, only some desks
-- out: user_id id, full_name text, role text, desks text?, rights_more text?, rights_less text?
-- rows: many
select u.user_id, u.full_name, u.role, u.desks, u.rights_more, u.rights_less
from user_account u
where {now u} and u.disabled = 0
  and (coalesce(u.desks, '') <> '' or coalesce(u.rights_more, '') <> '' or coalesce(u.rights_less, '') <> '')
order by u.role, u.sign_in_name;

-- query: entry_event
-- purpose: who entered what, for the page of the second person
-- in: event_no id
-- out: kind text, payload text, entered_by id, household_id id, person_id id, full_name text?, settled flag
-- rows: maybe
select e.kind, e.payload, e.entered_by, e.household_id, e.person_id, u.full_name,
       case when r.event_no is null then 0 else 1 end
from entry e left join user_account u on u.user_id = e.entered_by and {now u}
left join entry_result r on r.entry_no = e.event_no
where e.event_no = $event_no;
