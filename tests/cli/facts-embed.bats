#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The shipped tables become C only when every cell is what its column wants.

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    embed="$CCT_SOURCE/lib/facts/embed.py"
    cp "$CCT_SOURCE"/lib/facts/*.csv .
}

# refused FILE TEXT: the build stops and says TEXT
refused() {
    run python3 "$embed" out.c "$1"
    [ "$status" -eq 1 ]
    [[ $output == *"embed.py: "*"$2"* ]]
}

@test "the tables as they are shipped" {
    for table in *.csv; do
        python3 "$embed" out.c "$table"
        cc -fsyntax-only -Wall -Wextra -Werror -I "$CCT_SOURCE/lib" out.c
    done
}

@test "a column too many or too few" {
    sed -i '/^aws,us-east-1,/s/$/,/' cloud_regions.csv
    refused cloud_regions.csv "13 columns, not 12"
    sed -i '/^DE,/s/,Ember$//' country_intensity.csv
    refused country_intensity.csv "5 columns, not 6"
}

@test "a number that is none" {
    for bad in nan inf 1e3 1,5 0x10 ' 1' '' '1 '; do
        cp "$CCT_SOURCE/lib/facts/country_intensity.csv" .
        sed -i "/^DE,/s/,[0-9.]*,\([0-9]*,Ember\)\$/,\"$bad\",\1/" country_intensity.csv
        refused country_intensity.csv "not a number"
    done
}

@test "another header, an empty name, no rows, a line without an end, a table that is not known" {
    sed -i 's/^iso2,/ISO2,/' country_intensity.csv
    refused country_intensity.csv "the header is not"
    sed -i 's/^aws,us-east-1,/,us-east-1,/' cloud_regions.csv
    refused cloud_regions.csv "empty cell"
    sed -i '/^[^#p]/d' pue.csv
    refused pue.csv "no rows"
    printf 'x' >>cpu_power.csv
    refused cpu_power.csv "no end"
    cp pue.csv other.csv
    refused other.csv "does not know"
}

@test "text from a table cannot leave its string" {
    printf '%s\n' 'provider,region,pue,source,year' 'a"};int x;,b\,1.5,??/,é' >pue.csv
    python3 "$embed" out.c pue.csv
    cc -fsyntax-only -Wall -Wextra -Werror -trigraphs -I "$CCT_SOURCE/lib" out.c
    grep -qF '\042};int x;' out.c
}
