/* SPDX-License-Identifier: Apache-2.0
 * The shared options, each time in a process of its own, since some of them exit. */
#include "run.h"

#include "cli/cli.h"

#include <string.h>

struct own {
    double pue;
    const char *words[4];
    size_t count;
    bool runs_command;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct own *own = state->input;
    switch (key) {
    case 'p':
        own->pue = strtod(arg, NULL);
        if (own->pue < 1)
            cct_cli_usage(state, "--pue: '%s' is below 1", arg);
        return 0;
    case ARGP_KEY_ARG:
        if (own->count < CCT_LEN(own->words))
            own->words[own->count++] = arg;
        if (own->runs_command)
            state->next = state->argc;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {{"pue", 'p', "X", 0, "PUE", 0}, {0}};
static const char *const kinds[] = {"cct.sample/1", "cct.progress/1", NULL};
static const struct cct_program program = {
    .name = "cct-test",
    .doc = "A test.\vMore.",
    .args_doc = "[WORD...]",
    .options = options,
    .parse = parse,
    .kinds = kinds,
};

struct setup {
    const char *words[8];
    bool runs_command;
};

static int show(void *ctx)
{
    const struct setup *setup = ctx;
    static char copies[8][64];
    char *argv[10];
    int argc = 0;
    struct cct_cli cli;
    struct own own = {.pue = 1, .runs_command = setup->runs_command};
    char name[] = "./build/cct-test";
    argv[argc++] = name;
    for (size_t i = 0; i < CCT_LEN(setup->words) && setup->words[i]; i++) {
        snprintf(copies[i], sizeof copies[i], "%s", setup->words[i]);
        argv[argc++] = copies[i];
    }
    argv[argc] = NULL;
    struct cct_program runner = program;
    runner.runs_command = setup->runs_command;
    cct_cli_init(&cli, setup->runs_command ? &runner : &program, argc, argv, &own);
    printf("run=%s host=%s home=%s sysroot=%s buffered=%d strict=%d quiet=%d verbose=%d now=%lld "
           "pue=%g words=",
           cli.run ? cli.run : "-", cli.host, cli.home ? cli.home : "-",
           cli.sysroot ? cli.sysroot : "-", cli.buffered, cli.strict, cli.quiet, cli.verbose,
           cli.clock.frozen ? (long long)cct_clock_utc_ms(&cli.clock) : -1LL, own.pue);
    for (size_t i = 0; i < own.count; i++)
        printf("%s,", own.words[i]);
    printf("\n");
    cct_warn(&cli.log, "careful");
    cct_info(&cli.log, "by the way");
    cct_cli_done(&cli);
    return 0;
}

static void run(struct ran *ran, struct setup setup)
{
    test_run(ran, show, &setup, "", 0, NULL);
}

static void has(const struct ran *ran, const char *text)
{
    if (!strstr(ran->out.data, text))
        fail_msg("'%s' is not in: %s", text, ran->out.data);
}

static int set_environment(void **state cct_unused)
{
    unsetenv("CCT_RUN");
    unsetenv("CCT_HOME");
    unsetenv("XDG_STATE_HOME");
    return setenv("HOME", "/nowhere", 1);
}

TEST(defaults)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){0});
    assert_int_equal(ran.status, 0);
    has(&ran, "run=- ");
    has(&ran, "home=/nowhere/.local/state/cct ");
    has(&ran, "sysroot=- buffered=0 strict=0 quiet=0 verbose=0 now=-1 pue=1 words=\n");
    assert_null(strstr(ran.out.data, "host= "));
    assert_buf(ran.err, "cct-test: warning: careful\n");
}

TEST(every_shared_option)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){{"--run", "r\"1", "--host=h 1", "--home=/a b", "--sysroot=/s",
                              "--now=1970-01-01T00:00:01.5Z", "--buffered", "--strict"}});
    assert_int_equal(ran.status, 0);
    has(&ran, "run=r\"1 host=h 1 home=/a b sysroot=/s buffered=1 strict=1 quiet=0 verbose=0 "
              "now=1500 ");
}

TEST(options_in_any_order_and_the_end_of_them)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){{"a", "-p", "1.5", "b", "-v", "--", "--strict"}});
    has(&ran, "strict=0 quiet=0 verbose=1 now=-1 pue=1.5 words=a,b,--strict,\n");
    assert_buf(ran.err, "cct-test: warning: careful\ncct-test: by the way\n");
}

TEST(a_commands_options_are_its_own)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){{"-p", "2", "train", "--strict", "-x"}, .runs_command = true});
    assert_int_equal(ran.status, 0);
    has(&ran, "strict=0 ");
    has(&ran, "pue=2 words=train,");
}

TEST(quiet_has_no_warnings)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){{"-q"}});
    assert_buf(ran.err, "");
}

TEST(the_environment_gives_run_and_home)
{
    auto_ran ran = {0};
    setenv("CCT_RUN", "from-env", 1);
    setenv("XDG_STATE_HOME", "/xdg", 1);
    run(&ran, (struct setup){0});
    has(&ran, "run=from-env ");
    has(&ran, "home=/xdg/cct ");
    setenv("CCT_HOME", "/cct home", 1);
    run(&ran, (struct setup){{"--run=opt"}});
    has(&ran, "run=opt ");
    has(&ran, "home=/cct home ");
    setenv("CCT_RUN", "", 1);
    run(&ran, (struct setup){0});
    has(&ran, "run=- ");
    set_environment(NULL);
}

static const struct setup wrong[] = {
    {{"--nope"}},    {{"--now=yesterday"}}, {{"--now="}},         {{"--run"}},
    {{"--run="}},    {{"--host="}},         {{"--home="}},        {{"-z"}},
    {{"--pue=0.5"}}, {{"--sysroot="}},      {{"--strict=maybe"}},
};

TEST(a_wrong_use_is_64)
{
    for (size_t i = 0; i < CCT_LEN(wrong); i++) {
        auto_ran ran = {0};
        run(&ran, wrong[i]);
        if (ran.status != CCT_USAGE)
            fail_msg("%s: %d", wrong[i].words[0], ran.status);
        assert_buf(ran.out, "");
        assert_ptr_equal(strstr(ran.err.data, "cct-test: "), ran.err.data);
    }
}

TEST(help_version_usage)
{
    static const char *const words[] = {"--help", "--usage", "--version", "-?", "-V", "-h"};
    for (size_t i = 0; i < CCT_LEN(words); i++) {
        auto_ran ran = {0};
        run(&ran, (struct setup){{words[i]}});
        assert_int_equal(ran.status, 0);
        has(&ran, "cct-test");
        assert_buf(ran.err, "");
    }
    auto_ran ran = {0};
    run(&ran, (struct setup){{"--version"}});
    assert_buf(ran.out, "cct-test " CCT_VERSION "\n");
    run(&ran, (struct setup){{"--help"}});
    has(&ran, "--pue");
    has(&ran, "--run");
    has(&ran, "--schema");
}

TEST(schema_lists_the_fields_of_every_kind)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){{"--schema"}});
    assert_int_equal(ran.status, 0);
    has(&ran, "{\"kind\":\"cct.sample/1\",\"key\":\"energy_j\",\"type\":\"double\",\"unit\":\"J\","
              "\"required\":");
    has(&ran, "{\"kind\":\"cct.progress/1\",\"key\":\"loss\"");
    struct cct_rec rec = {0};
    for (char *p = ran.out.data; *p;) {
        char *nl = strchr(p, '\n');
        assert_non_null(nl);
        assert_int_equal(cct_rec_scan(&rec, p, (size_t)(nl - p), NULL), 0);
        p = nl + 1;
    }
    cct_rec_free(&rec);
}

TEST(full_device_under_help_and_schema_is_74)
{
    static const char *const words[] = {"--help", "--version", "--schema"};
    for (size_t i = 0; i < CCT_LEN(words); i++) {
        auto_ran ran = {0};
        struct setup setup = {{words[i]}};
        test_run(&ran, show, &setup, "", 0, "/dev/full");
        assert_int_equal(ran.status, CCT_IOERR);
    }
}

static int make_stamp(void *ctx cct_unused)
{
    struct cct_cli cli = {.host = "h", .run = "r"};
    struct cct_stamp stamp;
    struct cct_err err;
    if (cct_cli_stamp(&cli, &stamp, &err))
        return err.code;
    return strcmp(stamp.host, "h") || strcmp(stamp.run, "r") || strlen(stamp.writer) != 16;
}

TEST(a_stamp_has_host_and_run)
{
    auto_ran ran = {0};
    test_run(&ran, make_stamp, NULL, "", 0, NULL);
    assert_int_equal(ran.status, 0);
}

TEST(inputs_are_opened)
{
    struct cct_err err = {0};
    assert_int_equal(cct_cli_open_input("/no/such/file", &err), -1);
    assert_int_equal(err.code, CCT_NOINPUT);
    int fd = cct_cli_open_input("/dev/null", &err);
    assert_true(fd > 2);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(every_shared_option),
        cmocka_unit_test(options_in_any_order_and_the_end_of_them),
        cmocka_unit_test(a_commands_options_are_its_own),
        cmocka_unit_test(quiet_has_no_warnings),
        cmocka_unit_test(the_environment_gives_run_and_home),
        cmocka_unit_test(a_wrong_use_is_64),
        cmocka_unit_test(help_version_usage),
        cmocka_unit_test(schema_lists_the_fields_of_every_kind),
        cmocka_unit_test(full_device_under_help_and_schema_is_74),
        cmocka_unit_test(a_stamp_has_host_and_run),
        cmocka_unit_test(inputs_are_opened),
    };
    return cmocka_run_group_tests(tests, set_environment, NULL);
}
