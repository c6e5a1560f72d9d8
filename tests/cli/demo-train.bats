# SPDX-License-Identifier: Apache-2.0
# The training of the demonstration keeps the checkpoint convention.

setup() {
    /usr/bin/python3 -c 'import numpy, sklearn' 2>/dev/null ||
        skip 'python3-sklearn is not installed (scripts/deps test)'
    cd "$BATS_TEST_TMPDIR"
    export CCT_HOME=$PWD/home CCT_CHECKPOINT_DIR=$PWD/checkpoint CCT_PROGRESS=$PWD/progress
    mkdir checkpoint
    unset CCT_RUN
}

train() { exec /usr/bin/python3 "$CCT_SOURCE/scripts/demo-train.py" --hidden 32 "$@"; }

seen() { # TEXT FILE
    local i
    for ((i = 0; i < 400; i++)); do
        ! grep -q "$1" "$2" 2>/dev/null || return 0
        sleep 0.05
    done
    return 1
}

@test "it learns, and says how far it is" {
    run train --epochs 5
    [ "$status" -eq 0 ]
    [ "$(jq -cs 'map(.epoch)' progress)" = '[1,2,3,4,5]' ]
    [ "$(jq -cs 'all(.[]; .schema == "cct.progress/1" and .epochs == 5)' progress)" = true ]
    [ "$(jq -s '.[4].loss < .[0].loss and .[4].metrics.accuracy > 0.9' progress)" = true ]
}

@test "resumed, it computes the same to the last bit" {
    run train --epochs 6
    whole=${lines[-1]}
    rm checkpoint/*
    (train --epochs 3)
    run train --epochs 6
    [[ ${lines[0]} == 'resuming after epoch 3' ]]
    [[ $whole == 'weights '* ]]
    [ "${lines[-1]}" = "$whole" ]
}

@test "SIGUSR1 makes it checkpoint and exit 75, a second one changes nothing" {
    run train --epochs 6
    whole=${lines[-1]}
    rm checkpoint/*
    (train --epochs 6 --pause 0.2 >out) &
    seen 'Epoch 2/6' out
    kill -s USR1 $!
    kill -s USR1 $!
    status=0
    wait $! || status=$?
    [ "$status" -eq 75 ]
    ! grep -q 'Epoch 6/6' out
    run train --epochs 6
    [[ ${lines[0]} == 'resuming after epoch '* ]]
    [ "${lines[-1]}" = "$whole" ]
}

@test "under cct-run: stopped by SIGUSR1, resumed under the same name, one record" {
    run train --epochs 6
    whole=${lines[-1]}
    cct-run -q --name digits -- /usr/bin/python3 "$CCT_SOURCE/scripts/demo-train.py" --hidden 32 --epochs 6 --pause 0.2 >out &
    seen 'Epoch 2/6' out
    kill -s USR1 $!
    status=0
    wait $! || status=$?
    [ "$status" -eq 75 ]
    run cct-run -q --name digits -- /usr/bin/python3 "$CCT_SOURCE/scripts/demo-train.py" --hidden 32 --epochs 6
    [ "$status" -eq 0 ]
    [ "${lines[-1]}" = "$whole" ]
    [ "$(cct-pull --run digits | jq -cs 'map(select(.schema == "cct.progress/1").epoch)')" = '[1,2,3,4,5,6]' ]
}
