# SPDX-License-Identifier: Apache-2.0
# A check that cannot fail is a defect: each lint is shown a tree with one fault, and the same tree
# without it.

bats_require_minimum_version 1.5.0

setup() {
    LINT=$CCT_SOURCE/tests/lint
    TREE=$BATS_TEST_TMPDIR/tree
    mkdir -p "$TREE/lib/base" "$TREE/lib/carbon" "$TREE/lib/record" "$TREE/lib/sensor" "$TREE/cmd" "$TREE/man" \
        "$TREE/scripts/completion" "$TREE/.ci" "$TREE/.github/workflows"
    cp "$CCT_SOURCE/.clang-format" "$TREE"
    head='/* SPDX-License-Identifier: Apache-2.0 */'
    printf '%s\n#pragma once\n\nint cct_one(void);\n' "$head" >"$TREE/lib/base/one.h"
    printf '%s\n#include "base/one.h"\n\nint cct_one(void)\n{\n    return 1;\n}\n' "$head" >"$TREE/lib/base/one.c"
    printf '%s\n#pragma once\n' "$head" >"$TREE/lib/sensor/sensor.h"
    printf '#!/bin/bash\n# SPDX-License-Identifier: Apache-2.0\nset -euo pipefail\necho "$1"\n' >"$TREE/scripts/x"
    chmod +x "$TREE/scripts/x"
}

# The lint passes on the tree as it is, and fails with a message like PATTERN once it is spoilt.
good() { # NAME
    run "$LINT/$1" "$TREE"
    echo "$output"
    [ "$status" -eq 0 ]
}

bad() { # NAME PATTERN
    run "$LINT/$1" "$TREE"
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output =~ $2 ]]
}

add() { # FILE LINE...
    printf '%s\n' "${@:2}" >>"$TREE/$1"
}

@test "layers: an include that goes up" {
    good layers
    add lib/base/one.c '#include "sensor/sensor.h"'
    bad layers 'lib/base/one.c:8: includes "sensor/sensor.h": base may include only libc'
}

@test "layers: curl outside http, argp outside cmd and cli" {
    add lib/base/one.c '#include <curl/curl.h>' '#include <argp.h>'
    bad layers 'curl/curl.h belongs to lib/http/'
    bad layers 'argp.h belongs to cmd/, lib/cli/'
}

@test "layers: libbson outside store/mongo.c" {
    printf '#include <bson/bson.h>\n' >"$TREE/lib/sensor/a.c"
    bad layers 'bson/bson.h belongs to lib/store/mongo.c'
}

@test "layers: cmd takes only a room's public header" {
    printf '#include "sensor/sensor.h"\n' >"$TREE/cmd/a.c"
    good layers
    printf '#include "sensor/rapl.h"\n' >"$TREE/cmd/a.c"
    bad layers 'cmd may include only sensor/sensor.h'
}

@test "layers: a clock in a pure room" {
    printf 'int f(void)\n{\n    return time(0);\n}\n' >"$TREE/lib/carbon/a.c"
    bad layers 'lib/carbon/a.c: time\(\) in a pure room'
}

@test "layers: a header that is neither there nor made by meson" {
    add lib/base/one.c '#include "table.h"'
    bad layers 'no such file beside it'
    printf "custom_target('t', output: 'table.h')\n" >"$TREE/lib/meson.build"
    good layers
}

@test "layers: a room without a row, a source that is included" {
    mkdir "$TREE/lib/new"
    printf 'int x;\n' >"$TREE/lib/new/a.c"
    add lib/base/one.c '#include "base/two.c"'
    bad layers 'the room new has no row'
    bad layers 'includes a source file, base/two.c'
}

@test "layers: nothing to look at" {
    rm -r "${TREE:?}/lib" "${TREE:?}/cmd"
    bad layers 'this lint checks nothing'
}

@test "sizes: a function over 80 lines, a file over 500" {
    good sizes
    {
        echo 'int long_one(int x)'
        echo '{'
        for ((i = 0; i < 100; i++)); do echo '    x++;'; done
        echo '    return x;'
        echo '}'
    } >>"$TREE/lib/base/one.c"
    bad sizes 'lib/base/one.c: long_one: 10[0-9] lines, at most 80'
    for ((i = 0; i < 500; i++)); do echo; done >>"$TREE/lib/base/one.c"
    bad sizes 'lib/base/one.c: [0-9]+ lines, at most 500'
}

@test "sizes: a program over 150 lines" {
    for ((i = 0; i < 151; i++)); do echo; done >"$TREE/cmd/a.c"
    bad sizes 'cmd/a.c: 151 lines, at most 150'
}

@test "sizes: complexity over 15, a median over 15 lines" {
    {
        echo 'int knot(int x)'
        echo '{'
        for ((i = 0; i < 20; i++)); do echo "    if (x == $i) return $i;"; done
        echo '    return x;'
        echo '}'
    } >"$TREE/lib/base/one.c"
    bad sizes 'knot: complexity 21, at most 15'
    bad sizes 'the median function has 2[0-9] lines'
}

@test "words: a forbidden function, but not its name in a comment or string" {
    good words
    add lib/base/one.c '/* no strcpy(a, b) */ const char *s = "sprintf(x)";'
    good words
    add lib/base/one.c 'void f(char *a) { strcpy(a, "x"); }'
    bad words 'lib/base/one.c:9: strcpy\(\) is not used here'
}

@test "words: a library that prints or looks at the environment" {
    add lib/base/one.c 'void f(void) { printf("%s", getenv("X")); }'
    bad words 'printf\(\): the library neither prints'
    bad words 'getenv\(\): the library neither prints'
}

@test "words: a constructor" {
    add lib/base/one.c '__attribute__((constructor)) void f(void);'
    bad words 'no constructors'
}

@test "words: no licence line, a machine's path, a registry's host" {
    printf 'int x;\n' >"$TREE/lib/base/two.c"
    bad words 'lib/base/two.c: its first lines do not hold the SPDX'
    rm "$TREE/lib/base/two.c"
    printf 'see %s\n' "/wo""rk/shared" >"$TREE/man/a.md"
    bad words 'man/a.md:1: a path of one machine'
    printf 'see %s\n' "https://py""pi.org/x" >"$TREE/man/a.md"
    bad words "names a package registry's host"
}

@test "headers: one that needs another" {
    good headers
    add lib/base/one.h 'size_t cct_two(void);'
    bad headers 'lib/base/one.h: does not compile alone'
}

@test "headers: no pragma once" {
    printf '%s\nint cct_two(void);\n' "$head" >"$TREE/lib/base/two.h"
    bad headers 'lib/base/two.h: no #pragma once'
}

@test "format: a line that is not as clang-format writes it" {
    good format
    add lib/base/one.c 'int  x ;'
    bad format 'mend it with: clang-format-14 -i'
}

@test "shell: an unquoted variable, a bad indent, no strict mode" {
    good shell
    echo 'echo $1' >>"$TREE/scripts/x"
    bad shell 'SC2086'
    printf '#!/bin/bash\nset -euo pipefail\nif true; then\n  echo\nfi\n' >"$TREE/scripts/x"
    bad shell '\+    echo'
    printf '#!/bin/bash\necho\n' >"$TREE/scripts/x"
    bad shell "scripts/x: no 'set -euo pipefail'"
}

page() { # OPTION...
    printf '.Dd November 24, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd does it\n.Sh SYNOPSIS\n.Nm\n'
    printf '.Sh DESCRIPTION\nText.\n.Bl -tag -width Ds\n'
    printf '.It Fl -%s\nText.\n' "$@"
    printf '.El\n.Sh EXIT STATUS\n0.\n.Sh EXAMPLES\nNone.\n'
}

@test "man: a section that lacks, a macro that does not exist" {
    page help >"$TREE/man/x.1"
    good man
    sed -i '/^.Sh EXIT STATUS/d' "$TREE/man/x.1"
    bad man 'man/x.1: no section EXIT STATUS'
    page help >"$TREE/man/x.1"
    add man/x.1 '.Zz what'
    bad man 'unknown macro'
}

@test "options: help, page and completion disagree" {
    bin=$BATS_TEST_TMPDIR/bin
    mkdir "$bin"
    printf '#!/bin/bash\necho "  -i, --interval=D   Text"\necho "      --help   Text"\n' >"$bin/cct-x"
    chmod +x "$bin/cct-x"
    export PATH=$bin:$PATH CCT_PROGRAMS=cct-x
    printf '_cct_options() { echo --interval --help; }\n' >"$TREE/scripts/completion/cct"
    page interval help >"$TREE/man/cct-x.1"
    good options
    page help >"$TREE/man/cct-x.1"
    bad options 'cct-x: --interval is in --help, but not in man/cct-x.1'
    page interval help gone >"$TREE/man/cct-x.1"
    bad options 'cct-x: --gone is in man/cct-x.1, but not in --help'
    page interval help >"$TREE/man/cct-x.1"
    printf '_cct_options() { echo --interval --help --old; }\n' >"$TREE/scripts/completion/cct"
    bad options 'cct-x: --old is in the completion, but not in --help'
}

@test "workflow: a key that does not exist" {
    printf 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "true"\n' \
        >"$TREE/.github/workflows/a.yml"
    run "$LINT/workflow" "$TREE"
    [ "$status" -ne 77 ] || skip "$output"
    [ "$status" -eq 0 ]
    add .github/workflows/a.yml '        ruun: x'
    bad workflow 'unexpected key'
}

@test "man examples: a command that fails, output that differs, a page without examples" {
    page() { printf '.Sh EXAMPLES\n%s\n.Bd -literal\n%s\n.Ed\n' "$1" "$2" >"$TREE/man/x.1"; }
    examples() { run "$CCT_SOURCE/tests/man/examples" "$TREE/man/x.1" && echo "$output"; }
    page '.' $'$ echo a \\\n  b\na b'
    examples
    [ "$status" -eq 0 ]
    page '.' $'$ false'
    examples
    [ "$status" -eq 1 ]
    [[ $output == *'exit status 1, not 0'* ]]
    page '.\" exits 3' $'$ (exit 3)'
    examples
    [ "$status" -eq 0 ]
    page '.\" check-output' $'$ echo a\nb'
    examples
    [ "$status" -eq 1 ]
    page '.\" check-output' $'$ echo a\na'
    examples
    [ "$status" -eq 0 ]
    page '.\" no-run it would take a day' $'$ false'
    examples
    [ "$status" -eq 0 ]
    [[ $output == *'# SKIP it would take a day'* ]]
    page '.' 'nothing'
    examples
    [ "$status" -eq 1 ]
}

@test "count: passed, failed and skipped tests, with reasons" {
    log=$BATS_TEST_TMPDIR/log.json
    printf '%s\n' '{"name":"a","result":"OK","stdout":"1..3\nok 1 - x\nok 2 - y # SKIP no disk\nok 3 - z\n"}' \
        '{"name":"b","result":"OK","stdout":""}' '{"name":"c","result":"FAIL","stdout":"1..1\nnot ok 1 - q\n"}' \
        '{"name":"d","result":"TIMEOUT","stdout":"1..9\nok 1 - q\n"}' >"$log"
    run "$CCT_SOURCE/scripts/check-count" "t=$log"
    echo "$output"
    [ "$status" -eq 1 ]
    [[ ${lines[-1]} == '4 passed, 2 failed, 1 skipped' ]]
    [[ $output == *'skipped: t: a: y: no disk'* ]]
    head -n 2 "$log" >"$log.good"
    run "$CCT_SOURCE/scripts/check-count" "t=$log.good"
    [ "$status" -eq 0 ]
    : >"$log.empty"
    run "$CCT_SOURCE/scripts/check-count" "t=$log.empty"
    [ "$status" -eq 1 ]
    [[ ${lines[-1]} == '0 passed, 0 failed, 0 skipped' ]]
}
