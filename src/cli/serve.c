/* serve: the counter in a browser. */
#include "cli/cli.h"

#include "serve/serve.h"

#include <stdio.h>

enum { O_PORT, O_ADDRESS, O_WORKERS, O_CERT, O_KEY, O_PROXY, O_PORT_FILE, O_LOG, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {
    [O_PORT] = {"port", true},           [O_ADDRESS] = {"address", true},
    [O_WORKERS] = {"workers", true},     [O_CERT] = {"tls-cert", true},
    [O_KEY] = {"tls-key", true},         [O_PROXY] = {"behind-proxy", false},
    [O_PORT_FILE] = {"port-file", true}, [O_LOG] = {"log", true},
};

static const char *text_of(const char *id)
{
    const struct message *m = message_find(id);
    return m ? m->text : id;
}

static void print_accounts(struct context *cx, struct office *o)
{
    struct demo_account accounts[16];
    size_t n = 0;
    if (office_demo_accounts(cx, o, accounts, 16, &n) < 0 || n == 0)
        return;
    printf("\n%s\n", text_of("serve.accounts"));
    for (size_t i = 0; i < n; i++)
        printf("  %s " STR_FMT "  %s " STR_FMT "  %s " STR_FMT "  (" STR_FMT ")\n",
               text_of("serve.accounts.name"), STR_ARG(accounts[i].name),
               text_of("serve.accounts.password"), STR_ARG(accounts[i].password),
               text_of("serve.accounts.code"), STR_ARG(accounts[i].totp_hint),
               STR_ARG(accounts[i].role_label));
}

static void print_ready(struct context *cx, struct office *o, const char *url)
{
    printf("%s  %s\n%s\n", text_of("serve.ready"), url, text_of("serve.how"));
    print_accounts(cx, o);
    printf("\n%s\n", text_of("serve.stop"));
    (void)fflush(stdout);
}

static const char *option(struct context *cx, const struct options *o, int i)
{
    return o->value[i].p ? str_c(cx->arena, o->value[i]) : NULL;
}

static bool number(const struct options *o, int i, int usual, int *out)
{
    int64_t v = usual;
    if (o->value[i].p && (!str_to_int(o->value[i], &v) || v < 0 || v > 65535))
        return false;
    *out = (int)v;
    return true;
}

int cmd_serve(struct context *cx, int argc, char **argv)
{
    struct options o;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    struct serve_options s = {
        .city_path = options_city(cx, &o),
        .address = o.value[O_ADDRESS].p ? option(cx, &o, O_ADDRESS) : "127.0.0.1",
        .tls_cert = option(cx, &o, O_CERT),
        .tls_key = option(cx, &o, O_KEY),
        .behind_proxy = o.value[O_PROXY].p != NULL,
        .port_file = option(cx, &o, O_PORT_FILE),
        .log_path = option(cx, &o, O_LOG),
        .version = program_version,
        .ready = print_ready,
    };
    if (!number(&o, O_PORT, 8080, &s.port) || !number(&o, O_WORKERS, 0, &s.workers)) {
        (void)fail(cx, ERR_INVALID, "serve.number", NULL);
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    return serve_run(cx, &s) == OK ? EXIT_OK : report_error(cx);
}
