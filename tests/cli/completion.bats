# SPDX-License-Identifier: Apache-2.0

setup() {
    source "$CCT_SOURCE/scripts/completion/cct"
    cd "$BATS_TEST_TMPDIR"
}

# What TAB offers at the end of these words.
offered() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _cct "$1" "${@: -1}" "${@: -2:1}"
    printf '%s\n' "${COMPREPLY[@]}"
}

@test "options" {
    [ "$(offered cct-run --z)" = --zone ]
    [ "$(offered cct-sample --inter)" = --interval ]
    [ "$(offered /usr/bin/cct-run --z)" = --zone ]
}

@test "values: formats, events, signals, runs, files" {
    [ "$(offered cct-report --format h)" = html ]
    [ "$(offered cct-report --format = h)" = html ]
    [ "$(offered cct-progress --format ker)" = keras ]
    [ "$(offered cct-event s)" = $'start\nsegment' ]
    mkdir -p "runs/night 1" runs/first
    [ "$(CCT_HOME=$PWD offered cct-pull --run 'fi')" = first ]
    touch page.html
    [ "$(offered cct-report -o pag)" = page.html ]
}

@test "a value that cannot be guessed offers nothing, not options" {
    [ -z "$(offered cct-run --epochs --)" ]
}

@test "behind -- comes a command" {
    [[ $(offered cct-run --zone KR -- mkf) == *mkfifo* ]]
}
