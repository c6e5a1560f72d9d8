#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0

bats_require_minimum_version 1.5.0

setup() {
    golden=$CCT_SOURCE/tests/golden/progress
    now=(--now 2026-01-01T00:00:00Z --host golden)
    cd "$BATS_TEST_TMPDIR"
    unset CCT_RUN
}

teardown() {
    [[ -z ${pid-} ]] || kill -KILL "$pid" 2>/dev/null || true
}

frozen() {
    cct-progress "${now[@]}" "$@"
}

without_ids() {
    sed 's/"id":"[^"]*",\?//'
}

# Waits up to 5 s until a command succeeds.
eventually() {
    local i
    for ((i = 0; i < 250; i++)); do
        if "$@"; then return 0; fi
        sleep 0.02
    done
    return 1
}

has_lines() {
    [[ -e $1 && $(wc -l <"$1") -ge $2 ]]
}

@test "every recorded log gives the expected records" {
    for log in "$golden"/logs/*.log; do
        name=$(basename "$log" .log)
        frozen <"$log" | without_ids | diff -u "$golden/expected/$name.ndjson" - || {
            echo "$name differs"
            false
        }
    done
}

@test "every expected record is one JSON object with the right schema" {
    cat "$golden"/expected/*.ndjson | jq -e -s 'length > 200 and all(.schema == "cct.progress/1")' >/dev/null
}

@test "noise gives no record" {
    for log in "$golden"/noise/*.log; do
        run -0 --separate-stderr frozen <"$log"
        [ -z "$output" ] || {
            echo "$log: $output"
            false
        }
    done
}

@test "the same records under a locale with a decimal comma" {
    for name in keras-pipe hf-pipe torch-dash; do
        LC_ALL=de_DE.UTF-8 frozen <"$golden/logs/$name.log" | without_ids |
            diff "$golden/expected/$name.ndjson" -
    done
}

@test "a log that comes in single bytes gives the same records" {
    log=$golden/logs/torch-dash.log
    while IFS= read -r -n1 -d '' c; do printf '%s' "$c"; done <"$log" >whole
    cmp whole "$log"
    while IFS= read -r -n1 -d '' c; do printf '%s' "$c"; done <"$log" |
        frozen | without_ids | diff "$golden/expected/torch-dash.ndjson" -
}

@test "records carry id, ts, host and run" {
    run -0 --separate-stderr frozen --run 'a "run"' <<<'epoch=1 loss=2'
    jq -e '.id and .ts == "2026-01-01T00:00:00.000Z" and .host == "golden" and .run == "a \"run\""
        and .epoch == 1 and .loss == 2' <<<"$output"
}

@test "--tee copies the log byte for byte, whatever it holds" {
    head -c 300000 /dev/urandom >log
    printf 'no newline, \0 NUL' >>log
    frozen --tee <log 2>copy
    cmp log copy
}

@test "--tee copies at once, before a line is complete" {
    mkfifo in
    cct-progress "${now[@]}" --tee <in 2>copy >out 3>&- &
    pid=$!
    exec 5>in
    printf 'half a li' >&5
    eventually grep -q 'half a li' copy
    exec 5>&-
    wait "$pid"
}

@test "--tee goes on when nobody reads the copy" {
    (for i in {1..3000}; do echo "epoch=$i loss=1"; done) >log
    { frozen --tee <log 2>&3 >out; } 3> >(exec sleep 0) || true
    has_lines out 3000
}

# status FILE COMMAND...: the command's exit status goes to FILE.
status() {
    local file=$1 code=0
    shift
    "$@" || code=$?
    echo "$code" >"$file"
}

# The training: 20000 lines, then it tells that it came to its end.
training() {
    seq -f 'epoch=%g loss=1' 20000 && echo ended >producer
}

@test "--tee reads on when nobody reads the records" {
    training | status status cct-progress --tee 2>copy | head -n 1 >first
    [ "$(cat producer)" = ended ]
    [ "$(wc -l <copy)" = 20000 ]
    [ "$(cat status)" = 141 ]
}

@test "a reader that went away ends it quietly by SIGPIPE" {
    { training 2>/dev/null || true; } | status status cct-progress 2>messages | head -n 1 >first
    [ "$(cat status)" = 141 ]
    [ ! -s messages ]
}

@test "a reader that stands still does not hold the training up" {
    mkfifo in out
    exec 6<>out
    cct-progress <in >out 2>messages 3>&- 6>&- &
    pid=$!
    training >in
    [ "$(cat producer)" = ended ]
    timeout 10 cat <out >taken 6>&- 3>&- &
    reader=$!
    wait "$pid"
    exec 6>&-
    wait "$reader"
    jq -e -s 'length > 3000' taken
    grep -q 'records were dropped' messages
}

@test "SIGTERM ends it where nobody takes the last records" {
    mkfifo out
    exec 6<>out
    seq -f 'epoch=%g loss=1' 20000 >log
    cct-progress <log >out 3>&- 6>&- &
    pid=$!
    eventually grep -q pipe_write "/proc/$pid/wchan" || sleep 0.3
    kill "$pid"
    status wait_status wait "$pid"
    exec 6>&-
    [ "$(cat wait_status)" = 143 ]
}

@test "a full disk: one message, the log is read to its end, 74" {
    for i in {1..5000}; do echo "epoch=$i loss=1"; done >log
    run -74 --separate-stderr bash -c 'cct-progress <log >/dev/full'
    [ "${#stderr_lines[@]}" = 1 ]
    [[ $stderr == "cct-progress: cannot write records"* ]]
}

@test "--follow reads from the first byte, what grows, and what remains at SIGTERM" {
    echo '{"schema":"cct.progress/1","epoch":1}' >log
    cct-progress "${now[@]}" --follow log >out 3>&- &
    pid=$!
    eventually has_lines out 1
    echo '{"schema":"cct.progress/1","epoch":2}' >>log
    eventually has_lines out 2
    printf '{"schema":"cct.progress/1","epoch":3}' >>log
    kill "$pid"
    wait "$pid"
    [ "$(jq -c .epoch out | tr '\n' ' ')" = "1 2 3 " ]
}

@test "--follow waits for a file, also in a folder that is not there yet" {
    cct-progress "${now[@]}" --follow folder/log >out 3>&- &
    pid=$!
    sleep 0.1
    mkdir folder
    echo 'epoch=1 loss=2' >folder/log
    eventually has_lines out 1
    kill "$pid"
    wait "$pid"
}

@test "--follow reads a file anew that was cut, and one that replaced it" {
    echo 'epoch=1 loss=2 long enough to see it cut' >log
    cct-progress "${now[@]}" --follow log >out 3>&- &
    pid=$!
    eventually has_lines out 1
    echo 'epoch=2 loss=2' >log
    eventually has_lines out 2
    echo 'epoch=3 loss=2' >new
    mv new log
    eventually has_lines out 3
    kill "$pid"
    wait "$pid"
    [ "$(jq -c .epoch out | tr '\n' ' ')" = "1 2 3 " ]
}

@test "--follow reads a FIFO over several writers" {
    mkfifo log
    cct-progress "${now[@]}" --follow log >out 3>&- &
    pid=$!
    echo 'epoch=1 loss=2' >log
    eventually has_lines out 1
    echo 'epoch=2 loss=2' >log
    eventually has_lines out 2
    kill "$pid"
    wait "$pid"
}

@test "--follow of an idle file costs no time" {
    echo 'epoch=1 loss=2' >log
    cct-progress "${now[@]}" --follow log >out 3>&- &
    pid=$!
    eventually has_lines out 1
    sleep 0.3
    before=$(awk '{print $14 + $15}' "/proc/$pid/stat")
    switches=$(awk '/^voluntary/ {print $2}' "/proc/$pid/status")
    sleep 1
    [ "$(awk '{print $14 + $15}' "/proc/$pid/stat")" -le $((before + 1)) ]
    [ "$(awk '/^voluntary/ {print $2}' "/proc/$pid/status")" -le $((switches + 3)) ]
    kill "$pid"
    wait "$pid"
}

@test "SIGTERM ends a reader of standard input after a last record" {
    mkfifo in
    cct-progress "${now[@]}" <in >out 3>&- &
    pid=$!
    exec 5>in
    printf '\r 50%%|##  | 5/10 [00:01<00:01, 5.0it/s]' >&5
    sleep 0.2
    kill "$pid"
    wait "$pid"
    exec 5>&-
    jq -e '.step == 5' out
}

@test "with --tee a first SIGINT is left to the training" {
    mkfifo in
    env --default-signal=INT cct-progress --tee <in >out 2>copy 3>&- &
    pid=$!
    exec 5>in
    echo 'epoch=1 loss=2' >&5
    eventually has_lines out 1
    kill -INT "$pid"
    sleep 0.1
    echo 'epoch=2 loss=1' >&5
    eventually has_lines out 2
    kill -INT "$pid"
    wait "$pid"
    exec 5>&-
}

@test "a SIGINT that was ignored at the start stays ignored" {
    echo 'epoch=1 loss=2' >log
    env --ignore-signal=INT cct-progress --follow log >out 3>&- &
    pid=$!
    eventually has_lines out 1
    kill -INT "$pid"
    sleep 0.1
    echo 'epoch=2 loss=2' >>log
    eventually has_lines out 2
    kill "$pid"
    wait "$pid"
}

@test "SIGINT ends a follower after what remains" {
    echo 'epoch=1 loss=2' >log
    env --default-signal=INT cct-progress --follow log >out 3>&- &
    pid=$!
    eventually has_lines out 1
    kill -INT "$pid"
    wait "$pid"
}

@test "bars are told as time goes by" {
    mkfifo in
    cct-progress <in >out &
    pid=$!
    exec 5>in
    printf '\rEpoch 1:  10%%|#   | 1/10 [00:01<00:01, 5.0it/s, loss=1]' >&5
    eventually has_lines out 1
    exec 5>&-
    wait "$pid"
    jq -e '.epoch == 1 and .step == 1 and .steps == 10 and .loss == 1' out
}

@test "must survive: a 2 MiB line, a NUL, invalid UTF-8, huge numbers, no final newline" {
    {
        head -c 2097152 /dev/zero | tr '\0' x
        printf '\nepoch=1 loss=%s\n' "$(head -c 20000 /dev/zero | tr '\0' 9)"
        printf 'epoch=2\0 loss=1\n\377\376 epoch=3 n\303me=1 loss=1\nepoch=4 loss=1e-9999\nepoch=5 loss=0.5'
    } >log
    run -0 --separate-stderr frozen <log
    jq -e -s 'map(.epoch) == [1, 2, 3, 4, 5] and .[0].loss == null and .[4].loss == 0.5' <<<"$output"
}

@test "memory stays flat over a long log" {
    for i in {1..2000}; do
        printf '\rEpoch 1: %d%%|##| %d/4000 [00:01<00:01, 5it/s, loss=0.%d]' $((i / 40)) "$i" "$i"
    done >part
    mkfifo in
    cct-progress "${now[@]}" <in >/dev/null 3>&- &
    pid=$!
    exec 5>in
    cat part >&5
    before=$(awk '/^VmHWM/ {print $2}' "/proc/$pid/status")
    for i in {1..100}; do cat part; done >&5
    after=$(awk '/^VmHWM/ {print $2}' "/proc/$pid/status")
    exec 5>&-
    wait "$pid"
    [ "$after" -le $((before + 256)) ]
}

@test "--pattern reads named groups; a wrong one is told with its offset" {
    run -0 --separate-stderr frozen --pattern 'E(?<epoch>\d+) (?P<loss>\S+)' <<<'E7 0.25'
    jq -e '.epoch == 7 and .loss == 0.25' <<<"$output"
    run -64 cct-progress --pattern 'a(?<epoch>' </dev/null
    [[ $output == *"offset 10"* ]]
    run -64 cct-progress --pattern '\d+' </dev/null
    [[ $output == *"named group"* ]]
}

@test "--epochs is used where the log does not say it" {
    run -0 --separate-stderr frozen --epochs 9 <<<'epoch=1 loss=2'
    jq -e '.epochs == 9' <<<"$output"
    run -64 cct-progress --epochs 0 </dev/null
    run -64 cct-progress --epochs 1.5 </dev/null
}

@test "wrong use: unknown format, an argument, an unknown option, a file that cannot be read" {
    run -64 cct-progress --format nonsense </dev/null
    [[ $output == *"keras, xgboost"* ]]
    run -64 cct-progress train.log </dev/null
    run -64 cct-progress --nonsense </dev/null
    mkdir folder
    run ! cct-progress --follow folder </dev/null
    [[ $output == "cct-progress: "* ]]
}

@test "each named format reads its own logs" {
    while read -r format name; do
        frozen --format "$format" <"$golden/logs/$name.log" >out
        [ -s out ] || {
            echo "$format read nothing in $name"
            false
        }
    done <<'END'
keras keras-tty
lightning lightning-tty
tqdm tqdm-labelled-pipe
hf hf-pipe
json torch-json
kv torch-kv
xgboost xgboost
lightgbm lightgbm
sklearn sklearn-sgd
END
}

@test "--schema tells the fields" {
    run -0 cct-progress --schema
    jq -e -s 'any(.key == "epoch") and all(.kind == "cct.progress/1")' <<<"$output"
}
