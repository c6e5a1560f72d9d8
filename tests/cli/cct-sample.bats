#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # stderr is set by run --separate-stderr

load sanitized.bash

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    unset CCT_RUN
    export CCT_HOME="$BATS_TEST_TMPDIR/home"
}

machine() { # a copy that can be rewritten
    cp -r "$CCT_SOURCE/tests/sysroot/$1" m
}

uj() { # zone, value
    echo "$2" >"m/sys/class/powercap/$1/energy_uj.new"
    mv "m/sys/class/powercap/$1/energy_uj.new" "m/sys/class/powercap/$1/energy_uj"
}

wait_lines() { # file, count
    for _ in $(seq 200); do
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

@test "-n counts records, -i is the time between them" {
    cct-sample -n 3 -i 50ms >out
    [ "$(jq -s length out)" = 3 ]
    jq -es 'all(.schema == "cct.sample/1" and .interval_s > 0.03 and .interval_s < 0.5)' out
    jq -es '[.[].id[17:] | tonumber] == [0, 1, 2]' out
}

@test "-d ends with what is left, and makes no record of nothing" {
    cct-sample -d 250ms -i 100ms >out
    jq -es 'length == 3 and (map(.interval_s) | add) > 0.24 and (map(.interval_s) | add) < 0.4' out
    cct-sample -d 200ms -i 100ms >out
    jq -es 'length == 2' out
}

@test "without any counter both models give an estimate with bounds, labelled" {
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/ec2-vm" -n 2 -i 50ms >out
    jq -es 'all(.measured_share == 0 and .low_j < .energy_j and .energy_j < .high_j
        and (.sources | keys) == ["model:cpu", "model:memory"]
        and ((.components.cpu + .components.dram) - .energy_j | fabs) < 0.000002)' out
}

@test "counters rewritten between ticks: the sum is the truth, over a wrap too" {
    machine intel-1s
    uj intel-rapl:0 262143000000
    cct-sample --sysroot m -i 100ms -o out &
    pid=$!
    wait_started $pid
    uj intel-rapl:0 5000000 # 0.328850 J to the end of the range, and 5 J
    uj intel-rapl:0:2 23000000
    wait_lines out 1
    uj intel-rapl:0 12500000
    wait_lines out 3
    kill -TERM $pid
    wait $pid
    jq -es '(map(.energy_j) | add) as $e | ($e - (0.328850 + 5 + 3 + 7.5) | fabs) < 0.000001' out
    jq -es 'any(.flags["rapl:package-0"] == ["wrap"])' out
    jq -es 'all(.measured_share == 1 and (has("low_j") | not) and .components.board == null)' out
}

@test "an unreadable, then a vanished counter is a gap, and loses nothing when it returns" {
    machine intel-1s
    cct-sample --sysroot m -i 100ms -o out --source 'rapl:package-0' &
    pid=$!
    wait_started $pid
    echo >m/sys/class/powercap/intel-rapl:0/energy_uj
    wait_lines out 1
    rm m/sys/class/powercap/intel-rapl:0/energy_uj
    wait_lines out 3
    uj intel-rapl:0 111000000
    wait_lines out 5
    kill -TERM $pid
    wait $pid
    jq -es 'any(.flags["rapl:package-0"] == ["gap"] and (has("energy_j") | not))' out
    jq -es '(map(.energy_j // 0) | add) == 11' out
}

@test "no /sys: time and usage go on, energy is absent, one warning" {
    run --separate-stderr -0 cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/empty" -n 2 -i 20ms
    jq -es 'length == 2 and all((has("energy_j") | not) and .interval_s > 0)' <<<"$output"
    [ "$(grep -c warning <<<"$stderr")" = 1 ]
    [[ "$stderr" == *"cct-probe --check"* ]]
}

@test "a counter that may not be read: one warning, and the model stands in" {
    machine intel-1s
    chmod -R a+rX m && chmod a+rx "$BATS_TEST_TMPDIR"
    find m -name energy_uj -exec chmod 0400 {} +
    [ "$(id -u)" = 0 ] || skip "needs another user to be"
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" test -x m || skip "another user cannot come here"
    run --separate-stderr -0 "${as[@]}" "$(command -v cct-sample)" --sysroot m -n 1 -i 20ms
    [ "$(grep -c warning <<<"$stderr")" = 1 ]
    [[ "$stderr" == *"CVE-2020-8694"* ]]
    jq -es 'all(.measured_share == 0 and .energy_j > 0)' <<<"$output"
}

@test "one package of two that may not be read: a gap in every record, and one warning" {
    machine intel-2s-dram
    chmod -R a+rX m && chmod a+rx "$BATS_TEST_TMPDIR"
    find m -path '*intel-rapl:1/energy_uj' -exec chmod 0400 {} +
    [ "$(id -u)" = 0 ] || skip "needs another user to be"
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" test -x m || skip "another user cannot come here"
    run --separate-stderr -0 "${as[@]}" "$(command -v cct-sample)" --sysroot m -n 2 -i 20ms
    [[ "$stderr" == *"rapl:package-1 cannot be read"*"missing from the total"* ]]
    jq -es 'length == 2 and all(.flags["rapl:package-1"] == ["gap"] and
        (.sources | has("rapl:package-1") | not))' <<<"$output"
}

@test "--source limits what is read and summed" {
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/intel-1s" --source 'rapl:core*' -s 'rapl:dram-0' -n 1 -i 20ms >out
    [ "$(jq -c '.sources | keys' out)" = '["rapl:core-0","rapl:dram-0"]' ]
}

@test "--list prints the sources and ends" {
    cct-sample --list --sysroot "$CCT_SOURCE/tests/sysroot/laptop-psys" >out
    jq -es 'all(.schema == "cct.sensor/1") and length == 6' out
}

@test "with a command, job, idle and other add up to the energy, and the status is the command's" {
    run -3 cct-sample -i 100ms -o out -- bash -c 'for ((i = 0; i < 300000; i++)); do :; done; exit 3'
    jq -es 'all((.job_energy_j + .idle_energy_j + .other_energy_j - .energy_j | fabs) < 0.000001)' out
    jq -es '(map(.job_energy_j) | add) > 0' out
    jq -es 'all(.usage.job_cpu_pct >= 0 and .usage.job_cpu_pct <= 100)' out
}

@test "--idle gives the power at rest" {
    run -0 cct-sample -i 100ms --idle 2 -o out -- sleep 0.25
    jq -es 'all((.idle_energy_j - 2 * .interval_s | fabs) < 0.000001)' out
    run -0 cct-sample -i 100ms --idle 100000 -o out -- sleep 0.15
    jq -es 'all(.idle_energy_j == .energy_j and .job_energy_j == 0)' out
}

@test "energy that came late bears the idle power of all its time" {
    machine intel-1s
    cct-sample --sysroot m --source 'rapl:package-0' --idle 10 -i 100ms -o out -- sleep 0.75 &
    pid=$!
    wait_started $pid
    mv m/sys/class/powercap/intel-rapl:0/energy_uj kept
    wait_lines out 3
    uj intel-rapl:0 150000000
    wait $pid
    jq -es 'map(select(.idle_energy_j > 0)) | .[0] | .energy_j == 50 and .idle_energy_j > 2.5 and .idle_energy_j < 6' out
}

@test "a short command still gets its record" {
    run -0 cct-sample -o out -- true
    jq -es 'length == 1 and .[0].interval_s < 0.9' out
}

@test "the command's own streams are its own" {
    run --separate-stderr -0 cct-sample -o rec -- sh -c 'cat; echo err >&2' <<<"hello"
    [ "$output" = hello ]
    [ "$stderr" = err ]
    cct-sample --fd 3 -- sh -c 'echo visible; echo >&3 2>/dev/null && echo leaked' 3>rec >out || true
    [ "$(cat out)" = visible ]
    jq -es 'length == 1' rec
}

@test "127, 126, 128+N and wrong uses" {
    run -127 cct-sample -o out -- /does/not/exist
    run -126 cct-sample -o out -- /etc/passwd
    run -137 cct-sample -o out -- sh -c 'kill -KILL $$'
    run -64 cct-sample -- true
    run -64 cct-sample -o out --fd 3 -- true
    run -64 cct-sample -i 0
    run -64 cct-sample -n -1
    run -64 cct-sample -n 1.5
    run -64 cct-sample -n 0
    run -64 cct-sample --pid 99999999999
    run -64 cct-sample --idle nan
    run -64 cct-sample --pid 1 --cgroup /x
    run -64 cct-sample --fd 77 -n 1
    run -66 cct-sample --pid 999999999 -n 1
    run -66 cct-sample --cgroup /does/not/exist -n 1
    run -66 cct-sample --sysroot /does/not/exist
}

@test "200 children a second are followed without loss" {
    # about 1.2 s of CPU in 200 short children; what cct-sample counts is what the shell counts
    # shellcheck disable=SC2016
    run -0 cct-sample -i 200ms --idle 0 -o out -- bash -c '
        for ((i = 0; i < 200; i++)); do bash -c "for ((k = 0; k < 700; k++)); do :; done"; done
        times >&9' 9>spent
    # user and system of the shell and of its children
    total=$(tr 'ms' '  ' <spent | awk '{ t += $1 * 60 + $2 + $3 * 60 + $4 } END { print t }')
    threads=$(grep -c ^processor /proc/cpuinfo)
    jq -s "map((.usage.job_cpu_pct // 0) / 100 * .interval_s * $threads) | add" out >seen
    awk -v t="$total" -v s="$(cat seen)" 'BEGIN { print t, s; exit !(s > 0.75 * t && s < 1.3 * t) }'
}

@test "without a cgroup the process tree is followed: 200 children a second" {
    [ "$(id -u)" = 0 ] || skip "needs another user to be"
    chmod a+rwx "$BATS_TEST_TMPDIR"
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" test -w . || skip "another user cannot come here"
    # shellcheck disable=SC2016
    run -0 "${as[@]}" "$(command -v cct-sample)" -i 100ms --idle 0 -o out -- bash -c '
        for ((i = 0; i < 200; i++)); do bash -c "for ((k = 0; k < 700; k++)); do :; done"; done
        times >spent'
    total=$(tr 'ms' '  ' <spent | awk '{ t += $1 * 60 + $2 + $3 * 60 + $4 } END { print t }')
    threads=$(grep -c ^processor /proc/cpuinfo)
    jq -s "map((.usage.job_cpu_pct // 0) / 100 * .interval_s * $threads) | add" out >seen
    awk -v t="$total" -v s="$(cat seen)" 'BEGIN { print t, s; exit !(s > 0.75 * t && s < 1.3 * t) }'
    jq -es 'map(.usage.job_memory_bytes) | max > 0' out
}

@test "a command that daemonises a child ends when the command ends" {
    # shellcheck disable=SC2016
    run -0 cct-sample -i 50ms -o out -- bash -c 'setsid sleep 5 </dev/null >/dev/null 2>&1 & echo $! >pid; disown; exit 0'
    kill "$(cat pid)"
    jq -es 'length >= 1' out
}

@test "the work of a daemonised child counts as the job's" {
    # shellcheck disable=SC2016
    run -0 cct-sample -i 100ms --idle 0 -o out -- bash -c '
        (setsid bash -c "for ((i = 0; i < 400000; i++)); do :; done; touch done" &) ; while [ ! -e done ]; do sleep 0.05; done'
    jq -es 'map(.usage.job_cpu_pct) | max > 10' out
}

@test "cgroup leaves are removed" {
    mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
    [ -n "$mount" ] || skip "no cgroup v2"
    cct-sample -o out -- true
    [ -z "$(find "$mount" -maxdepth 6 -type d -name "cct-[0-9]*" -newer out 2>/dev/null)" ]
}

@test "--pid follows a foreign tree and ends with it" {
    bash -c 'for ((i = 0; i < 250000; i++)); do :; done' &
    pid=$!
    run -0 timeout 20 cct-sample --pid $pid -i 100ms -o out
    jq -es 'map(.usage.job_cpu_pct) | max > 5' out
    jq -es 'all((.job_energy_j + .idle_energy_j + .other_energy_j - .energy_j | fabs) < 0.000001)' out
}

@test "--pid reads the sysroot's processes" {
    machine ec2-vm
    mkdir -p m/proc/77
    line='77 (train) R 1 1 1 0 -1 0 0 0 0 0 %d 0 0 0 20 0 1 0 5 1000 100 0\n'
    # shellcheck disable=SC2059
    printf "$line" 100 >m/proc/77/stat
    cct-sample --sysroot m --pid 77 -i 100ms --idle 0 -o out &
    pid=$!
    wait_started $pid
    # shellcheck disable=SC2059
    printf "$line" 150 >m/proc/77/stat.new && mv m/proc/77/stat.new m/proc/77/stat
    echo 'cpu  1100 0 1000 18100 0 0 0 0 0 0' >m/proc/stat.new && cat m/proc/stat.new >m/proc/stat
    wait_lines out 2
    kill -TERM $pid
    wait $pid
    jq -es 'any(.usage.job_cpu_pct == 25 and .usage.cpu_pct == 50)' out
    jq -es 'all(.usage.job_memory_bytes == 409600)' out
}

@test "--cgroup reads a cgroup's cpu.stat" {
    machine ec2-vm
    mkdir -p m/sys/fs/cgroup/job
    printf 'usage_usec 1000000\nuser_usec 1\n' >m/sys/fs/cgroup/job/cpu.stat
    echo 4096 >m/sys/fs/cgroup/job/memory.current
    cct-sample --sysroot m --cgroup /job -i 100ms -o out &
    pid=$!
    wait_started $pid
    printf 'usage_usec 1250000\nuser_usec 1\n' >m/sys/fs/cgroup/job/cpu.stat
    echo 'cpu  1100 0 1000 18100 0 0 0 0 0 0' >m/proc/stat
    wait_lines out 2
    kill -TERM $pid
    wait $pid
    jq -es 'any(.usage.job_cpu_pct == 12.5)' out
    jq -es 'all(.usage.job_memory_bytes == 4096)' out
}

@test "SIGTERM and SIGINT end it after a last record, 0" {
    for signal in TERM INT; do
        env --default-signal=INT cct-sample -i 10s -o out &
        pid=$!
        wait_started $pid
        kill -$signal $pid
        wait $pid
        jq -es 'length == 1 and .[0].interval_s < 5' out
    done
}

@test "the wall clock set back an hour is flagged, intervals and energy are not touched" {
    sanitized && skip "with sanitizers"
    command -v faketime >/dev/null || skip "no faketime"
    lib=$(find /usr/lib -name libfaketime.so.1 | head -n 1)
    echo '+0' >stamp
    LD_PRELOAD=$lib FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 FAKETIME_TIMESTAMP_FILE=$PWD/stamp FAKETIME_NO_CACHE=1 \
        cct-sample -i 100ms -o out &
    pid=$!
    wait_lines out 2
    echo '-1h' >stamp
    wait_lines out 5
    kill -TERM $pid
    wait $pid
    [ "$(jq -s '[.[] | select(.flags.host and (.flags.host | index("clock_step")))] | length' out)" = 1 ]
    jq -es 'all(.interval_s > 0 and .interval_s < 5 and .energy_j > 0)' out
}

@test "a full disk: with a command one warning and its status, without 74" {
    run --separate-stderr -5 cct-sample -i 20ms -o /dev/full -- sh -c 'sleep 0.2; exit 5'
    [ "$(grep -c warning <<<"$stderr")" = 1 ]
    run -74 cct-sample -i 20ms -n 3 -o /dev/full
    run -74 bash -c 'cct-sample -i 20ms -n 3 >/dev/full'
}

@test "an output that cannot be opened: the command runs" {
    run --separate-stderr -6 cct-sample -o /does/not/exist -- sh -c 'exit 6'
    [[ "$stderr" == *"runs without records"* ]]
    run -66 cct-sample -n 1 -o /does/not/exist/x
}

@test "a reader that goes away never ends the command" {
    mkfifo pipe
    head -n 1 pipe >/dev/null &
    run --separate-stderr -4 cct-sample -i 20ms --fd 3 -- sh -c 'sleep 0.4; exit 4' 3>pipe
    [ "$(grep -c warning <<<"$stderr")" = 1 ]
}

@test "a reader that goes away ends a plain sampler quietly" {
    run bash -c 'set -o pipefail; cct-sample -i 20ms | head -n 1 >/dev/null'
    [ "$status" = 141 ]
}

@test "a reader that stalls does not hold up signals to the command" {
    mkfifo pipe
    (exec <pipe && sleep 30) &
    reader=$!
    cct-sample -i 1ms --fd 3 -- sleep 30 3>pipe &
    pid=$!
    sleep 0.6
    kill -TERM $pid
    status=0
    timeout 5 tail --pid=$pid -f /dev/null
    wait $pid || status=$?
    kill $reader
    [ "$status" = 143 ]
}

@test "-o makes a file for its owner alone, and empties it" {
    (umask 0 && cct-sample -n 1 -i 10ms -o out)
    [ "$(stat -c %a out)" = 600 ]
    cct-sample -n 1 -i 10ms -o out
    [ "$(grep -c . out)" = 1 ]
}

@test "names that are not UTF-8 give valid records" {
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/hostile-names" -n 1 -i 10ms --host $'\xff\xfe' >out
    iconv -f UTF-8 -t UTF-8 out >/dev/null
    jq -es 'length == 1' out
}

@test "--now freezes ts, not the intervals; any locale" {
    LC_ALL=de_DE.UTF-8 cct-sample --now 2026-01-02T03:04:05Z -n 2 -i 20ms >out
    jq -es 'all(.ts == "2026-01-02T03:04:05.000Z" and .interval_s > 0 and (.flags.host // [] | index("clock_step") | not))' out
}

@test "at most 2.5 MB resident" {
    sanitized && skip "with sanitizers"
    cct-sample -i 50ms -o out --sysroot "$CCT_SOURCE/tests/sysroot/intel-1s" 3>&- &
    pid=$!
    wait_lines out 2
    kb=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status")
    kill -TERM $pid
    wait $pid
    echo "$kb kB"
    [ "$kb" -le 2560 ]
}

# A machine that draws W(u) = 20 + 60 x (1 - exp(-2u)) / (1 - exp(-2)), its load rising in 1.5 s.
scripted_load() { # folder
    exec python3 - "$1" <<'EOF'
import math, os, sys, time
root = sys.argv[1]
def put(path, text):
    with open(f"{root}/{path}.new", "w") as f:
        f.write(text)
    os.rename(f"{root}/{path}.new", f"{root}/{path}")
stat = os.open(f"{root}/proc/stat", os.O_WRONLY | os.O_TRUNC) # is kept open by the reader
last = start = time.monotonic()
busy = idle = 1e6
uj = 100e6
while last - start < 20:
    time.sleep(0.004)
    now = time.monotonic()
    u = min(max(now - start - 0.4, 0) / 1.5, 1)
    uj += 1e6 * (now - last) * (20 + 60 * math.expm1(-2 * u) / math.expm1(-2))
    busy += 1000 * u * (now - last) * 8
    idle += 1000 * (1 - u) * (now - last) * 8
    last = now
    put("sys/class/powercap/intel-rapl:0/energy_uj", f"{uj:.0f}\n")
    os.pwrite(stat, f"cpu  {busy:.0f} 0 0 {idle:.0f} 0 0 0 0 0 0\n".encode(), 0)
EOF
}

@test "--calibrate finds the curve of load and power, keeps it, and the model then uses it" {
    machine intel-1s
    scripted_load m &
    script=$!
    sleep 0.3
    run --separate-stderr -0 cct-sample --sysroot m --calibrate -d 2s
    kill $script
    [[ "$stderr" == *"calibrating for 2 s"* ]]
    jq -es 'length == 1 and (.[0] | .schema == "cct.calibration/1" and .threads == 12
        and (.max_w | . > 72 and . < 88) and .error_pct < 10 and (.points | length) > 10
        and (.curve_w[5] | . > 57 and . < 72))' <<<"$output"
    file=$(echo home/calibration/*.ndjson)
    [ "$(stat -c %a "$file")" = 600 ]
    [ "$(stat -c %a home/calibration)" = 700 ]
    [ "$(cat "$file")" = "$output" ]
    max=$(jq '.curve_w[5]' "$file") # without a load that is known, half of it is assumed
    rm -r m/sys/class/powercap
    cct-sample --sysroot m -n 1 -i 50ms -s model:cpu | jq -es --argjson w "$max" \
        '.[0].power_w / $w | . > 0.99 and . < 1.01'
    cct-probe --sysroot m --check >out || true
    grep -q 'by the calibration of this CPU' out
    cct-sample --sysroot m --home elsewhere -n 1 -i 50ms -s model:cpu --profile "$file" |
        jq -es --argjson w "$max" '.[0].power_w / $w | . > 0.99 and . < 1.01'
    run -65 cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/ec2-vm" -n 1 --profile "$file"
    [[ "$output" == *"another CPU"* ]]
    run -66 cct-sample --sysroot m -n 1 --profile none
}

@test "--calibrate without a counter says that there is nothing to calibrate by" {
    run -69 cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/ec2-vm" --calibrate -d 100ms
    [[ "$output" == *"no energy counter of the CPU"* ]]
    [ ! -e home ]
}

@test "a load that does not change teaches no curve, and leaves the old calibration" {
    machine intel-1s
    mkdir -p home/calibration
    echo old >profile
    run -65 cct-sample --sysroot m --calibrate=profile -d 200ms
    [ "$(cat profile)" = old ]
}

@test "idle power says where it is from" {
    cct-sample --idle 3 -i 50ms -o out -- sleep 0.12
    jq -es 'all(.idle_source == "option")' out
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/ec2-vm" -i 50ms -o out -- sleep 0.12
    jq -es 'all(.idle_source == "table")' out
    cct-sample -i 50ms -n 1 >out
    jq -es 'all(has("idle_source") | not)' out
}

@test "--cgroup finds a job of version 1 under cpuacct, and its memory under memory" {
    machine ec2-vm
    mkdir -p m/proc/self m/sys/fs/cgroup/cpu,cpuacct/slurm/job_7 m/sys/fs/cgroup/memory/slurm/job_7
    printf '%s\n' 'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0' \
        'cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0' >m/proc/self/mounts
    echo 1000000000 >m/sys/fs/cgroup/cpu,cpuacct/slurm/job_7/cpuacct.usage
    printf 'nr_periods 0\n' >m/sys/fs/cgroup/cpu,cpuacct/slurm/job_7/cpu.stat
    echo 8192 >m/sys/fs/cgroup/memory/slurm/job_7/memory.usage_in_bytes
    cct-sample --sysroot m --cgroup /slurm/job_7 -i 100ms -o out &
    pid=$!
    wait_started $pid
    echo 1250000000 >m/sys/fs/cgroup/cpu,cpuacct/slurm/job_7/cpuacct.usage
    wait_lines out 2
    rm -r m/sys/fs/cgroup/cpu,cpuacct/slurm/job_7/cpuacct.usage
    kill -TERM $pid
    wait $pid
    jq -es '(.[0].usage.job_memory_bytes == 8192) and (map(.job_energy_j // 0) | add) > 0' out
}

# A thousand processes in five seconds, each with some work; then what their cgroup, and what their
# parent say of it.
storm() { # file of samples, command before
    local out=$1
    shift
    # shellcheck disable=SC2016
    "$@" "$(command -v cct-sample)" -i 100ms --idle 0 -o "$out" -- bash -c '
        for ((i = 0; i < 20; i++)); do
            for ((k = 0; k < 50; k++)); do bash -c "for ((j = 0; j < 200; j++)); do :; done"; done
            sleep 0.1
        done
        mount=$(awk "\$3 == \"cgroup2\" { print \$2; exit }" /proc/self/mounts)
        own=$(sed -n "s/^0:://p" /proc/self/cgroup)
        sed -n "s/^usage_usec //p" "$mount$own/cpu.stat" >account 2>/dev/null || true
        echo "$own" >leaf
        times >spent'
    threads=$(grep -c ^processor /proc/cpuinfo)
    jq -s "map((.usage.job_cpu_pct // 0) / 100 * .interval_s * $threads) | add" "$out" >seen
}

@test "a fork storm: within 2 % of the cgroup's own account" {
    storm out
    [[ "$(cat leaf)" == */cct-* ]] || skip "no leaf can be made here"
    awk -v t="$(cat account)" -v s="$(cat seen)" \
        'BEGIN { t /= 1e6; print t, s; exit !(t > 0.2 && s > 0.98 * t && s < 1.02 * t) }'
}

@test "a fork storm without a cgroup: within 6 % of what the parent was charged" {
    [ "$(id -u)" = 0 ] || skip "needs another user to be"
    chmod a+rwx "$BATS_TEST_TMPDIR"
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    "${as[@]}" test -w . || skip "another user cannot come here"
    storm out "${as[@]}"
    total=$(tr 'ms' '  ' <spent | awk '{ t += $1 * 60 + $2 + $3 * 60 + $4 } END { print t }')
    awk -v t="$total" -v s="$(cat seen)" \
        'BEGIN { print t, s; exit !(t > 0.2 && s > 0.94 * t && s < 1.06 * t) }'
}

@test "SIGINT ends it after a last record, as a shell's background job too" {
    bash -c 'cct-sample -i 50ms >out 3>&- & pid=$!
        until [ -s out ]; do sleep 0.02; done
        kill -INT $pid; wait $pid'
    tail -n 1 out | jq -e '.interval_s > 0'
}
