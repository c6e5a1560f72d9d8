#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # stderr is set by run --separate-stderr

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    unset CCT_ZONE SLURM_JOB_ID SLURMD_NODENAME CCT_RUN
    export CCT_HOME="$BATS_TEST_TMPDIR/home"
}

probe() { # machine, jq filter over the array of records
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/$1" | jq -cs "$2"
}

@test "a server: two packages and their memory are counted, core is part of its package" {
    [ "$(probe intel-2s-dram '[.[] | select(.counted) | .source]')" = \
        '["rapl:package-0","rapl:dram-0","rapl:package-1","rapl:dram-1"]' ]
    [ "$(probe intel-1s '[.[] | select(.source == "rapl:core-0") | .counted, .part_of]')" = '[false,"rapl:package-0"]' ]
}

@test "the host: CPU by its numbers, sockets, cores, threads, TDP, memory, system" {
    [ "$(probe intel-2s-dram '.[0].cpu | [.vendor, .uarch, .sockets, .cores, .threads, .tdp_w]')" = \
        '["intel","Cascade Lake",2,40,80,150]' ]
    [ "$(probe intel-2s-dram '.[0] | [.schema, .memory_bytes, .os, .kernel, .virtualization]')" = \
        '["cct.host/1",412316860416,"Debian GNU/Linux 12 (bookworm)","6.1.0-18-amd64","none"]' ]
    [ "$(probe intel-1s '.[0].cpu.max_mhz')" = 4600 ]
}

@test "mirrored dies are one source" {
    [ "$(probe amd-zen-mirrored '[.[] | select(.counted) | .source]')" = \
        '["rapl:package-0-die-0","model:memory"]' ]
    [ "$(probe amd-zen-mirrored '.[] | select(.source == "rapl:package-0-die-1") | .part_of')" = \
        '"rapl:package-0-die-0"' ]
}

@test "the MSR and the MMIO view of a package are one source" {
    [ "$(probe mmio-duplicate '[.[] | select(.counted) | .source]')" = '["rapl:package-0","model:memory"]' ]
    [ "$(probe mmio-duplicate '[.[] | .part_of | select(.)] | unique')" = '["rapl:package-0"]' ]
}

@test "psys contains the package, and no model is needed" {
    [ "$(probe laptop-psys '[.[] | select(.counted) | .source]')" = '["rapl:psys"]' ]
    [ "$(probe laptop-psys '.[] | select(.source == "model:memory") | .reason')" = \
        '"not needed: rapl:psys measures it"' ]
}

@test "a psys that is not enabled is left out with a reason" {
    [ "$(probe psys-off '[.[] | select(.counted) | .source]')" = '["rapl:package-0","rapl:dram-0"]' ]
    probe psys-off '.[] | select(.source == "rapl:psys") | .reason' | grep -q 'not enabled'
}

@test "twelve packages with hexadecimal zone numbers" {
    [ "$(probe packages-12 '[.[] | select(.component == "cpu" and .counted)] | length')" = 12 ]
    [ "$(probe packages-12 '.[] | select(.source == "rapl:dram-11") | .counted')" = true ]
}

@test "a cloud guest without counters: estimates, and the cloud by DMI alone" {
    [ "$(probe ec2-vm '[.[] | select(.counted) | .source, .method]')" = '["model:cpu","model","model:memory","model"]' ]
    [ "$(probe ec2-vm '.[0] | [.virtualization, .cloud]')" = \
        '["kvm",{"provider":"aws","instance_type":"m5.xlarge"}]' ]
    run -1 cct-probe --check --sysroot "$CCT_SOURCE/tests/sysroot/ec2-vm"
    [[ "$output" == *"only estimates are possible"* ]]
}

@test "a guest whose counter stands still has no counter" {
    [ "$(probe guest-rapl-zero '.[] | select(.source == "rapl:package-0") | [.readable, .counted]')" = '[false,false]' ]
    probe guest-rapl-zero '.[] | select(.source == "rapl:package-0") | .reason' | grep -q 'stands still'
    [ "$(probe guest-rapl-zero '.[] | select(.source == "model:cpu") | .counted')" = true ]
}

@test "no /sys and no /proc: nothing is known, and that is said" {
    [ "$(probe empty '[.[] | select(.counted)] | length')" = 0 ]
    [ "$(probe empty '.[0].cpu')" = '{}' ]
    run -1 cct-probe --check --sysroot "$CCT_SOURCE/tests/sysroot/empty"
    [[ "$output" == *"nothing can be told"* ]]
}

@test "invalid UTF-8, quotes and control characters in names give valid records" {
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/hostile-names" --host $'h\xff\xfe"<b>' >out
    iconv -f UTF-8 -t UTF-8 out >/dev/null
    [ "$(jq -s length out)" -ge 4 ]
    [ "$(grep -c . out)" = "$(jq -s length out)" ]
    [ "$(jq -r 'select(.schema == "cct.host/1") | .host | startswith("h")' out)" = true ]
}

@test "an unreadable counter: reason, remedy, exit 1" {
    cp -r "$CCT_SOURCE/tests/sysroot/intel-1s" machine
    chmod -R a+rX machine
    find machine -name energy_uj -exec chmod 0400 {} +
    chmod a+rx "$BATS_TEST_TMPDIR"
    if [ "$(id -u)" = 0 ]; then
        as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        "${as[@]}" test -x machine || skip "another user cannot come here"
    else
        find machine -name energy_uj -exec chmod 0 {} +
        as=()
    fi
    "${as[@]}" "$(command -v cct-probe)" --sysroot machine >out
    [ "$(jq -cs '[.[] | select(.source == "rapl:package-0") | .readable, .counted]' out)" = '[false,false]' ]
    jq -r 'select(.source == "rapl:package-0") | .reason' out | grep -q 'CVE-2020-8694'
    # shellcheck disable=SC2016 # a command for the user's shell
    jq -r 'select(.source == "rapl:package-0") | .remedy' out |
        grep -qF 'f=/sys/class/powercap/intel-rapl:0/energy_uj; sudo chgrp "$(id -gn)" $f && sudo chmod g+r $f'
    [ "$(jq -r 'select(.source == "model:cpu") | .counted' out)" = true ]
    run -1 "${as[@]}" "$(command -v cct-probe)" --check --sysroot machine
    [[ "$output" == *"permission denied"* ]]
    [[ "$output" == *"setcap cap_dac_read_search=ep"* ]]
    [[ "$output" == *"70-powercap.rules"* ]]
}

@test "zones that a container manager hides: said so, with what mends it" {
    mkdir -p m/sys/class/powercap
    ln -s ../../devices/virtual/powercap/intel-rapl/intel-rapl:0 m/sys/class/powercap/intel-rapl:0
    cct-probe --sysroot m >out
    jq -es 'any(.source == "rapl:intel-rapl:0" and (.readable | not) and (.remedy | test("systempaths=unconfined")))' out
}

@test "--check says yes where something is measured" {
    run -0 cct-probe --check --sysroot "$CCT_SOURCE/tests/sysroot/intel-1s"
    [[ "$output" == *"Measured:"*"rapl:package-0"* ]]
    [[ "$output" == *"rapl:core-0"*"is part of rapl:package-0"* ]]
}

@test "containers are told by what their managers leave" {
    cp -r "$CCT_SOURCE/tests/sysroot/ec2-vm" m
    [ "$(cct-probe --sysroot m | jq -cs '.[0].container')" = null ]
    mkdir -p m/proc/1
    echo '0::/kubepods.slice/pod1/cri-1' >m/proc/1/cgroup
    [ "$(cct-probe --sysroot m | jq -rs '.[0].container')" = kubernetes ]
    printf 'PATH=/\0container=lxc\0' >m/proc/1/environ
    [ "$(cct-probe --sysroot m | jq -rs '.[0].container')" = lxc ]
    touch m/.dockerenv
    [ "$(cct-probe --sysroot m | jq -rs '.[0].container')" = docker ]
    mkdir m/run && touch m/run/.containerenv
    [ "$(cct-probe --sysroot m | jq -rs '.[0].container')" = podman ]
}

@test "zone and Slurm job come from the environment, else they are absent" {
    [ "$(probe empty '.[0] | [.grid_zone, .slurm]')" = '[null,null]' ]
    export CCT_ZONE=KR SLURM_JOB_ID=42 SLURMD_NODENAME=n7
    [ "$(probe empty '.[0] | [.grid_zone, .grid_zone_source, .slurm]')" = \
        '["KR","environment",{"job_id":"42","node":"n7"}]' ]
}

@test "the real machine can be probed, quickly and in any locale" {
    run -0 env LC_ALL=de_DE.UTF-8 cct-probe --no-network
    jq -es '.[0].schema == "cct.host/1" and .[0].cpu.threads >= 1 and length >= 3' <<<"$output"
}

@test "every record has the common members, one writer, a rising sequence" {
    [ "$(probe intel-1s '[.[] | .id[0:16]] | unique | length')" = 1 ]
    [ "$(probe intel-1s '[.[] | .id[17:] | tonumber] == [range(0; length)]')" = true ]
    [ "$(cct-probe --now 2026-01-02T03:04:05Z --run r1 --host h | jq -cs '[.[] | [.ts, .run, .host]] | unique')" = \
        '[["2026-01-02T03:04:05.000Z","r1","h"]]' ]
}

@test "wrong use is 64, a missing sysroot 66, a full disk 74" {
    run -64 cct-probe word
    run -64 cct-probe --nonsense
    run -66 cct-probe --sysroot /does/not/exist
    run -74 bash -c 'cct-probe >/dev/full'
}

@test "--schema tells the fields" {
    cct-probe --schema | jq -es 'map(.kind) | unique == ["cct.device/1","cct.host/1","cct.sensor/1"]'
}
