#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    NOW=2026-11-24T08:00:00Z
}

# One tick: tick KIND N SECOND JOULES [MORE]
tick() {
    printf '{"schema":"cct.%s/1","id":"AAAAAAAAAAAAAAAA-%011d","ts":"2026-11-24T06:37:%02d.000Z","host":"h","run":"demo-1","interval_s":1,"energy_j":%s,"job_energy_j":%s,"components":{"cpu":%s},"measured_share":0,"low_j":%s,"high_j":%s,"sources":{"model:cpu":%s}%s}\n' \
        "$1" "$2" "$3" "$4" "$(($4 * 3 / 4))" "$4" "$(($4 / 2))" "$(($4 * 3 / 2))" "$4" "${5-}"
}

emission() {
    tick emission "$1" "$2" "$3" ',"zone":"KR","intensity_g_per_kwh":400,"intensity_provider":"table","intensity_quality":"annual","pue":1,"emission_g":'"$4"
}

stream() {
    emission 1 1 1800 0.2
    emission 2 2 1800 0.2
    printf '{"schema":"cct.progress/1","id":"B-1","ts":"2026-11-24T06:37:02Z","host":"h","run":"demo-1","epoch":1,"epochs":3,"loss":0.5,"metrics":{"val_loss":0.6}}\n'
}

@test "html is the default where nobody looks on" {
    stream | cct-report --now "$NOW" >page
    head -n 1 page | grep -qx '<!DOCTYPE html>'
    tail -n 1 page | grep -qx '</html>'
}

@test "the name of the output chooses the format, --format wins" {
    stream >records
    for pair in html:DOCTYPE csv:ts,host json:cct.summary/1 txt:demo-1:; do
        cct-report -o "out.${pair%%:*}" records
        head -n 1 "out.${pair%%:*}" | grep -q "${pair#*:}"
    done
    cct-report -o out.html --format json records
    grep -q cct.summary/1 out.html
}

@test "json is one cct.summary/1 a run" {
    {
        stream
        stream | sed s/demo-1/demo-2/
    } | cct-report --now "$NOW" --format json >out
    [ "$(wc -l <out)" -eq 2 ]
    [ "$(jq -c '[.schema,.run,.host,.energy_kwh,.emission_g,.duration_s,.by_component.cpu,.by_zone.KR,.method_share.model,.gaps,.epochs,.loss_last]' out | head -n 1)" = \
        '["cct.summary/1","demo-1","h",0.001,0.4,2,0.001,0.4,1,0,1,0.5]' ]
    [ "$(jq -c '[.energy_low_kwh,.energy_high_kwh,.job_energy_kwh]' out | head -n 1)" = '[0.0005,0.0015,0.00075]' ]
    jq -e '.id and .ts == "2026-11-24T06:37:02.000Z"' out
}

@test "every member of a summary is in --schema" {
    cct-report --schema | jq -r .key | sed 's/\..*//' | sort -u >known
    stream | cct-report --format json | jq -r 'keys[]' | sort -u >used
    [ -z "$(comm -13 known used)" ]
}

@test "the first line of text is the summary" {
    stream | cct-report --format text >out
    [ "$(head -n 1 out)" = "run demo-1: 2.00 s, 1.00 Wh (job 0.750 Wh), 0.400 g CO2e (KR, 400 g/kWh, annual mean), 100 % model ±50 %" ]
    [ -z "$(tr -cd '\033' <out)" ]
}

@test "text without a zone says what to give" {
    tick sample 1 1 1800 | cct-report --format text | head -n 1 | grep -q 'CO2e unknown: no grid zone (say --zone)'
}

@test "csv is a row a tick, RFC 4180" {
    stream | cct-report --format csv >out.csv
    [ "$(wc -l <out.csv)" -eq 3 ]
    [ "$(grep -c $'\r$' out.csv)" -eq 3 ]
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert [float(r["energy_j"]) for r in rows] == [1800, 1800], rows
assert rows[0]["ts"] == "2026-11-24T06:37:01.000Z" and rows[1]["run"] == "demo-1"
assert float(rows[1]["emission_g"]) == 0.2 and rows[1]["zone"] == "KR"
END
}

@test "a sample and its emission are counted once" {
    {
        tick sample 1 1 1800
        stream
        tick sample 2 2 1800
    } | cct-report --format json | jq -e '.energy_kwh == 0.001 and .emission_g == 0.4 and .samples == 2'
}

@test "no input at all: a page, exit 0" {
    cct-report </dev/null >page
    grep -q 'No run' page
    cct-report --format text </dev/null | grep -q 'no run'
    [ -z "$(cct-report --format json </dev/null)" ]
}

@test "records of others are passed over" {
    printf '{"schema":"acme.x/1"}\n{"a":[1,2]}\n' | cct-report --format text | grep -q 'no run'
}

@test "--run chooses one, CCT_RUN does not" {
    {
        stream
        stream | sed s/demo-1/demo-2/
    } >records
    [ "$(cct-report --format json --run demo-2 records | jq -r .run)" = demo-2 ]
    [ "$(CCT_RUN=demo-2 cct-report --format json records | jq -r .run | tr '\n' ' ')" = "demo-1 demo-2 " ]
}

@test "several files, and standard input as -" {
    emission 1 1 1800 0.2 >a
    emission 2 2 1800 0.2 | cct-report --format json a - | jq -e '.samples == 2'
}

@test "-o writes whole or not at all, for the owner alone" {
    stream >records
    printf old >out.html
    run cct-report -o out.html records no-such-file
    [ "$status" -eq 66 ]
    [ "$(cat out.html)" = old ]
    cct-report -o out.html records
    [ "$(stat -c %a out.html)" = 600 ]
    [ "$(ls)" = "$(printf 'out.html\nrecords')" ]
}

@test "-o with blanks and quotes in the name" {
    mkdir "a b'\""
    stream | cct-report -o "a b'\"/the page.html"
    grep -q DOCTYPE "a b'\"/the page.html"
}

@test "-o into a folder that is not there" {
    run cct-report -o no/such/place.html </dev/null
    [ "$status" -eq 74 ] || [ "$status" -eq 66 ]
    [[ "$output" == "cct-report: cannot write no/such/place.html"* ]]
}

@test "a full disk is noticed" {
    run bash -c 'cct-report </dev/null >/dev/full'
    [ "$status" -eq 74 ]
    stream >records
    run cct-report -o /dev/full records
    [ "$status" -eq 74 ]
}

@test "a closed pipe ends it quietly" {
    run bash -c 'set -o pipefail; "$CCT_BUILD/tests/bench/gen_samples" 1000000 | cct-report --format csv | head -n 1 >/dev/null'
    [ "$status" -eq 141 ]
    [ -z "$output" ]
}

@test "a bad line is reported, the page is made, exit 65" {
    {
        stream
        echo '{"schema":'
    } >records
    run cct-report -o out.html records
    [ "$status" -eq 65 ]
    [[ "$output" == *"line 4"* ]]
    grep -q 'demo-1' out.html
    run cct-report --strict -o other.html records
    [ "$status" -eq 65 ]
    [ ! -e other.html ]
}

@test "a 2 MiB line, a NUL and invalid UTF-8 do not stop it" {
    {
        emission 1 1 1800 0.2
        head -c 2097152 /dev/zero | tr '\0' x
        printf '\n{"a":"\0"}\n{"host":"\xff"}\n'
        emission 2 2 1800 0.2
    } >records
    run cct-report --format json records
    [ "$status" -eq 65 ]
    grep -q '"samples":2' <<<"$output"
}

@test "wrong use exits 64" {
    run cct-report --format pdf
    [ "$status" -eq 64 ]
    [[ "$output" == *"html, text, csv, json"* ]]
    run cct-report --no-such-option
    [ "$status" -eq 64 ]
}

@test "the same under a locale of decimal commas" {
    stream >records
    cct-report --now "$NOW" --format text records >a
    LC_ALL=de_DE.UTF-8 cct-report --now "$NOW" --format text records >b
    cmp a b
    cct-report --now "$NOW" records >a
    LC_ALL=de_DE.UTF-8 cct-report --now "$NOW" records >b
    cmp a b
}

@test "the page is the same each time" {
    stream >records
    cct-report --now "$NOW" -o a.html records
    cct-report --now "$NOW" -o b.html records
    cmp a.html b.html
}

@test "the hash of the policy is that of the style" {
    stream | cct-report -o page.html
    python3 - <<'END'
import base64, hashlib, re
page = open("page.html", encoding="utf-8").read()
style = re.search(r"<style>(.*?)</style>", page, re.S)[1]
digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
assert f"style-src 'sha256-{digest}'" in page
END
}

@test "the page is well-formed" {
    stream | cct-report -o page.html
    python3 "$CCT_SOURCE/tests/browser/wellformed.py" page.html
    cct-report -o empty.html </dev/null
    python3 "$CCT_SOURCE/tests/browser/wellformed.py" empty.html
}

@test "memory does not grow with the records" {
    "$CCT_BUILD/tests/bench/gen_samples" 20000 >few
    "$CCT_BUILD/tests/bench/gen_samples" 200000 >many
    peak() { python3 -c 'import resource, subprocess, sys
subprocess.run(["cct-report", "-o", "out.html", sys.argv[1]], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$1"; }
    few=$(peak few)
    many=$(peak many)
    echo "$few $many"
    [ "$many" -lt 65536 ]
    # a sanitizer keeps freed memory for a while
    nm -D "$(command -v cct-report)" | grep -q asan || [ "$many" -lt $((few + 4096)) ]
}
