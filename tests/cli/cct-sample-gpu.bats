#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Accelerators: a fake NVML whose readings a file tells (tests/fake/nvml.c).
# shellcheck disable=SC2154 # stderr is set by run --separate-stderr

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    unset CCT_RUN CUDA_VISIBLE_DEVICES NVIDIA_VISIBLE_DEVICES
    export CCT_HOME="$BATS_TEST_TMPDIR/home" FAKE_NVML="$BATS_TEST_TMPDIR/script"
    lib="$CCT_BUILD/tests/fake/fake-nvml.so"
    empty="$CCT_SOURCE/tests/sysroot/empty"
}

script() { # lines of the fake's file
    printf '%s\n' "$@" >script
}

boards() { # only accelerators
    cct-sample --sysroot "$empty" --nvml "$lib" "$@"
}

@test "two boards, each joule once: the sum of the counters" {
    script '0 uuid GPU-aaaa' '0 energy 1 1000 3500 9000' '1 uuid GPU-bbbb' '1 energy 1 500 1500 2501'
    boards -n 2 -i 50ms >out
    jq -es 'map(.energy_j) | add - 10.001 | fabs < 1e-9' out
    jq -es '[.[].components.gpu] == [3.5, 6.501] and .[1].sources["nvml:GPU-aaaa"] == 5.5
        and all(.measured_share == 1)' out
}

@test "eight boards" {
    for i in 0 1 2 3 4 5 6 7; do echo "$i uuid GPU-$i"$'\n'"$i energy 1 1 100$i"; done >script
    boards -n 1 -i 50ms >out
    jq -es '.[0] | .energy_j == 8.020 and (.gpus | length) == 8 and (.sources | length) == 8' out
}

@test "the driver is reloaded: a reset, a new baseline, nothing invented" {
    script '0 uuid GPU-a' '0 energy 1 900000 901000 30 2030'
    boards -n 3 -i 50ms >out
    jq -es 'map(.energy_j // 0) == [1, 0, 2]' out
    jq -es '.[1].flags["nvml:GPU-a"] == ["reset"]' out
}

@test "a board is lost: a gap, the other goes on" {
    script '0 uuid GPU-a' '0 energy 1 1 1001' '0 lost 3' '1 uuid GPU-b' '1 energy 1 1 1001 2001 3001'
    boards -n 3 -i 50ms >out
    jq -es 'map(.energy_j) == [2, 1, 1] and .[2].flags["nvml:GPU-a"] == ["gap"]' out
    jq -es 'map(.gpus | length) == [2, 1, 1]' out
}

@test "no energy counter: power is integrated, and says it is a gauge" {
    script '0 uuid GPU-a' '0 power 100000'
    boards -n 3 -i 50ms >out
    jq -es 'all((.energy_j - 100 * .interval_s | fabs) < 0.01 and .measured_share == 1)' out
    [ "$(boards --list | jq -r 'select(.source == "nvml:GPU-a") | .method')" = gauge ]
}

@test "the driver's buffer is drained: what was between two ticks counts" {
    script '0 uuid GPU-a' '0 samples 1000:0 2000:300000' '0 power 0'
    cct-sample --sysroot "$empty" --nvml "$lib" -n 1 -i 1s -o out &
    pid=$!
    sleep 0.3
    script '0 uuid GPU-a' '0 samples 2000:300000 102000:300000 202000:100000' '0 power 0'
    wait $pid
    jq -es '.[0].energy_j == 50' out # 0.1 s of 300 W, 0.1 s from 300 to 100 W
}

@test "a partitioned board is one reading, its partitions are listed" {
    script '0 uuid GPU-a' '0 name NVIDIA A100-SXM4-40GB' '0 energy 1 1 7001' '0 memory 42949672960 1' \
        '0 limit 400000' '0 mig MIG-1 21474836480 NVIDIA A100-SXM4-40GB MIG 3g.20gb' \
        '0 mig MIG-2 5368709120 NVIDIA A100-SXM4-40GB MIG 1g.5gb' 'driver 550.54.15'
    boards -n 1 -i 50ms >out
    jq -es '.[0].energy_j == 7' out
    cct-probe --sysroot "$empty" --nvml "$lib" >probe
    jq -es 'map(select(.schema == "cct.device/1")) | map(.partition) == [null, "MIG-1", "MIG-2"]
        and all(.device == "GPU-a" and .vendor == "nvidia" and .driver == "550.54.15")
        and .[0].power_limit_w == 400 and .[0].memory_bytes == 42949672960
        and .[2].memory_bytes == 5368709120' probe
    [ "$(jq -r 'select(.component == "gpu" and .counted) | .source' probe)" = nvml:GPU-a ]
}

@test "utilisation, memory, clock, temperature and power are in the record" {
    script '0 uuid GPU-a' '0 energy 1 1 5001' '0 util 80' '0 memory 1000 600' '0 clock 1410' '0 temperature 61'
    boards -n 1 -i 50ms >out
    jq -es '.[0].gpus[0] | .device == "GPU-a" and .util_pct == 80 and .memory_used_bytes == 600
        and .clock_mhz == 1410 and .temperature_c == 61 and .power_w > 50' out
    jq -es '.[0].gpus[0] | has("job_share") | not' out
}

@test "no NVML: nothing changes" {
    cct-sample --nvml /nonexistent/nvml.so -s 'model:*' -n 1 -i 50ms >out
    jq -es '.[0] | .energy_j > 0 and (has("gpus") | not) and .components.gpu == null' out
    cct-probe --nvml /nonexistent/nvml.so | jq -es 'any(.source == "nvml" and (.readable | not)
        and (.reason | test("cannot be loaded")) and .remedy)'
}

@test "NVML does not start: the reason and what mends it, nothing else changes" {
    script 'init 18' '0 uuid GPU-a' '0 energy 1'
    cct-probe --nvml "$lib" | jq -es 'any(.source == "nvml" and (.readable | not)
        and (.reason | test("version mismatch")) and (.remedy | test("reboot")))'
    cct-sample --nvml "$lib" -s 'model:*' -n 1 -i 50ms | jq -es '.[0].energy_j > 0'
}

@test "no NVML library is looked for under a sysroot" {
    cct-probe --sysroot "$empty" | jq -es 'all(.source != "nvml")'
}

job_share() { # the board's job_share of a command that waits
    cct-sample --nvml "$lib" -s 'nvml:*' -i 200ms -n 1 -o out -- sleep 0.3
    jq -es 'all((.job_energy_j + .idle_energy_j + .other_energy_j - .energy_j | fabs) < 0.0000015)' out >&2
    jq -c '.gpus | map([.job_share, .job_share_by])' out
}

@test "CUDA_VISIBLE_DEVICES by index, UUID and short UUID: the total is the host's, the share the job's" {
    script '0 uuid GPU-1a2b0000' '0 rate 0 100000' '0 blind x' '1 uuid GPU-99ff0000' '1 rate 0 200000' '1 blind x'
    for visible in 1 GPU-99ff0000 GPU-99f; do
        export CUDA_VISIBLE_DEVICES=$visible
        [ "$(job_share)" = '[[0,"device"],[1,"device"]]' ]
        jq -es '.[0] | .components.gpu == .energy_j and (.sources | length) == 2' out
    done
    export CUDA_VISIBLE_DEVICES=
    [ "$(job_share)" = '[[0,"device"],[0,"device"]]' ]
    jq -es '.[0].job_energy_j == 0 and .[0].energy_j > 0' out
}

# The command tells the fake its own process.
as_process() { # SM_PCT BYTES
    cct-sample --nvml "$lib" -s 'nvml:*' -i 300ms -n 3 -o out -- \
        bash -c "echo \"0 process \$\$ $1 $2\" >>script; sleep 1"
    jq -es 'all((.job_energy_j + .idle_energy_j + .other_energy_j - .energy_j | fabs) < 0.0000015)' out >&2
    jq -c 'select(.gpus[0].job_share > 0) | [.gpus[0].job_share, .gpus[0].job_share_by]' out | sort -u
}

@test "a board is shared by the processes' part of its time" {
    script '0 uuid GPU-a' '0 rate 0 300000' '0 process 1 20 5'
    [ "$(as_process 60 5)" = '[0.75,"processes"]' ]
}

@test "a board that nobody else uses is the job's, what is above rest" {
    script '0 uuid GPU-a' '0 name Tesla T4' '0 limit 70000' '0 util 90' '0 rate 0 60000'
    [ "$(as_process - -)" = '[1,"exclusive"]' ]
    jq -es '.[-1] | (.idle_energy_j / .interval_s - 8 | fabs) < 1 and (.job_energy_j / .interval_s - 52 | fabs) < 3' out
}

@test "MIG tells no times: shared by memory, and says so" {
    script '0 uuid GPU-a' '0 rate 0 300000' '0 mig MIG-1 5 x' '0 process 1 50 1000'
    [ "$(as_process 50 3000)" = '[0.75,"memory"]' ]
}

@test "cct-report shows the accelerators' part" {
    script '0 uuid GPU-a' '0 energy 1 1 360001'
    boards -n 1 -i 50ms >out
    cct-report --format json out | jq -es '.[0].by_component.gpu - 0.0001 | fabs < 1e-9'
    cct-report --format text out | grep -qi gpu
}

@test "an AMD card without a power reading: what it is, how busy it is, an estimate with bounds" {
    card=m/sys/class/drm/card0/device
    mkdir -p $card/hwmon/hwmon1
    printf 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0\n' >$card/uevent
    echo 5b1f9c30aa >$card/unique_id
    echo 100 >$card/gpu_busy_percent
    echo 16000000000 >$card/mem_info_vram_total
    echo 2000000 >$card/mem_info_vram_used
    echo 250000000 >$card/hwmon/hwmon1/power1_cap
    cct-probe --sysroot m | jq -es 'any(.schema == "cct.device/1" and .device == "5b1f9c30aa"
        and .vendor == "amd" and .memory_bytes == 16000000000 and .power_limit_w == 250)'
    cct-sample --sysroot m -n 1 -i 100ms >out
    jq -es '.[0] | .gpus[0].util_pct == 100 and .gpus[0].memory_used_bytes == 2000000
        and (.components.gpu / .interval_s - 250 | fabs) < 0.01 and .measured_share == 0
        and .low_j < .energy_j and .energy_j <= .high_j' out
}
