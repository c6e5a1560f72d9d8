#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # stderr is set by run --separate-stderr

# What machines do to a sampler, seen from the command line; the traps of the interfaces
# themselves are in tests/unit/sensor/traps*.c.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    unset CCT_RUN
    export CCT_HOME="$BATS_TEST_TMPDIR/home"
}

machine() { # a copy that can be rewritten
    cp -r "$CCT_SOURCE/tests/sysroot/$1" m
}

put() { # file below m, text: as a whole, by rename
    printf '%s\n' "$2" >"m/$1.new"
    mv "m/$1.new" "m/$1"
}

uj() { # zone, value
    put "sys/class/powercap/$1/energy_uj" "$2"
}

wait_lines() { # file, count
    for _ in $(seq 300); do
        [ -e "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ] && return 0
        sleep 0.02
    done
    return 1
}

wait_started() { # pid: its baseline is taken when the timer is there
    for _ in $(seq 500); do
        [[ "$(readlink /proc/"$1"/fd/* 2>/dev/null)" == *timerfd* ]] && return 0
        sleep 0.01
    done
    return 1
}

sanitized() {
    ldd "$(command -v cct-sample)" | grep -q 'lib[a-z]*san'
}

counted() { # machine
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/$1" | jq -cs '[.[] | select(.counted) | .source]'
}

part_of() { # machine, source
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/$1" | jq -r "select(.source == \"$2\") | .part_of"
}

@test "Grace: the module is counted, its processor and I/O are part of it" {
    [ "$(counted grace)" = '["grace:module-0","grace:module-1"]' ]
    [ "$(part_of grace grace:grace-1)" = grace:module-1 ]
    [ "$(part_of grace grace:cpu-1)" = grace:grace-1 ]
    [ "$(cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/grace" -n 1 -i 200ms | jq '.power_w | round')" = 1221 ]
}

@test "Jetson: VDD_IN is counted alone; without it the rails stand side by side" {
    [ "$(counted jetson-orin-nx)" = '["ina3221:VDD_IN"]' ]
    [ "$(cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/jetson-orin-nx" -n 1 -i 200ms |
        jq '.power_w * 1000 | round')" = 8064 ]
    [ "$(counted jetson-agx-orin)" = '["ina3221:VDD_GPU_SOC","ina3221:VDD_CPU_CV","ina3221:VIN_SYS_5V0"]' ]
}

@test "amdgpu: average, then input; an APU's is the package's" {
    [ "$(counted amdgpu)" = '["rapl:package-0","amdgpu:0000:03:00.0","amdgpu:0000:06:00.0","model:memory"]' ]
    [ "$(part_of amdgpu amdgpu:0000:0a:00.0)" = rapl:package-0 ]
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/amdgpu" -n 1 -i 200ms |
        jq -e '(.components.gpu / .interval_s - 197 | fabs) < 1'
}

@test "xe and i915: 64-bit energies, a card holds its chip" {
    [ "$(counted intel-arc)" = '["rapl:package-0","i915:0000:07:00.0","xe:0000:03:00.0:card","model:memory"]' ]
    machine intel-arc
    cct-sample --sysroot m -i 200ms -o out &
    pid=$!
    wait_started $pid
    put sys/class/hwmon/hwmon1/energy1_input 710000025000000
    wait_lines out 2
    kill -TERM $pid
    wait $pid
    jq -es '(map(.components.gpu // 0 | . * 1e6 | round) | add) == 25000000' out
}

@test "a meter of the whole server holds all the rest" {
    [ "$(counted server-board-meter)" = '["power_meter:hwmon1"]' ]
    [ "$(part_of server-board-meter amd_energy:socket-1)" = power_meter:hwmon1 ]
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/server-board-meter" |
        jq -es 'any(.source == "ipmi:dcmi" and (.readable | not) and (.remedy | contains("ipmi_devintf")))'
}

@test "a laptop on battery: the battery that discharges is counted, a mouse's is none" {
    [ "$(counted laptop-battery)" = '["battery:BAT0"]' ]
    [ "$(cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/laptop-battery" -n 1 -i 200ms | jq '.power_w')" = 12.5 ] ||
        cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/laptop-battery" -n 1 -i 200ms |
        jq -e '(.power_w - 12.5 | fabs) < 0.001'
}

@test "perf of a captured machine is not opened, powercap has the names" {
    [ "$(counted intel-2s-perf)" = '["rapl:package-0","rapl:dram-0","rapl:package-1","rapl:dram-1"]' ]
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/intel-2s-perf" |
        jq -es '[.[] | .source | select(.)] | (unique | length) == length'
}

@test "EC2, GCP, Azure, a microVM with nothing: estimates, labelled" {
    for guest in ec2-vm gcp-vm azure-vm microvm; do
        [ "$(counted $guest)" = '["model:cpu","model:memory"]' ]
        cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/$guest" -n 1 -i 50ms |
            jq -e '.measured_share == 0 and .low_j < .energy_j and .energy_j < .high_j'
    done
}

@test "every captured machine gives valid records and words" {
    for dir in "$CCT_SOURCE"/tests/sysroot/*/; do
        cct-probe --sysroot "$dir" >probe
        jq -es '.[0].schema == "cct.host/1" and all(.[1:][]; .schema == "cct.sensor/1"
            and (.counted | not) == (.counted == false)
            and (if .counted then .readable and (has("part_of") | not) else true end))' probe
        cct-sample --sysroot "$dir" -n 1 -i 20ms 2>/dev/null | jq -e '.interval_s > 0'
        cct-probe --check --sysroot "$dir" >words || [ $? = 1 ]
        [ -s words ]
    done
}

@test "--check tells the order of preference and what waits" {
    cct-probe --check --sysroot "$CCT_SOURCE/tests/sysroot/laptop-battery" >words
    grep -A9 '^Order of preference' words | grep -q 'board *battery, rapl'
    grep -A9 '^Not used now' words | grep -q 'battery:BAT1.*Not charging'
}

@test "energy_uj that reads empty, abc or 20 digits is a gap, and nothing is invented" {
    machine intel-1s
    cct-sample --sysroot m -i 100ms -o out --source 'rapl:package-0' &
    pid=$!
    wait_started $pid
    n=1
    for text in '' abc 99999999999999999999; do
        uj intel-rapl:0 "$text"
        wait_lines out $((n + 2))
        n=$(wc -l <out)
    done
    uj intel-rapl:0 107000000
    wait_lines out $((n + 2))
    kill -TERM $pid
    wait $pid
    jq -es '(map(.energy_j // 0 | . * 1e6 | round) | add) == 7000000' out
    jq -es 'any(.flags["rapl:package-0"] == ["gap"])' out
}

@test "a square wave at 1 s, wraps, a domain unreadable, one vanishing: the truth to the microjoule" {
    machine intel-2s-dram
    python3 "$CCT_SOURCE/tests/cli/scripted-truth.py" m
}

@test "EIO in the middle is a gap" {
    sanitized && skip "with sanitizers"
    command -v strace >/dev/null || skip "no strace"
    # the third and fourth pread of the counter fail
    strace -o /dev/null -e trace=pread64 -P "$CCT_SOURCE/tests/sysroot/intel-1s/sys/class/powercap/intel-rapl:0/energy_uj" \
        -e inject=pread64:error=EIO:when=3..4 \
        cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/intel-1s" --source 'rapl:package-0' -n 5 -i 50ms >out || skip "no tracing here"
    jq -es 'any(.flags["rapl:package-0"] == ["gap"]) and (.[-1].energy_j == 0) and all((.energy_j // 0) == 0)' out
}

@test "EACCES in the middle is a gap, and nothing is lost when it ends" {
    [ "$(id -u)" = 0 ] || skip "needs another user to be"
    machine intel-1s
    chmod -R a+rX m && chmod a+rwx "$BATS_TEST_TMPDIR"
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" test -r m/proc/stat || skip "another user cannot come here"
    "${as[@]}" "$(command -v cct-sample)" --sysroot m -i 100ms -o out --source 'rapl:package-0' &
    pid=$!
    wait_started $pid
    uj intel-rapl:0 103000000
    chmod 0400 m/sys/class/powercap/intel-rapl:0/energy_uj
    wait_lines out 3
    chmod 0444 m/sys/class/powercap/intel-rapl:0/energy_uj
    wait_lines out 5
    kill -TERM $pid
    wait $pid
    jq -es 'any(.flags["rapl:package-0"] == ["gap"]) and (map(.energy_j // 0 | . * 1e6 | round) | add) == 3000000' out
}

@test "a zone added while running is found" {
    machine intel-1s
    cct-sample --sysroot m -i 200ms -o out &
    pid=$!
    wait_started $pid
    cp -r m/sys/class/powercap/intel-rapl:0 new
    echo package-1 >new/name
    mv new m/sys/class/powercap/intel-rapl:1
    for i in $(seq 40); do
        uj intel-rapl:1 $((100000000 + i * 1000000))
        sleep 0.2
        if jq -es 'any(.sources["rapl:package-1"] > 0)' out >/dev/null 2>&1; then break; fi
    done
    kill -TERM $pid
    wait $pid
    jq -es 'any(.sources["rapl:package-1"] > 0 and .components.cpu == .sources["rapl:package-1"])' out
}

@test "1024 threads" {
    machine intel-1s
    for ((i = 0; i < 1024; i++)); do
        printf 'processor\t: %d\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: Intel(R) Xeon(R) Platinum 8490H\nstepping\t: 8\nphysical id\t: %d\nsiblings\t: 128\ncore id\t\t: %d\ncpu cores\t: 64\nflags\t\t: %s\n\n' \
            "$i" $((i / 128)) $((i % 64)) "$(printf 'flag%d ' {1..120})"
    done >m/proc/cpuinfo
    {
        echo 'cpu  1024000 0 1024000 18432000 0 0 0 0 0 0'
        for ((i = 0; i < 1024; i++)); do echo "cpu$i 1000 0 1000 18000 0 0 0 0 0 0"; done
        printf 'intr 1\nctxt 1\nbtime 1700000000\nprocesses 100\n'
    } >m/proc/stat
    [ "$(cct-probe --sysroot m | jq -cs '.[0].cpu | [.sockets, .cores, .threads]')" = '[8,512,1024]' ]
    cct-sample --sysroot m -i 100ms -o out &
    pid=$!
    wait_started $pid
    sed -i '1s/.*/cpu  1075200 0 1075200 18534400 0 0 0 0 0 0/' m/proc/stat
    wait_lines out 2
    kill -TERM $pid
    wait $pid
    jq -es 'all(.interval_s > 0)' out
}

@test "a container without /sys: estimates go on from /proc alone" {
    machine ec2-vm
    rm -r m/sys
    [ "$(cct-probe --sysroot m | jq -cs '[.[] | select(.counted) | .source]')" = '["model:cpu","model:memory"]' ]
    cct-sample --sysroot m -n 2 -i 50ms | jq -es 'all(.energy_j > 0 and .measured_share == 0)'
}

@test "a machine that is stopped for a while: late ticks are flagged, gauges are not stretched" {
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/jetson-orin-nx" -i 100ms -o out &
    pid=$!
    wait_lines out 1
    kill -STOP $pid
    sleep 0.5
    kill -CONT $pid
    wait_lines out 4
    kill -TERM $pid
    wait $pid
    jq -es 'any(.flags.host and (.flags.host | index("gap")))' out
    jq -es 'all((.power_w - 8.064 | fabs) < 0.001)' out
}

@test "a recording is played as if it were live" {
    for i in 1 2 3 4 5; do
        echo "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-0000000000$i\",\"ts\":\"2026-01-01T00:00:0$i.000Z\",\"host\":\"a\",\"interval_s\":0.1,\"energy_j\":12.5,\"components\":{\"cpu\":10,\"gpu\":2.5},\"sources\":{\"rapl:package-0\":10,\"nvml:GPU-1\":2.5}}"
        echo "{\"schema\":\"cct.sample/1\",\"id\":\"BAAAAAAAAAAAAAAA-0000000000$i\",\"ts\":\"2026-01-01T00:00:0$i.000Z\",\"host\":\"another\",\"interval_s\":0.1,\"energy_j\":99,\"components\":{\"cpu\":99}}"
    done >recording
    cct-sample --source replay:recording -i 100ms -n 8 >out
    jq -es 'map(.components.cpu // 0, .components.gpu // 0 | . * 1e6 | round) | add == 62500000' out
    jq -es 'map(select(.energy_j)) | all(.measured_share == 1) and (map(.energy_j * 1e6 | round) | add) == 62500000' out
    jq -es '.[-1] | (has("energy_j") | not) and .flags["replay:cpu"] == ["gap"]' out
}

@test "a recorded estimate stays an estimate, with its bounds" {
    for i in 1 2 3 4 5 6; do
        echo "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-0000000000$i\",\"ts\":\"2026-01-01T00:00:0$i.000Z\",\"host\":\"a\",\"interval_s\":0.2,\"energy_j\":6,\"low_j\":5,\"high_j\":10,\"components\":{\"cpu\":4,\"dram\":2},\"sources\":{\"rapl:package-0\":4,\"model:memory\":2}}"
    done >recording
    cct-sample --source replay:recording -i 200ms -n 3 >out
    jq -es '.[1] | (.power_w - 30 | fabs) < 0.01 and (.measured_share - 0.6667 | fabs) < 0.001' out
    jq -es '.[1] | (.low_j / .energy_j - 5 / 6 | fabs) < 0.001 and (.high_j / .energy_j - 10 / 6 | fabs) < 0.001' out
}

@test "a recording that is not there, or holds no sample" {
    run --separate-stderr -66 cct-sample --source replay:/does/not/exist -n 1
    [[ "$stderr" == *"replay:/does/not/exist"* ]]
    echo '{"schema":"cct.host/1"}' >recording
    run -65 cct-sample --source replay:recording -n 1
}
