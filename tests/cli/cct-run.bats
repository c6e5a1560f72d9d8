# SPDX-License-Identifier: Apache-2.0

load sanitized.bash

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR"
    export CCT_HOME=$BATS_TEST_TMPDIR/home
    unset CCT_RUN CCT_ZONE CCT_PROGRESS CCT_CHECKPOINT_DIR CCT_RUN_DIR
}

# cct-run, whatever happens within 60 s
tracked() { timeout --foreground -k 5 60 cct-run "$@"; }

records() { # RUN: what is kept of it
    cct-pull --run "$1"
}

kept() { # RUN FILTER: jq's answer on the whole run
    records "$1" | jq -cs "$2"
}

wait_for() { # COMMAND...: until it succeeds, 10 s
    local i
    for ((i = 0; i < 200; i++)); do
        ! "$@" || return 0
        sleep 0.05
    done
    return 1
}

ended() { # the status of the background job, in $status
    status=0
    wait $! || status=$?
}

missing_tool() { # NAME: a PATH on which all programs are but that
    local name
    mkdir -p few
    for name in event probe sample progress carbon push pull report run; do
        [ "cct-$name" = "$1" ] || ln -s "$(type -P "cct-$name")" few/
    done
    printf '%s:%s' "$PWD/few" /usr/bin:/bin
}

@test "a run is kept from start to end, with one summary line and a page" {
    run --separate-stderr tracked --name one -- true
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [[ $stderr == 'cct-run: '*'; page: '"$CCT_HOME/runs/one/report.html" ]]
    [[ $stderr != *$'\n'* ]]
    [ -s "$CCT_HOME/runs/one/report.html" ]
    [ "$(kept one '[.[] | select(.schema == "cct.run/1") | .event]')" = '["start","end"]' ]
    [ "$(kept one 'map(select(.event == "start"))[0].command')" = '["true"]' ]
    [ "$(kept one 'map(select(.event == "end"))[0].exit_status')" = 0 ]
    kept one 'any(.[]; .schema == "cct.host/1") and any(.[]; has("energy_j"))' | grep -qx true
    [ "$(kept one 'all(.[]; .run == "one")')" = true ]
}

@test "a zone gives emissions" {
    run tracked -q --name z --zone KR -- sleep 0.1
    [ "$status" -eq 0 ]
    kept z 'any(.[]; .schema == "cct.emission/1" and .zone == "KR" and .emission_g > 0)' | grep -qx true
}

@test "the command's own status" {
    for n in 0 1 7 64 125 255; do
        run tracked -q -- bash -c "exit $n"
        [ "$status" -eq "$n" ]
    done
}

@test "an unknown command is 127, one that is not executable 126" {
    run -127 tracked --name gone -- ./no-such-command
    [[ $output == *no-such-command* ]]
    echo hello >plain
    run tracked --name plain -- ./plain
    [ "$status" -eq 126 ]
    [ "$(kept gone 'map(select(.event == "end"))[0].exit_status')" = 127 ]
}

@test "a command that dies of its own signal is 128+N" {
    run tracked -q --name sig -- bash -c 'kill -s SEGV $$'
    [ "$status" -eq 139 ]
    [ "$(kept sig 'map(select(.event == "end"))[0] | [.exit_status, .signal]')" = '[139,"SIGSEGV"]' ]
    run tracked -q -- bash -c 'kill -s KILL $$'
    [ "$status" -eq 137 ]
}

@test "words of the command arrive as they are" {
    run tracked -q -- printf '<%s>' 'a b' '' '*' '$HOME' "it's" $'new\nline' --zone -- -x
    [ "$output" = "<a b><><*><\$HOME><it's><new"$'\n'"line><--zone><--><-x>" ]
    run tracked -q echo without dashes --help
    [ "$output" = 'without dashes --help' ]
}

@test "SIGTERM to cct-run: the training gets it, the record and the summary are whole" {
    cat >train <<'END'
#!/bin/bash
trap 'echo got TERM; exit 3' TERM
echo ready
while :; do sleep 0.05; done
END
    chmod +x train
    cct-run --name t -i 100ms -- ./train >out 2>err &
    wait_for grep -q ready out
    kill -s TERM $!
    ended
    [ "$status" -eq 3 ]
    grep -qx 'got TERM' out
    grep -q '^cct-run: .*page: ' err
    [ "$(kept t 'map(select(.event == "end"))[0].exit_status')" = 3 ]
    [ "$(kept t 'any(.[]; has("energy_j"))')" = true ]
}

@test "SIGTERM to a training without a handler: 143" {
    cct-run --name t -- bash -c 'echo ready; exec sleep 60' >out 2>err &
    wait_for grep -q ready out
    kill -s TERM $!
    ended
    [ "$status" -eq 143 ]
    [ "$(kept t 'map(select(.event == "end"))[0] | [.exit_status, .signal]')" = '[143,"SIGTERM"]' ]
    grep -q '^cct-run: .*page: ' err
}

@test "SIGTERM to everybody at once, as a batch system does" {
    cat >train <<'END'
#!/bin/bash
trap 'echo "{\"epoch\":2,\"loss\":0.5}" >>"$CCT_PROGRESS"; exit 5' TERM
echo "{\"epoch\":1,\"loss\":0.7}" >>"$CCT_PROGRESS"
echo ready
while :; do sleep 0.05; done
END
    chmod +x train
    setsid cct-run --name all -- ./train >out 2>err &
    wait_for grep -q ready out
    kill -s TERM -- -$!
    ended
    [ "$status" -eq 5 ]
    grep -q '^cct-run: .*page: ' err
    [ "$(kept all 'map(select(.schema == "cct.progress/1").epoch)')" = '[1,2]' ]
    [ "$(kept all 'map(select(.event == "end"))[0].exit_status')" = 5 ]
}

@test "HUP, USR1, USR2, QUIT and INT are passed on" {
    cat >train <<'END'
#!/bin/bash
for s in HUP USR1 USR2 QUIT INT; do trap "echo got $s" "$s"; done
trap 'exit 0' TERM
echo ready
while :; do sleep 0.05; done
END
    chmod +x train
    # bash ignores INT and QUIT in background jobs: python does not
    /usr/bin/python3 -c '
import signal, subprocess, sys, time
for s in ("SIGINT", "SIGQUIT"):
    signal.signal(getattr(signal, s), signal.SIG_DFL)
out = open("out", "wb")
p = subprocess.Popen(["cct-run", "-q", "--", "./train"], stdout=out)
def seen(text):
    end = time.monotonic() + 10
    while text not in open("out").read():
        assert time.monotonic() < end, text
        time.sleep(0.02)
seen("ready")
for s in ("HUP", "USR1", "USR2", "QUIT", "INT"):
    p.send_signal(getattr(signal, "SIG" + s))
    seen("got " + s)
p.send_signal(signal.SIGTERM)
sys.exit(p.wait(20))
'
    [ "$(grep -c '^got' out)" -eq 5 ]
}

@test "a training that hears SIGUSR1 checkpoints and exits 75" {
    cct-run -q --name c -- bash -c 'trap "touch \"\$CCT_CHECKPOINT_DIR/saved\"; exit 75" USR1; echo ready; while :; do sleep 0.05; done' >out &
    wait_for grep -q ready out
    kill -s USR1 $!
    ended
    [ "$status" -eq 75 ]
    [ -e "$CCT_HOME/runs/c/checkpoint/saved" ]
}

@test "Ctrl-C once ends the training; the record and the summary are whole" {
    run "$CCT_SOURCE/tests/cli/terminal.py" --interrupt-at ready -- \
        cct-run --name i -- bash -c 'echo ready; exec sleep 60'
    echo "$output"
    [[ ${lines[-1]} == 'SIGNAL 2' ]] # so that an interrupted loop of a shell ends
    [[ $output == *'cct-run: '*'page: '* ]]
    [ "$(kept i 'map(select(.event == "end"))[0] | [.exit_status, .signal]')" = '[130,"SIGINT"]' ]
}

@test "Ctrl-C once reaches the training once" {
    run "$CCT_SOURCE/tests/cli/terminal.py" --interrupt-at ready -- cct-run --name i -- bash -c \
        'n=0; trap "n=\$((n + 1))" INT; echo ready; for ((i = 0; i < 20; i++)); do sleep 0.05; done; echo "heard $n"'
    echo "$output"
    [[ $output == *'heard 1'* ]]
    [[ ${lines[-1]} == 'STATUS 0' ]]
}

@test "Ctrl-C twice: a training that only hears the second ends with its own status" {
    # it speaks outside its trap: bash may lose a signal that comes during one
    cat >train <<'END'
#!/bin/bash
n=0 seen=0
trap 'n=$((n + 1))' INT
echo ready
while ((n < 2)); do
    sleep 0.05
    ((n == seen)) || echo "heard $n"
    seen=$n
done
exit 9
END
    chmod +x train
    for try in 1 2 3; do
        run "$CCT_SOURCE/tests/cli/terminal.py" --interrupt-at ready --interrupt-at 'heard 1' -- \
            cct-run --name "i$try" -- ./train
        echo "$output"
        [[ ${lines[-1]} == 'STATUS 9' ]]
        [[ $output == *'cct-run: '*'page: '* ]]
        [ "$(kept "i$try" 'map(select(.event == "end"))[0].exit_status')" = 9 ]
        [ "$(kept "i$try" 'any(.[]; has("energy_j"))')" = true ]
    done
}

@test "a SIGINT that is ignored stays ignored" {
    (
        trap '' INT
        exec cct-run -q --name n -- bash -c 'echo ready; kill -s INT $$; echo alive'
    ) >out
    grep -qx alive out
}

@test "SIGKILL of cct-run leaves a readable record, and the training runs on" {
    cct-run --name k -i 50ms -- bash -c 'echo ready; sleep 1; echo finished' >out 2>err &
    wait_for grep -q ready out
    kill -s KILL $!
    ended
    [ "$status" -eq 137 ]
    wait_for grep -q finished out
    wait_for bash -c 'cct-pull --run k | grep -q "\"event\":\"end\""'
    run --separate-stderr records k
    [ "$status" -eq 0 ]
    [ "$(jq -cs 'map(select(.schema == "cct.run/1").event)' <<<"$output")" = '["start","end"]' ]
}

small_disk() { # SIZE
    mkdir disk
    mount -t tmpfs -o "size=$1,mode=700" none disk 2>/dev/null ||
        skip 'no file system can be mounted here'
}

teardown() {
    ! mountpoint -q "$BATS_TEST_TMPDIR/disk" || umount "$BATS_TEST_TMPDIR/disk"
    ! mountpoint -q "$BATS_TEST_TMPDIR/frozen" || umount "$BATS_TEST_TMPDIR/frozen"
}

@test "a full disk from the start: the training runs, one warning, kept elsewhere" {
    small_disk 64k
    dd if=/dev/zero of=disk/fill bs=4k status=none 2>/dev/null || :
    export TMPDIR=$BATS_TEST_TMPDIR
    run --separate-stderr tracked --home disk/home --name f -- bash -c 'echo trained; exit 4'
    echo "$stderr"
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [ "$(grep -c 'warning' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"cct-run: warning: $PWD/disk/home: cannot be written, this run is kept in $TMPDIR/cct-"* ]]
    ls "$TMPDIR"/cct-*/runs/f/report.html
}

@test "a disk that fills up during the run: the training goes on, one warning" {
    small_disk 256k
    run --separate-stderr tracked --home disk/home --name f -i 20ms -- bash -c \
        'dd if=/dev/zero of=disk/fill bs=4k status=none 2>/dev/null; sleep 1; echo trained; exit 4'
    echo "$stderr"
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [ "$(grep -c 'warning' <<<"$stderr")" -eq 1 ]
}

@test "a read-only home: the training runs, one warning" {
    mkdir frozen
    mount -t tmpfs -o ro none frozen 2>/dev/null || skip 'no file system can be mounted here'
    export TMPDIR=$BATS_TEST_TMPDIR
    run --separate-stderr tracked --home frozen/home --name r -- bash -c 'echo trained; exit 4'
    echo "$stderr"
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [ "$(grep -c 'warning' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *'cannot be written, this run is kept in '* ]]
}

@test "no folder at all: the training runs untracked, one warning" {
    touch file
    TMPDIR=$PWD/file run --separate-stderr tracked --home "$PWD/file/home" -- bash -c 'echo trained; exit 4'
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [[ $stderr == 'cct-run: warning: '*'runs untracked' ]]
    [[ $stderr != *$'\n'* ]]
}

@test "a closed pipe: cct-run -- yes | head -1" {
    run --separate-stderr bash -c 'timeout 20 cct-run --name y -- yes | head -n 1; echo "${PIPESTATUS[0]}"'
    [ "${lines[0]}" = y ]
    [ "${lines[1]}" = 141 ]
    [ "$(kept y 'map(select(.event == "end"))[0].exit_status')" = 141 ]
}

@test "standard error that nobody reads costs neither the status nor the page" {
    run bash -c 'timeout 20 cct-run --name e -- bash -c "exit 6" 2> >(exec true); echo "$?"'
    [ "${lines[-1]}" = 6 ]
    [ -s "$CCT_HOME/runs/e/report.html" ]
}

@test "/dev/full as standard output and error" {
    run bash -c 'timeout 20 cct-run --name full -- bash -c "exit 6" >/dev/full 2>/dev/full; echo "$?"'
    [ "${lines[-1]}" = 6 ]
    [ -s "$CCT_HOME/runs/full/report.html" ]
}

@test "a home with spaces and quotes" {
    export CCT_HOME="$BATS_TEST_TMPDIR/it's a \"home\" \$(x) *; é"
    run --separate-stderr tracked --name h -- bash -c 'printf %s "$CCT_RUN_DIR"'
    [ "$status" -eq 0 ]
    [ "$output" = "$CCT_HOME/runs/h" ]
    [[ $stderr == *"page: $CCT_HOME/runs/h/report.html" ]]
    [ "$(kept h 'length > 2')" = true ]
}

@test "a relative --home is the same folder for the training" {
    run tracked -q --home here --name h -- bash -c 'cd / && test -d "$CCT_RUN_DIR" && echo yes'
    [ "$output" = yes ]
    [ -d here/runs/h ]
}

@test "200 children a second for a while" {
    run --separate-stderr tracked --name kids -i 100ms -- bash -c 'for ((i = 0; i < 300; i++)); do /bin/true; done; exit 2'
    [ "$status" -eq 2 ]
    [ "$(kept kids 'any(.[]; has("job_energy_j"))')" = true ]
}

@test "a training that leaves a daemon behind: cct-run ends with the command" {
    begin=$EPOCHSECONDS
    run tracked -q --name d -- bash -c 'setsid sleep 30 >/dev/null 2>&1 </dev/null & echo $!; exit 3'
    [ "$status" -eq 3 ]
    [ $((EPOCHSECONDS - begin)) -lt 15 ]
    kill -0 "$output" # alive
    kill "$output"
    [ "$(kept d 'map(select(.event == "end"))[0].exit_status')" = 3 ]
}

@test "standard input is the training's" {
    run bash -c 'printf "a\nb\n" | timeout 20 cct-run -q -- cat'
    [ "$output" = $'a\nb' ]
    run bash -c '{ timeout 20 cct-run -q -- head -c 2; cat; } < <(printf abcd)'
    [[ $output == ab* ]]
    run bash -c 'timeout 20 cct-run -q -- bash -c "read -r x || echo closed" <&-'
    [ "${lines[-1]}" = closed ]
}

@test "standard output and error are the training's and stay apart" {
    run --separate-stderr tracked -q -- bash -c 'echo out; echo err >&2'
    [ "$output" = out ]
    [ "$stderr" = err ]
}

@test "a terminal stays one" {
    run "$CCT_SOURCE/tests/cli/terminal.py" -- cct-run -q -- bash -c '[[ -t 0 && -t 1 && -t 2 ]] && echo tty'
    [ "${lines[0]}" = tty ]
    run "$CCT_SOURCE/tests/cli/terminal.py" -- cct-run -q -- bash -c 'ps -o stat= -p $$'
    [[ ${lines[0]} == *+* ]]
}

@test "the training has no descriptor more than without cct-run" {
    list='for f in /proc/self/fd/*; do echo "${f##*/}"; done'
    run bash -c "$list"
    alone=$output
    run tracked -q -- bash -c "$list"
    [ "$output" = "$alone" ]
}

@test "the training keeps the caller's umask; what we make is private" {
    umask 027
    run tracked -q --name u -- bash -c 'umask; touch made'
    [ "$output" = 0027 ]
    [ "$(stat -c %a made)" = 640 ]
    [ "$(stat -c %a "$CCT_HOME/runs/u" "$CCT_HOME/runs/u/checkpoint" "$CCT_HOME/runs/u/progress.ndjson" | tr '\n' ' ')" = '700 700 600 ' ]
    [ -z "$(find "$CCT_HOME" -perm /077)" ]
}

@test "the environment is the caller's and four variables" {
    export BASH_ENV=$BATS_TEST_TMPDIR/env.bash ODD='a b' SHLVL=3
    echo 'echo BASH_ENV was read' >"$BASH_ENV"
    hello() { echo 'a function'; }
    export -f hello
    run tracked -q --name v -- env
    grep -qx 'ODD=a b' <<<"$output"
    grep -qx 'CCT_RUN=v' <<<"$output"
    grep -qx "CCT_RUN_DIR=$CCT_HOME/runs/v" <<<"$output"
    grep -qx "CCT_CHECKPOINT_DIR=$CCT_HOME/runs/v/checkpoint" <<<"$output"
    grep -qx "CCT_PROGRESS=$CCT_HOME/runs/v/progress.ndjson" <<<"$output"
    grep -q '^BASH_FUNC_hello' <<<"$output"
    ! grep -q 'BASH_ENV was read' <<<"$output"
    diff <(env | grep -vE '^(_|SHLVL|BATS_[A-Z_]*)=' | sort) <(grep -vE '^(_|SHLVL|BATS_[A-Z_]*|CCT_(RUN|RUN_DIR|CHECKPOINT_DIR|PROGRESS))=' <<<"$output" | sort)
}

@test "progress that the training writes is in its record" {
    run tracked -q --name p --epochs 2 -- bash -c 'for i in 1 2; do echo "{\"schema\":\"cct.progress/1\",\"epoch\":$i,\"loss\":0.$i}" >>"$CCT_PROGRESS"; done'
    [ "$(kept p 'map(select(.schema == "cct.progress/1") | [.epoch, .loss, .run])')" = '[[1,0.1,"p"],[2,0.2,"p"]]' ]
}

@test "an existing name goes on as the next segment, with its checkpoint" {
    run tracked -q --name s -- bash -c 'echo 1 >"$CCT_CHECKPOINT_DIR/c"; echo "{\"epoch\":1}" >>"$CCT_PROGRESS"; exit 75'
    [ "$status" -eq 75 ]
    run tracked -q --name s -- bash -c 'cat "$CCT_CHECKPOINT_DIR/c"; echo "{\"epoch\":2}" >>"$CCT_PROGRESS"'
    [ "$output" = 1 ]
    [ "$(kept s 'map(select(.schema == "cct.run/1").event)')" = '["start","end","segment","end"]' ]
    [ "$(kept s 'map(select(.schema == "cct.progress/1").epoch)')" = '[1,2]' ]
}

@test "the commit of the source tree is in the record" {
    git init -q tree
    git -C tree -c user.name=a -c user.email=a@b commit -q --allow-empty -m x
    cd tree
    run tracked -q --name g -- true
    [ "$(kept g 'map(select(.event == "start"))[0].git')" = "\"$(git rev-parse HEAD)\"" ]
}

@test "names: made from the time, two runs two names, bad ones refused" {
    tracked -q -- true
    tracked -q -- true
    run ls "$CCT_HOME/runs"
    [ "${#lines[@]}" -eq 2 ]
    [[ ${lines[0]} =~ ^[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$ ]]
    for name in '' . .. a/b '../x' 'a b' -x "$(printf '%0200d' 1)"; do
        run tracked --name "$name" -- true
        [ "$status" -eq 64 ]
    done
}

@test "--report writes the page there too; where it cannot, one warning" {
    run --separate-stderr tracked -q --name r --report 'my page.html' -- true
    [ "$status" -eq 0 ]
    cmp 'my page.html' "$CCT_HOME/runs/r/report.html"
    run --separate-stderr tracked --report none/page.html -- true
    [ "$status" -eq 0 ]
    [ "$(grep -c warning <<<"$stderr")" -eq 1 ]
}

@test "--quiet prints nothing" {
    run tracked --quiet -- true
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "wrong uses are 64, and the training does not start" {
    touch_it=(touch started)
    for words in '' '--zone' '--zone KR --region aws/eu-west-1' '--budget 5' '--push x' '--nothing' \
        '-i soon' '-i' '--epochs 0' '--epochs x' '--home= '; do
        # shellcheck disable=SC2086
        run --separate-stderr tracked $words ${words:+-- "${touch_it[@]}"}
        [ "$status" -eq 64 ] || { echo "$words: $status" && false; }
        [[ $stderr == 'cct-run: '* ]]
        [ ! -e started ]
    done
}

@test "an unknown zone or region is 64 before the training starts" {
    run --separate-stderr tracked --zone XX-NOWHERE -- touch started
    [ "$status" -eq 64 ]
    [[ $stderr == *XX-NOWHERE* ]]
    run tracked --region aws/nowhere-9 -- touch started
    [ "$status" -eq 64 ]
    [ ! -e started ]
}

@test "without cct-sample, or with a broken one, the training runs untracked" {
    path=$(missing_tool cct-sample)
    PATH=$path run --separate-stderr tracked -- bash -c 'echo trained; exit 4'
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [[ $stderr == 'cct-run: warning: cannot run cct-sample: the training runs untracked' ]]
    printf '#!/bin/bash\nkill -s SEGV $$\n' >few/cct-sample
    chmod +x few/cct-sample
    PATH=$path run --separate-stderr tracked -- bash -c 'echo trained; exit 4'
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [ "$(grep -c 'warning' <<<"$stderr")" -eq 1 ]
}

@test "a cct-carbon that fails: kept without emissions, one warning" {
    path=$(missing_tool cct-carbon)
    printf '#!/bin/bash\n[[ $1 == --zone ]] || { read -r x; echo "cct-carbon: broken" >&2; exit 70; }\n' >few/cct-carbon
    chmod +x few/cct-carbon
    PATH=$path run --separate-stderr tracked --name c -- bash -c 'sleep 0.2; exit 4'
    echo "$stderr"
    [ "$status" -eq 4 ]
    [ "$(grep -c 'warning' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *'kept without emissions: cct-carbon: broken'* ]]
    [ "$(kept c 'any(.[]; .event == "end")')" = true ]
}

@test "a cct-push that dies: the training goes on to its end, one warning" {
    path=$(missing_tool cct-push)
    printf '#!/bin/bash\n[[ $1 != --version ]] || exit 0\nread -r x\nexit 74\n' >few/cct-push
    chmod +x few/cct-push
    PATH=$path run --separate-stderr tracked -i 20ms -- bash -c 'sleep 0.5; echo trained; exit 4'
    echo "$stderr"
    [ "$status" -eq 4 ]
    [ "$output" = trained ]
    [ "$(grep -c 'warning' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *'cct-push: status 74'* ]]
}

@test "programs beside cct-run are found without PATH" {
    path=$(missing_tool none)
    rm few/cct-run
    cp "$(type -P cct-run)" few/
    PATH=/usr/bin:/bin run --separate-stderr timeout 20 "$PWD/few/cct-run" --name b -- bash -c 'echo "$PATH"'
    [ "$output" = /usr/bin:/bin ]
    [ -s "$CCT_HOME/runs/b/report.html" ]
}

@test "no HOME, no XDG_STATE_HOME, as in cron" {
    run --separate-stderr env -i PATH="$PATH" TMPDIR="$BATS_TEST_TMPDIR" XDG_STATE_HOME="$BATS_TEST_TMPDIR/state" \
        timeout 20 cct-run --name cron -- true </dev/null
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [[ $stderr != *$'\n'* ]]
    [ -d "$BATS_TEST_TMPDIR/state/cct/runs/cron" ]
}

@test "--help, --usage, --version and --schema" {
    run cct-run --help
    [ "$status" -eq 0 ]
    [[ $output == 'Usage: cct-run '* ]]
    run cct-run --usage
    [ "$status" -eq 0 ]
    run cct-run --version
    [[ $output == 'cct-run '[0-9]* ]]
    run cct-run --schema
    jq -es 'any(.kind == "cct.run/1")' <<<"$output"
}

@test "no process of it is larger than 12 MB" {
    [[ -e $CCT_BUILD/tests/bench/rusage ]] || skip 'tests/bench/rusage is not built'
    if sanitized; then skip 'a sanitizer wants its own memory'; fi
    read -r _ kb < <("$CCT_BUILD/tests/bench/rusage" cct-run -- true)
    [ "$kb" -le 12288 ]
}

@test "help, usage and version notice a full disk" {
    local option
    for option in --help --usage --version; do
        run bash -c 'cct-run "$1" >/dev/full 2>/dev/null' - "$option"
        [ "$status" -eq 74 ]
    done
}

@test "a value that no program takes is said before anything starts" {
    local wrong
    for wrong in '--interval=0s' '--interval=1ns' '--now=soon' '--host='; do
        run --separate-stderr tracked "$wrong" -- touch started
        [ "$status" -eq 64 ]
        [[ ${stderr_lines[0]} == "cct-run: ${wrong%%=*}: "* ]]
        [ "${#stderr_lines[@]}" -eq 2 ]
        [ ! -e started ] && [ ! -e "$CCT_HOME" ]
    done
    run tracked --now=now --host=h --interval=1m -- true
    [ "$status" -eq 0 ]
}

@test "the copy of the page is made with the permissions that the user gives to files" {
    umask 022
    run tracked --report page.html -- true
    [ "$status" -eq 0 ]
    [ "$(stat -c %a page.html)" = 644 ]
    [ "$(stat -c %a "$CCT_HOME"/runs/*/report.html)" = 600 ]
}
