#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # stderr is set by run --separate-stderr
# cct-probe and the metadata services of clouds (tests/http/metadata.py plays them all).

bats_require_minimum_version 1.5.0
load sanitized.bash

setup_file() {
    export SERVED="$BATS_FILE_TMPDIR/served"
    : >"$SERVED"
    python3 "$CCT_SOURCE/tests/http/metadata.py" "$SERVED" >"$BATS_FILE_TMPDIR/ports" 2>/dev/null 3>&- &
    echo $! >"$BATS_FILE_TMPDIR/pid"
    for _ in {1..200}; do
        [ -s "$BATS_FILE_TMPDIR/ports" ] && break
        sleep 0.05
    done
    read -r PORT FULL <"$BATS_FILE_TMPDIR/ports"
    export PORT FULL
}

teardown_file() {
    kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    unset CCT_ZONE SLURM_JOB_ID SLURMD_NODENAME POD_NAMESPACE POD_NAME NODE_NAME CCT_RUN
    # A proxy that would answer wrongly, were it asked.
    export http_proxy="http://127.0.0.1:$PORT/redirected" all_proxy="http://127.0.0.1:$PORT"
    export CCT_HOME="$BATS_TEST_TMPDIR/home"
    : >"$SERVED"
}

machine() { # FILE=TEXT...: a machine m with these DMI strings
    rm -rf m
    mkdir -p m/sys/class/dmi/id m/proc
    local word
    for word in "$@"; do
        printf '%s\n' "${word#*=}" >"m/sys/class/dmi/id/${word%%=*}"
    done
}

ask() { # TREE WHO [OPTION...]: the record of the host, in out; what was said, in err
    local tree=$1 who=$2
    shift 2
    [[ $tree == m ]] || tree="$CCT_SOURCE/tests/sysroot/$tree"
    cct-probe --sysroot "$tree" --metadata-url "http://127.0.0.1:$PORT/$who" "$@" 2>err | head -n 1 >out
}

cloud() { # provider region zone type: what out says
    [ "$(jq -c '[.cloud | .provider, .region, .zone, .instance_type]' out)" = "$1" ] || {
        cat out err
        false
    }
    [ ! -s err ] || { cat err && false; }
}

sample() { # of one kWh on node1
    echo '{"schema":"cct.sample/1","id":"AAAAAAAAAAAAAAAA-00000000001","ts":"2026-11-24T00:00:10.000Z","host":"node1","interval_s":10.0,"energy_j":3600000.0,"power_w":360000.0}'
}

# What a faulty service leaves: the provider by DMI, at most its type, one warning, no wrong value.
nothing() {
    [ "$(jq -c '[.cloud.region, .cloud.zone, .grid_zone]' out)" = '[null,null,null]' ] || {
        cat out
        false
    }
    [ "$(jq -r '.cloud.provider' out)" != null ]
    [ "$(wc -l <err)" = 1 ] || { cat err && false; }
    grep -q '^cct-probe: warning: the metadata service of ' err
}

@test "aws: the token, then the document; the type by DMI" {
    ask cloud-aws-nitro aws
    cloud '["aws","ap-northeast-2","ap-northeast-2a","p4d.24xlarge"]'
    [ "$(jq -c .cloud_source out)" = '{"provider":"dmi","region":"metadata","zone":"metadata","instance_type":"dmi"}' ]
    [ "$(jq -c '[.grid_zone, .grid_zone_source]' out)" = '["KR","region of the cloud"]' ]
    [ "$(cat "$SERVED")" = 'aws PUT /latest/api/token 200
aws GET /latest/dynamic/instance-identity/document 200' ]
}

@test "aws on Xen: known by the hypervisor's UUID or the DMI version, the type by the document" {
    ask cloud-aws-xen aws
    cloud '["aws","ap-northeast-2","ap-northeast-2a","p4d.24xlarge"]'
    [ "$(jq -r .cloud_source.instance_type out)" = metadata ]
    machine sys_vendor=Xen product_version=4.2.amazon
    ask m aws
    cloud '["aws","ap-northeast-2","ap-northeast-2a","p4d.24xlarge"]'
}

@test "gcp: the header is sent, and wanted in the answer" {
    ask cloud-gcp gcp
    cloud '["gcp","asia-northeast3","asia-northeast3-a","a2-highgpu-1g"]'
    [ "$(jq -r .grid_zone out)" = KR ]
    ask cloud-gcp gcp~anonymous
    nothing
    grep -q 'lacks the header Metadata-Flavor: Google' err
}

@test "azure: by the asset tag; Hyper-V on premises is no cloud and is not asked" {
    ask cloud-azure azure
    cloud '["azure","koreacentral","2","Standard_NC24ads_A100_v4"]'
    [ "$(jq -r .grid_zone out)" = KR ]
    : >"$SERVED"
    ask cloud-hyperv azure
    [ "$(jq -c '[.cloud, .virtualization]' out)" = '[null,"microsoft"]' ]
    [ ! -s "$SERVED" ]
}

@test "oracle, alibaba" {
    ask cloud-oracle oracle
    cloud '["oracle","uk-london-1","EMIr:UK-LONDON-1-AD-1","VM.GPU3.1"]'
    [ "$(jq -r .grid_zone out)" = GB ]
    ask cloud-alibaba alibaba
    cloud '["alibaba","cn-hangzhou","cn-hangzhou-h","ecs.gn6i-c4g1.xlarge"]'
    [ "$(jq -r .grid_zone out)" = CN ]
}

@test "naver: by DMI, or an OpenStack that answers to regionCode" {
    machine sys_vendor='NAVER Cloud Corp.'
    ask m naver
    cloud '["naver","KR","KR-2","SVR.VSVR.GPU.G001.C008.M064"]'
    [ "$(jq -r .grid_zone out)" = KR ]
    machine product_name='OpenStack Compute'
    ask m naver
    cloud '["naver","KR","KR-2","SVR.VSVR.GPU.G001.C008.M064"]'
    [ "$(jq -r .cloud_source.provider out)" = metadata ]
    ask m openstack
    cloud '["openstack",null,"kr-pub-a","g2.c8m32"]'
}

@test "the other clouds" {
    local row
    for row in 'sys_vendor=DigitalOcean digitalocean "nyc3",null,null' \
        'sys_vendor=Hetzner hetzner "eu-central","hel1-dc2",null' \
        'sys_vendor=Vultr vultr "EWR",null,null' \
        'sys_vendor=Linode akamai "us-iad",null,"g6-standard-1"' \
        'sys_vendor=Akamai akamai "us-iad",null,"g6-standard-1"' \
        'sys_vendor=Scaleway scaleway "fr-par","fr-par-1","GPU-3070-S"' \
        'sys_vendor=Tencent_Cloud tencent "ap-seoul","ap-seoul-1","GN7.2XLARGE32"' \
        'chassis_asset_tag=HUAWEICLOUD huawei "cn-north-4","cn-north-4a",null' \
        'sys_vendor=UpCloud upcloud "fi-hel1",null,null' \
        'product_name=Exoscale exoscale null,"ch-gva-2","GPU-small"'; do
        read -r dmi who want <<<"$row"
        machine "${dmi//_Cloud/ Cloud}"
        ask m "$who"
        cloud "[\"$who\",$want]"
    done
}

@test "a metadata server that hangs: a second, then the region is unknown" {
    for who in aws~hang aws~later-hang; do
        local begin=${EPOCHREALTIME//[^0-9]/}
        ask cloud-aws-nitro "$who"
        local took=$((${EPOCHREALTIME//[^0-9]/} - begin))
        ((took > 900000 && took < 6000000))
        nothing
        grep -q 'no answer in time' err
        [ "$(jq -r .cloud.instance_type out)" = p4d.24xlarge ]
    done
}

@test "a metadata server that takes no connection: 200 ms" {
    local begin took least=10000000
    for _ in {1..3}; do # on a busy machine the first may be late
        begin=${EPOCHREALTIME//[^0-9]/}
        cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/cloud-azure" --metadata-url "http://127.0.0.1:$FULL" 2>err | head -n 1 >out
        took=$((${EPOCHREALTIME//[^0-9]/} - begin))
        least=$((took < least ? took : least))
        nothing
        ((least > 900000)) || break
    done
    ((least > 150000 && least < 900000))
    # Nor does a closed port hold anything up.
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/cloud-azure" --metadata-url http://127.0.0.1:1 2>err | head -n 1 >out
    nothing
}

@test "a metadata server that redirects is not followed" {
    local pair
    for pair in aws-nitro:aws~redirect aws-nitro:aws~later-redirect gcp:gcp~redirect azure:azure~redirect; do
        ask "cloud-${pair%:*}" "${pair#*:}"
        nothing
        grep -q 'answers 302' err
    done
    run ! grep -q redirected "$SERVED"
}

@test "a metadata server that answers nonsense: one warning, never a wrong value" {
    local fault
    for fault in html word missing error empty list blank deep numbers huge endless cut noise \
        later-html later-word later-missing later-error later-empty later-list later-deep \
        later-numbers later-huge later-endless later-cut later-noise split quotes latin1; do
        ask cloud-aws-nitro "aws~$fault"
        nothing || { echo "$fault" && false; }
    done
    for fault in html word missing error empty huge cut noise; do
        for cloud in gcp azure oracle alibaba; do
            ask "cloud-$cloud" "$cloud~$fault"
            nothing || { echo "$cloud~$fault" && false; }
        done
    done
    for cloud in naver openstack exoscale tencent; do
        machine "product_name=${cloud/openstack/OpenStack Nova}" "sys_vendor=${cloud/tencent/Tencent Cloud}"
        for fault in html word empty list; do
            ask m "$cloud~$fault"
            nothing || { echo "$cloud~$fault" && false; }
            [ "$(jq -r .cloud.instance_type out)" = null ]
        done
    done
}

@test "a slow answer ends after a second" {
    local begin=${EPOCHREALTIME//[^0-9]/}
    ask cloud-azure azure~slow
    ((${EPOCHREALTIME//[^0-9]/} - begin < 6000000))
    nothing
}

@test "what is told stays, though something is missing" {
    ask cloud-aws-xen aws~novalue
    [ "$(jq -c '[.cloud.region, .cloud.zone, .cloud.instance_type]' out)" = '[null,"ap-northeast-2a","p4d.24xlarge"]' ]
    [ "$(wc -l <err)" = 1 ]
}

@test "on a machine with no cloud nothing is asked" {
    ask cloud-none aws
    [ "$(jq -c '[.cloud, .cloud_source]' out)" = '[null,null]' ]
    ask empty aws
    [ ! -s err ] && [ ! -s "$SERVED" ]
    command -v strace >/dev/null || skip "no strace"
    strace -f -o trace -e trace=network cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/cloud-none" >/dev/null ||
        skip "strace cannot trace here"
    run ! grep -Eq 'socket|connect' trace
}

@test "a container without /sys: what /proc tells, estimates, no cloud, not a word" {
    mkdir m
    cp -r "$CCT_SOURCE/tests/sysroot/cloud-aws-nitro/proc" m/
    touch m/.dockerenv
    cct-probe --sysroot m --metadata-url "http://127.0.0.1:$PORT/aws" >out 2>err
    [ ! -s err ] && [ ! -s "$SERVED" ]
    jq -es '.[0].container == "docker" and .[0].cloud == null and .[0].cpu.threads == 2 and
        ([.[] | select(.counted) | .method] | unique) == ["model"]' out
}

@test "--no-network asks nothing; of a captured machine only --metadata-url is asked" {
    ask cloud-aws-nitro aws --no-network
    cloud '["aws",null,null,"p4d.24xlarge"]'
    cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/cloud-gcp" 2>err | head -n 1 >out
    cloud '["gcp",null,null,null]'
    [ ! -s "$SERVED" ]
}

@test "CCT_ZONE wins over the region of the cloud" {
    CCT_ZONE=DE ask cloud-aws-nitro aws
    [ "$(jq -c '[.grid_zone, .grid_zone_source, .cloud.region]' out)" = '["DE","environment","ap-northeast-2"]' ]
}

@test "--check tells cloud, grid, job and limits in words" {
    run cct-probe --check --sysroot "$CCT_SOURCE/tests/sysroot/cloud-aws-nitro" --metadata-url "http://127.0.0.1:$PORT/aws"
    [[ "$output" == *"It is of the cloud aws, of type p4d.24xlarge, in its region ap-northeast-2."* ]]
    [[ "$output" == *"Its grid is KR, by the region of the cloud."* ]]
    run cct-probe --check --sysroot "$CCT_SOURCE/tests/sysroot/cloud-gcp"
    [[ "$output" == *"cloud gcp; its region is not known."*"Its grid is not known"* ]]
    cp -r "$CCT_SOURCE/tests/sysroot/cloud-none" m
    mkdir -p m/proc/self m/sys/fs/cgroup
    echo '0::/system.slice/slurmstepd.scope/job_77/step_0' >m/proc/self/cgroup
    echo '50000 100000' >m/sys/fs/cgroup/cpu.max
    run cct-probe --check --sysroot m
    [[ "$output" == *"This is in Slurm job 77."*"may use 0.5 CPUs of it."* ]]
}

@test "a wrong --metadata-url is a wrong use" {
    local url
    for url in ftp://h/ file:///etc/passwd h:80 http:// 'http://h/?q' $'http://h/\r\nX: y' 'http://a b/' ''; do
        run -64 --separate-stderr cct-probe --metadata-url "$url"
        [ "${#stderr_lines[@]}" -le 2 ]
    done
}

@test "limits: cgroup v2 and v1, the least of all above, only where they bind" {
    cp -r "$CCT_SOURCE/tests/sysroot/cloud-none" m
    mkdir -p m/proc/self m/sys/fs/cgroup/a/b
    limits() { cct-probe --sysroot m | head -n 1 | jq -c .limits; }
    echo '0::/a/b' >m/proc/self/cgroup
    [ "$(limits)" = null ]
    echo 'max 100000' >m/sys/fs/cgroup/a/b/cpu.max
    echo max >m/sys/fs/cgroup/a/b/memory.max
    [ "$(limits)" = null ]
    echo '150000 100000' >m/sys/fs/cgroup/a/b/cpu.max
    echo '50000 100000' >m/sys/fs/cgroup/a/cpu.max
    echo 4294967296 >m/sys/fs/cgroup/a/memory.max
    [ "$(limits)" = '{"cpus":0.5,"memory_bytes":4294967296}' ]
    # More than the machine has is no limit; nonsense is none either.
    echo '800000 100000' >m/sys/fs/cgroup/a/cpu.max
    echo '5 0' >m/sys/fs/cgroup/a/b/cpu.max
    echo 99999999999999 >m/sys/fs/cgroup/a/memory.max
    [ "$(limits)" = null ]
    # A batch system hands out processors.
    echo 0-1 >m/sys/fs/cgroup/cpuset.cpus.effective
    echo 1 >m/sys/fs/cgroup/a/b/cpuset.cpus.effective
    [[ $(limits) =~ ^'{"cpus":1'(\.0)?'}'$ ]]
    rm m/sys/fs/cgroup/cpuset.cpus.effective
    # In a container the path of the host is not there: the mount is.
    rm -r m/sys/fs/cgroup/a
    echo '0::/../../kubepods/x' >m/proc/self/cgroup
    echo '25000 100000' >m/sys/fs/cgroup/cpu.max
    [ "$(limits)" = '{"cpus":0.25}' ]
    rm m/sys/fs/cgroup/cpu.max
    printf '%s\n' '9:memory:/docker/x' '4:cpu,cpuacct:/docker/x' '3:cpuset:/' '0::/' >m/proc/self/cgroup
    mkdir -p m/sys/fs/cgroup/{memory,cpu,cpuacct}/docker/x
    echo -1 >m/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us
    echo 100000 >m/sys/fs/cgroup/cpu/docker/x/cpu.cfs_period_us
    echo 9223372036854771712 >m/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes
    [ "$(limits)" = null ]
    echo 75000 >m/sys/fs/cgroup/cpu/docker/x/cpu.cfs_quota_us
    echo 1073741824 >m/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes
    [ "$(limits)" = '{"cpus":0.75,"memory_bytes":1073741824}' ]
}

@test "Slurm by the cgroup path; the environment wins" {
    cp -r "$CCT_SOURCE/tests/sysroot/cloud-none" m
    mkdir -p m/proc/self
    slurm() { cct-probe --sysroot m | head -n 1 | jq -c .slurm; }
    local path
    for path in 4:cpu:/slurm/uid_1000/job_1234/step_0/task_0 \
        0::/system.slice/slurmstepd.scope/job_1234/step_batch/user/task_0 \
        0::/system.slice/node7_slurmstepd.scope/job_1234/step_0; do
        echo "$path" >m/proc/self/cgroup
        [ "$(slurm)" = '{"job_id":"1234"}' ]
    done
    SLURM_JOB_ID=99 SLURMD_NODENAME=node7 slurm | grep -qF '{"job_id":"99","node":"node7"}'
    for path in 0::/job_1 0::/slurm/job_x 0::/slurm/job_999999999999999999999999999; do
        echo "$path" >m/proc/self/cgroup
        [ "$(slurm)" = null ]
    done
}

@test "Kubernetes: the pod's UID, its namespace, what the downward API gives" {
    cp -r "$CCT_SOURCE/tests/sysroot/cloud-none" m
    mkdir -p m/proc/self m/var/run/secrets/kubernetes.io/serviceaccount
    kube() { cct-probe --sysroot m | head -n 1 | jq -c .kubernetes; }
    echo secret >m/var/run/secrets/kubernetes.io/serviceaccount/token
    echo '0::/' >m/proc/self/cgroup
    echo ml >m/var/run/secrets/kubernetes.io/serviceaccount/namespace
    [ "$(kube)" = '{"namespace":"ml"}' ]
    echo '0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b2c3d_0001_0002_0003_0a1b2c3d4e5f.slice/cri-containerd-x.scope' >m/proc/self/cgroup
    [ "$(kube | jq -r .pod_uid)" = 0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f ]
    [ "$(POD_NAME=train-0 POD_NAMESPACE=team NODE_NAME=gpu1 kube | jq -c '[.namespace, .pod, .node]')" = '["team","train-0","gpu1"]' ]
    echo '<b>' >m/var/run/secrets/kubernetes.io/serviceaccount/namespace
    [ "$(kube | jq -r .namespace)" = null ]
    cct-probe --sysroot m >all
    run ! grep -q secret all
    rm -r m/var m/proc/self
    [ "$(POD_NAME=train-0 kube)" = null ]
}

@test "the region's zone is charged with no option given" {
    ask cloud-aws-nitro aws --host node1
    sample >>out
    run -0 --separate-stderr cct-carbon <out
    [ -z "$stderr" ]
    # One kWh at the yearly mean of KR with the PUE of the region.
    jq -es '.[1] | [.zone, .region, .intensity_g_per_kwh, .pue, .emission_g] ==
        ["KR", "aws/ap-northeast-2", 423, 1.135, 480.105]' <<<"$output"
    # The names by which machines of a cloud are known are those of its regions too.
    ask cloud-oracle oracle --host node1
    sample >>out
    run -0 --separate-stderr cct-carbon <out
    jq -es '.[1] | [.zone, .region] == ["GB", "oci/uk-london-1"]' <<<"$output"
    # A sampler on the same machine.
    ask cloud-aws-nitro aws
    cct-sample --sysroot "$CCT_SOURCE/tests/sysroot/cloud-aws-nitro" -i 50ms -n 1 >>out
    run -0 --separate-stderr cct-carbon <out
    jq -es '.[1] | .zone == "KR" and .emission_g > 0' <<<"$output"
}

@test "a probe holds 12 MB at most, with a metadata call or without" {
    local rusage="$CCT_BUILD/tests/bench/rusage" url kb
    [ -x "$rusage" ] || skip "the benchmarks are not built"
    if sanitized; then skip 'a sanitizer wants its own memory'; fi
    for url in "http://127.0.0.1:$PORT/aws" ""; do
        read -r _ kb < <("$rusage" cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/cloud-aws-nitro" ${url:+--metadata-url "$url"})
        echo "$url: $kb kB"
        ((kb > 0 && kb <= 12288))
    done
    [ -s "$SERVED" ]
}
