#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# cct-carbon on the command line: places, files of intensities, holes, hostile input, pass-through.
# bats gives stderr and stderr_lines; the quoted programs are for other shells.
# shellcheck disable=SC2154,SC2094,SC2016

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
}

# sample ENERGY_J TS [HOST] [MORE MEMBERS]: ten minutes
sample() {
    printf '{"schema":"cct.sample/1","id":"ABCDEFGHIJKLMNOP-00000000001","ts":"%s","host":"%s","interval_s":600.0,"energy_j":%s%s}\n' \
        "$2" "${3:-h}" "$1" "${4:-}"
}

# intensity ZONE FROM TO G [SIGNAL] [BASIS] [FETCHED]: times as HH:MM of one day
intensity() {
    printf '{"schema":"cct.intensity/1","zone":"%s","from":"2026-01-01T%s:00Z","to":"2026-01-01T%s:00Z","intensity_g_per_kwh":%s,"signal":"%s","basis":"%s","quality":"measured","provider":"test","fetched":"2026-01-02T00:%s:00Z"}\n' \
        "$1" "$2" "$3" "$4" "${5:-average}" "${6:-lifecycle}" "${7:-00}"
}

host() {
    printf '{"schema":"cct.host/1","host":"%s"%s}\n' "$1" "$2"
}

at() {
    printf '2026-01-01T%s:00.000Z' "$1"
}

# field FILTER: of the last record of $output
field() {
    jq -rc "$1" <<<"${lines[-1]}"
}

@test "a zone: the yearly mean of its grid, labelled as such" {
    run --separate-stderr cct-carbon --zone KR < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$output" = '{"schema":"cct.emission/1","id":"ABCDEFGHIJKLMNOP-00000000001","ts":"2026-01-01T00:10:00.000Z","host":"h","interval_s":600.0,"energy_j":3.6e6,"zone":"KR","intensity_g_per_kwh":423.0,"intensity_signal":"average","intensity_basis":"lifecycle","intensity_provider":"electricitymaps-yearly","intensity_quality":"annual","intensity_year":2025,"pue":1.0,"emission_g":423.0}' ]
}

@test "a country by two or three letters, in any case" {
    for zone in fr FR fra; do
        run cct-carbon --zone "$zone" < <(sample 3600 "$(at 00:10)")
        [ "$status" -eq 0 ]
        [ "$(field .zone)" = FR ]
    done
    [ "$(field .intensity_provider)" = Ember ]
}

@test "a region: its own value, zone and PUE" {
    run cct-carbon --region aws/ap-northeast-2 < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 0 ]
    [ "$(field '[.zone,.region,.pue,.emission_g]')" = '["KR","aws/ap-northeast-2",1.135,480.105]' ]
    run cct-carbon --region gcp/europe-west3 < <(sample 3.6e6 "$(at 00:10)")
    [ "$(field '[.zone,.intensity_basis,.intensity_provider]')" = '["DE","direct","google-region-carbon-info"]' ]
}

@test "--pue overrides the region's, and must be a number from 1 to 10" {
    run cct-carbon --region aws/ap-northeast-2 --pue 1.5 < <(sample 3.6e6 "$(at 00:10)")
    [ "$(field '[.pue,.emission_g]')" = '[1.5,634.5]' ]
    for pue in 0.99 10.5 nan inf -1 1.2x ''; do
        run cct-carbon --zone KR --pue "$pue" </dev/null
        [ "$status" -eq 64 ]
        [[ $output == *"--pue must be a number from 1 to 10"* ]]
    done
}

@test "bounds of the energy become bounds of the grams" {
    run cct-carbon --zone KR --pue 2 < <(sample 3.6e6 "$(at 00:10)" h ',"low_j":1.8e6,"high_j":7.2e6')
    [ "$(field '[.low_g,.emission_g,.high_g]')" = '[423,846,1692]' ]
    run cct-carbon --zone KR < <(sample 3.6e6 "$(at 00:10)")
    [ "$(field 'has("low_g") or has("high_g")')" = false ]
}

@test "an unknown zone or region offers the nearest names and exits 64" {
    run cct-carbon --zone Switzerland </dev/null
    [ "$status" -eq 64 ]
    [ "$output" = "cct-carbon: unknown zone \`Switzerland': did you mean CH?" ]
    run cct-carbon --region ap-northeast-2 </dev/null
    [ "$status" -eq 64 ]
    [[ $output == *"did you mean alibaba/ap-northeast-2 or aws/ap-northeast-2?" ]]
    run cct-carbon --zone '' </dev/null
    [ "$status" -eq 64 ]
    run cct-carbon --zone $'\e[2J<b>' </dev/null
    [ "$status" -eq 64 ]
    [[ $output != *$'\e'* ]]
}

@test "wrong use exits 64 with one line" {
    for arguments in "--zone KR --region aws/ap-northeast-2" "--intensity -" "FILE" "--embodied"; do
        # shellcheck disable=SC2086
        run cct-carbon $arguments </dev/null
        [ "$status" -eq 64 ]
    done
}

@test "no place: never a default one, emission is absent, one warning says what to give" {
    {
        sample 3.6e6 "$(at 00:10)"
        sample 3.6e6 "$(at 00:20)"
    } >in
    run --separate-stderr cct-carbon <in
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 2 ]
    [ "$(field '[.schema,.energy_j]')" = '["cct.emission/1",3600000]' ]
    [ "$(field 'has("emission_g") or has("zone") or has("intensity_g_per_kwh") or has("pue")')" = false ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"give --zone or --region"* ]]
    run --separate-stderr cct-carbon --quiet <in
    [ -z "$stderr" ]
}

@test "what was left without a place can be charged later, what is charged stays as it is" {
    sample 3.6e6 "$(at 00:10)" h ',"x":[1, 2]' >in
    cct-carbon --zone KR <in >charged
    cct-carbon --quiet <in | cct-carbon --zone KR | cmp - charged
    cct-carbon --zone DE <charged | cmp - charged
}

@test "the place comes from cct.host/1, for each host its own" {
    {
        host a ',"grid_zone":"KR"'
        host b ',"cloud":{"provider":"aws","region":"eu-west-3"}'
        sample 3.6e6 "$(at 00:10)" a
        sample 3.6e6 "$(at 00:10)" b
        sample 3.6e6 "$(at 00:10)" c
        sample 3.6e6 "$(at 00:20)" a
    } >in
    run --separate-stderr cct-carbon <in
    [ "$status" -eq 0 ]
    [ "$(jq -rc 'select(.schema != "cct.host/1") | [.host, .zone, .region, .pue != null]' <<<"$output" | tr '\n' ' ')" = \
        '["a","KR",null,true] ["b","FR","aws/eu-west-3",true] ["c",null,null,false] ["a","KR",null,true] ' ]
    [ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a host that moves is charged at its new place" {
    {
        host a ',"grid_zone":"KR"'
        sample 3.6e6 "$(at 00:10)" a
        host a ',"grid_zone":"FR"'
        sample 3.6e6 "$(at 00:20)" a
    } >in
    run cct-carbon <in
    [ "$(jq -rc 'select(.emission_g) | .zone' <<<"$output" | tr '\n' ' ')" = 'KR FR ' ]
}

@test "a host's zone comes before its region's, whose PUE still holds" {
    {
        host a ',"grid_zone":"DE","cloud":{"provider":"aws","region":"eu-west-3"}'
        sample 3.6e6 "$(at 00:10)" a
    } >in
    run cct-carbon <in
    [ "$(field '[.zone,.region,.intensity_g_per_kwh]')" = '["DE","aws/eu-west-3",342]' ]
    [ "$(field '.pue > 1')" = true ]
}

@test "a place that nobody knows is warned of, not guessed" {
    {
        host a ',"grid_zone":"KRR"'
        sample 3.6e6 "$(at 00:10)" a
    } >in
    run --separate-stderr cct-carbon <in
    [ "$status" -eq 0 ]
    [ "$(field 'has("emission_g")')" = false ]
    [[ $stderr == *"unknown zone \`KRR': did you mean KR"* ]]
}

@test "a sample is charged period by period, by time" {
    {
        intensity KR 00:00 00:05 100
        intensity KR 00:05 01:00 300
    } >file
    {
        sample 3.6e6 "$(at 00:10)"
        sample 3.6e6 "$(at 00:12)"
        sample 3.6e6 "$(at 00:15)"
    } >in
    run cct-carbon --zone KR --intensity file <in
    [ "$status" -eq 0 ]
    [ "$(jq -c '[.intensity_g_per_kwh,.emission_g]' <<<"$output" | tr '\n' ' ')" = '[200,200] [240,240] [300,300] ' ]
    [ "$(field '[.intensity_provider,.intensity_quality,has("intensity_age_s")]')" = '["test","measured",false]' ]
}

@test "an unsorted, overlapping file with holes: fetched later wins, holes take the last value known" {
    {
        intensity KR 02:00 03:00 700
        intensity KR 00:00 01:00 100 average lifecycle 05
        intensity KR 00:00 01:00 900 average lifecycle 01
        intensity KR 00:30 00:40 500 average lifecycle 09
        intensity KR 02:00 03:00 700
    } >file
    {
        sample 3.6e6 "$(at 00:10)"
        sample 3.6e6 "$(at 00:40)"
        sample 3.6e6 "$(at 01:30)"
        sample 3.6e6 "$(at 02:05)"
        sample 3.6e6 "$(at 04:00)"
    } >in
    run cct-carbon --intensity file <in
    [ "$status" -eq 0 ]
    [ "$(jq -c '[.emission_g,.intensity_age_s]' <<<"$output" | tr '\n' ' ')" = '[100,null] [500,null] [100,1800] [400,3600] [700,3600] ' ]
}

@test "before the first value the zone's annual one stands in, and the record says so" {
    intensity KR 12:00 13:00 100 >file
    run cct-carbon --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 0 ]
    [ "$(field '[.emission_g,.intensity_quality,.intensity_year]')" = '[423,"annual",2025]' ]
}

@test "a zone that no table knows may come from the file; without a value emission is absent" {
    intensity MY-LAB 12:00 13:00 100 >file
    {
        sample 3.6e6 "$(at 00:10)"
        sample 3.6e6 "$(at 12:10)"
    } >in
    run cct-carbon --zone MY-LAB --intensity file <in
    [ "$status" -eq 0 ]
    [ "$(jq -c '[.zone,.emission_g]' <<<"$output" | tr '\n' ' ')" = '["MY-LAB",null] ["MY-LAB",100] ' ]
}

@test "a file of several zones: --zone chooses, without it 64 names them" {
    {
        intensity KR 00:00 01:00 100
        intensity FR 00:00 01:00 50
    } >file
    run cct-carbon --zone FR --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$(field .emission_g)" = 50 ]
    run cct-carbon --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 64 ]
    [ "$output" = "cct-carbon: file has several zones, choose one with --zone: KR FR" ]
    run cct-carbon --intensity file </dev/null
    [ "$status" -eq 64 ]
}

@test "a file of several zones serves hosts that say where they are" {
    {
        intensity KR 00:00 01:00 100
        intensity FR 00:00 01:00 50
    } >file
    {
        host a ',"grid_zone":"KR"'
        host b ',"grid_zone":"FR"'
        sample 3.6e6 "$(at 00:10)" a
        sample 3.6e6 "$(at 00:10)" b
    } >in
    run cct-carbon --intensity file <in
    [ "$status" -eq 0 ]
    [ "$(jq -c 'select(.emission_g) | .emission_g' <<<"$output" | tr '\n' ' ')" = '100 50 ' ]
}

@test "a zone that the file does not have exits 66 and names those it has" {
    intensity KR 00:00 01:00 100 >file
    run cct-carbon --zone DE --intensity file </dev/null
    [ "$status" -eq 66 ]
    [ "$output" = "cct-carbon: file has no intensity of zone DE, it has: KR" ]
    : >empty
    run cct-carbon --intensity empty </dev/null
    [ "$status" -eq 66 ]
    run cct-carbon --intensity nowhere </dev/null
    [ "$status" -eq 66 ]
}

@test "average and marginal, lifecycle and direct are refused, and both are named" {
    {
        intensity KR 00:00 01:00 100
        intensity KR 01:00 02:00 100 marginal
    } >file
    run cct-carbon --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 65 ]
    [[ $output == *"both average and marginal"* ]]
    {
        intensity KR 00:00 01:00 100
        intensity KR 01:00 02:00 100 average direct
    } >file
    run cct-carbon --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 65 ]
    [[ $output == *"both lifecycle and direct"* ]]
}

@test "a marginal file labels what it charged, and no annual average fills its holes" {
    intensity KR 01:00 02:00 600 marginal >file
    {
        sample 3.6e6 "$(at 00:10)"
        sample 3.6e6 "$(at 01:10)"
    } >in
    run cct-carbon --zone KR --intensity file <in
    [ "$status" -eq 0 ]
    [ "$(jq -c '[.emission_g,.intensity_signal]' <<<"$output" | tr '\n' ' ')" = '[null,null] [600,"marginal"] ' ]
}

@test "two hosts whose sums must not be mixed: the second goes on uncharged, exit 65" {
    {
        intensity KR 00:00 01:00 100
        intensity FR 00:00 01:00 50 marginal
    } >file
    {
        host a ',"grid_zone":"KR"'
        host b ',"grid_zone":"FR"'
        sample 3.6e6 "$(at 00:10)" a
        sample 3.6e6 "$(at 00:10)" b
        sample 3.6e6 "$(at 00:20)" b
    } >in
    run --separate-stderr cct-carbon --intensity file <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 5 ]
    [ "$(field 'has("emission_g")')" = false ]
    [[ $stderr == *"marginal intensities in zone FR after average ones"* ]]
    [ "${#stderr_lines[@]}" -eq 2 ]
    run --separate-stderr cct-carbon --strict --intensity file <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 3 ]
}

@test "regions of two bases in one stream fall back on the zone's life-cycle value" {
    {
        host a ',"cloud":{"provider":"aws","region":"eu-west-3"}'
        host b ',"cloud":{"provider":"gcp","region":"europe-west3"}'
        sample 3.6e6 "$(at 00:10)" a
        sample 3.6e6 "$(at 00:10)" b
    } >in
    run cct-carbon <in
    [ "$status" -eq 0 ]
    [ "$(field '[.region,.intensity_basis,.intensity_g_per_kwh]')" = '["gcp/europe-west3","lifecycle",342]' ]
}

@test "intensities in the stream are used from there on and passed on" {
    {
        sample 3.6e6 "$(at 00:10)"
        intensity KR 00:00 01:00 100
        sample 3.6e6 "$(at 00:10)"
        intensity KR 00:00 00:30 200 average lifecycle 30
        sample 3.6e6 "$(at 00:10)"
        intensity FR 00:00 00:30 900 marginal
        intensity KR 00:00 00:30 900 marginal
        sample 3.6e6 "$(at 00:10)"
    } >in
    run --separate-stderr cct-carbon --zone KR <in
    [ "$status" -eq 65 ]
    [ "$(jq -c 'select(.energy_j) | .emission_g' <<<"$output" | tr '\n' ' ')" = '423 100 200 200 ' ]
    [ "$(jq -c 'select(.from)' <<<"$output")" = "$(grep cct.intensity in)" ]
    [[ $stderr == *"both average and marginal"* ]]
}

@test "an intensity that names only a region belongs to that region's zone" {
    intensity KR 00:00 01:00 100 | sed 's|"zone":"KR"|"region":"aws/ap-northeast-2"|' >file
    run cct-carbon --zone KR --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 0 ]
    [ "$(field .emission_g)" = 100 ]
    sed -i 's|aws/ap|aws/xx|' file
    run cct-carbon --zone KR --intensity file < <(sample 3.6e6 "$(at 00:10)")
    [ "$status" -eq 66 ]
}

@test "everything else is passed on byte for byte, in order" {
    cat >in <<'EOF'
{"schema":"cct.progress/1","epoch":1.0,"loss":1e-3, "note":"\u00e9 é"}
{"schema":"someone.else/7","energy_j":5,"host":"h"}
{"schema" : "cct.run/1" , "event":"start","command":["a b","$(id)","<script>"]}
{"no":"schema"}
{"schema":"cct.sample/2","energy_j":5}
{"schema":"cct.emission/1","energy_j":5,"emission_g":1.50}
{}
EOF
    cct-carbon --zone KR <in | cmp - in
}

@test "members of the sample keep their bytes, those that charging adds replace old ones in place" {
    printf '%s\n' '{"energy_j":3600000,"zone":"XX","schema":"cct.sample/1","flags":{"a":[ 1 ]},"e\u006eergy":1.50, "pue":9 }' >in
    run cct-carbon --zone KR <in
    [ "$status" -eq 0 ]
    [ "$output" = '{"energy_j":3600000,"zone":"KR","schema":"cct.emission/1","flags":{"a":[ 1 ]},"e\u006eergy":1.50, "pue":1.0,"intensity_g_per_kwh":423.0,"intensity_signal":"average","intensity_basis":"lifecycle","intensity_provider":"electricitymaps-yearly","intensity_quality":"annual","intensity_year":2025,"emission_g":423.0}' ]
}

@test "keys and names that are written with escapes mean the same" {
    {
        printf '%s\n' '{"schema":"cct.host/1","host":"\u0061","grid_zone":"KR"}'
        printf '%s\n' '{"schema":"cct.sample\/1","host":"a","ts":"2026-01-01T00:10:00Z","\u0065nergy_j":3600000}'
    } >in
    run cct-carbon <in
    [ "$status" -eq 0 ]
    [ "$(field .emission_g)" = 423 ]
}

@test "hostile bytes: bad lines are reported with their number, counted and skipped" {
    {
        printf '\xff\xfe\n'
        printf '{"schema":"cct.sample/1","host":"\xc3\x28","energy_j":1}\n'
        printf '{"schema":"cct.sample/1",\x00"energy_j":1}\n'
        printf '{"schema":"cct.sample/1","energy_j":NaN}\n'
        printf '{"schema":"cct.sample/1","energy_j":1}{"schema":"cct.sample/1"}\n'
        head -c 2097152 /dev/zero | tr '\0' x
        printf '\n'
        sample 3.6e6 "$(at 00:10)" '\"><script>$(id)'
    } >in
    run --separate-stderr cct-carbon --zone KR <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 1 ]
    [ "$(field '[.host,.emission_g]')" = '["\"><script>$(id)",423]' ]
    [[ ${stderr_lines[0]} == "cct-carbon: line 1: "* ]]
    [[ ${stderr_lines[-1]} == "cct-carbon: 6 bad lines" ]]
}

@test "a sample with an impossible number is a bad line; one without energy has no emission" {
    intensity KR 00:00 01:00 100 >file
    {
        sample -1 "$(at 00:10)"
        sample 1 "yesterday"
        sample 1 "$(at 00:10)" | sed 's/600.0/-600.0/'
        sample null "$(at 00:10)"
        sample 1 "$(at 00:10)" | sed 's/"interval_s":600.0,//'
        sample 1e308 "$(at 00:10)" | sed 's/600.0/1e308/'
    } >in
    run --separate-stderr cct-carbon --intensity file <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 3 ]
    [ "$(jq -c '[.intensity_g_per_kwh,.emission_g == null]' <<<"$output" | tr '\n' ' ')" = '[100,true] [100,false] [null,true] ' ]
    [ "${stderr_lines[-1]}" = "cct-carbon: 3 bad lines" ]
}

@test "--strict stops at the first bad line, of the file too" {
    {
        sample 1 "$(at 00:10)"
        echo 'oops'
        sample 1 "$(at 00:20)"
    } >in
    run --separate-stderr cct-carbon --strict --zone KR <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 1 ]
    {
        echo 'oops'
        intensity KR 00:00 01:00 100
    } >file
    run --separate-stderr cct-carbon --strict --intensity file < <(sample 1 "$(at 00:10)")
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 0 ]
    run --separate-stderr cct-carbon --intensity file < <(sample 1 "$(at 00:10)")
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "a host that names no place, and an intensity that is none" {
    {
        host a ',"cloud":{"provider":"aws"}'
        sample 3.6e6 "$(at 00:10)" a
        intensity KR 01:00 00:00 100
        sample 3.6e6 "$(at 00:20)" a
    } >in
    run --separate-stderr cct-carbon <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 3 ]
    [ "$(field 'has("emission_g")')" = false ]
    [[ $stderr == *"line 3: to is not after from"* ]]
}

@test "a large unsorted file is sorted once, not once a record" {
    jq -nrc 'range(40000) | . * 7919 % 40000 | {schema: "cct.intensity/1", zone: "KR",
        from: (1767225600 + . * 60 | todate), to: (1767225600 + . * 60 + 90 | todate),
        intensity_g_per_kwh: ., signal: "average", basis: "lifecycle"}' >file
    sample 3.6e6 2026-01-20T00:01:00Z | sed 's/600.0/60/' >in
    run timeout 10 cct-carbon --intensity file <in
    [ "$status" -eq 0 ]
    [ "$(field .emission_g)" = "$(jq -s 'map(select(.from == "2026-01-20T00:00:00Z" or .from == "2026-01-19T23:59:00Z"))
        | map(.intensity_g_per_kwh) | if .[0] == 27360 then 27359.5 else 27360 end' file)" ]
}

@test "several runs in one stream are charged alike" {
    {
        sample 3.6e6 "$(at 00:10)" h ',"run":"one"'
        sample 3.6e6 "$(at 00:10)" h ',"run":"two"'
    } >in
    run cct-carbon --zone KR <in
    [ "$(jq -c '[.run,.emission_g]' <<<"$output" | tr '\n' ' ')" = '["one",423] ["two",423] ' ]
}

@test "a record comes out before the next one is read" {
    mkfifo in
    cct-carbon --zone KR <in >out &
    exec 7>in
    sample 3.6e6 "$(at 00:10)" >&7
    for _ in $(seq 100); do
        [ -s out ] && break
        sleep 0.05
    done
    [ -s out ]
    exec 7>&-
    wait "$!"
}

@test "a full disk is noticed: exit 74; a closed pipe ends it quietly" {
    sample 3.6e6 "$(at 00:10)" >in
    run bash -c 'cct-carbon --zone KR <in >/dev/full'
    [ "$status" -eq 74 ]
    yes "$(sample 3.6e6 "$(at 00:10)")" | head -n 20000 >in
    run --separate-stderr bash -c 'cct-carbon --zone KR <in | head -n 1 >out; echo "${PIPESTATUS[0]}"'
    [ "$output" = 141 ]
    [[ $stderr != *cct-carbon* ]]
}

@test "numbers are the same under a decimal comma" {
    sample 123456.789 "$(at 00:10)" >in
    cct-carbon --region aws/eu-west-3 <in >out
    LC_ALL=de_DE.UTF-8 cct-carbon --region aws/eu-west-3 --pue 1.25 <in >comma
    LC_ALL=C cct-carbon --region aws/eu-west-3 --pue 1.25 <in | cmp - comma
    grep -q '"pue":1.25,' comma
}

@test "no network library, no table of CPUs: it works alone and small" {
    run ldd "$(command -v cct-carbon)"
    [[ $output != *curl* && $output != *mongoc* ]]
}

@test "--schema, --version and --help answer" {
    run cct-carbon --schema
    [ "$status" -eq 0 ]
    [ "$(jq -r 'select(.key == "emission_g") | .unit' <<<"$output")" = g ]
    run cct-carbon --version
    [ "$status" -eq 0 ]
    run cct-carbon --help
    [ "$status" -eq 0 ]
}

@test "- is standard input, before and behind the end of options" {
    sample 3600000 "$(at 12:00)" >in
    run --separate-stderr bash -c 'cct-carbon --zone KR - <in | jq .emission_g'
    [ "$output" = 423 ] && [ -z "$stderr" ]
    run --separate-stderr bash -c 'cct-carbon --zone KR -- - <in | jq .emission_g'
    [ "$output" = 423 ] && [ -z "$stderr" ]
    run cct-carbon --zone KR in
    [ "$status" -eq 64 ]
}
