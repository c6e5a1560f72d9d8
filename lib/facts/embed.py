#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a C file with a constant array of each table beside it: embed.py OUTPUT CSV

The columns below are those of lib/facts/facts.h, in its order. A table whose header, column count
or numbers differ stops the build: a wrong fact is worse than none.
"""

import csv
import os
import re
import sys

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Fault(Exception):
    pass


def text(cell):
    out = []
    for byte in cell.encode("utf-8"):
        char = chr(byte)
        if 0x20 <= byte < 0x7F and char not in '"\\?':
            out.append(char)
        elif byte < 0x20 or byte == 0x7F:
            raise Fault(f"control character in {cell!r}")
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def name(cell):
    if not cell:
        raise Fault("an empty cell where a name is needed")
    return text(cell)


def number(cell):
    if not NUMBER.fullmatch(cell):
        raise Fault(f"not a number: {cell!r}")
    return cell if "." in cell else cell + ".0"


def maybe(cell):
    return number(cell) if cell else "NAN"


def unsigned(cell):
    if not re.fullmatch(r"0x[0-9a-f]+|0|[1-9][0-9]*", cell):
        raise Fault(f"not a whole number: {cell!r}")
    return cell


def stepping(cell):
    return unsigned(cell) if cell else "-1"


# file: (type, array, [(column, converter)])
TABLES = {
    "cloud_detect.csv": ("cct_fact_cloud", "cct_fact_clouds", [
        ("provider", name), ("dmi_file", name), ("dmi_like", name), ("base", name),
        ("token_path", text), ("token_ttl", text), ("token_header", text), ("header", text),
        ("reply_header", text), ("document", text), ("region", text), ("region_like", text),
        ("zone", text), ("zone_like", text), ("instance_type", text), ("type_like", text),
        ("source", name)]),
    "cloud_regions.csv": ("cct_fact_region", "cct_fact_regions", [
        ("provider", name), ("region", name), ("location", text), ("country_iso2", name),
        ("em_zone", name), ("gco2e_per_kwh", number), ("pue", maybe), ("lat", maybe),
        ("lon", maybe), ("source", name), ("year", name), ("pue_source", text)]),
    "country_intensity.csv": ("cct_fact_country", "cct_fact_countries", [
        ("iso2", name), ("iso3", name), ("name", name), ("gco2e_per_kwh", number),
        ("year", name), ("source", name)]),
    "cpu_power.csv": ("cct_fact_cpu", "cct_fact_cpus", [
        ("kind", name), ("provider", name), ("name", name), ("idle_w_per_vcpu", maybe),
        ("max_w_per_vcpu", maybe), ("tdp_w", maybe), ("source", name), ("note", text)]),
    "cpu_uarch_ids.csv": ("cct_fact_uarch", "cct_fact_uarchs", [
        ("vendor", name), ("family_or_implementer", unsigned), ("model_or_part", unsigned),
        ("stepping_min", stepping), ("stepping_max", stepping), ("uarch", name),
        ("note", text)]),
    "gpu_power.csv": ("cct_fact_gpu", "cct_fact_gpus", [
        ("vendor", name), ("model", name), ("match", name), ("idle_w", maybe), ("max_w", maybe),
        ("tdp_w", number), ("source", name), ("note", text)]),
    "memory_storage_network.csv": ("cct_fact_coefficient", "cct_fact_coefficients", [
        ("component", name), ("value", number), ("unit", name), ("source", name),
        ("licence", name), ("note", text)]),
    "pue.csv": ("cct_fact_pue", "cct_fact_pues", [
        ("provider", name), ("region", text), ("pue", number), ("source", name),
        ("year", text)]),
}


def rows(path):
    """(line number, cells) of a table, its comment lines left out."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    if lines.pop() != "":
        raise Fault(f"{path}: the last line has no end")
    for lineno, line in enumerate(lines, 1):
        if not line.startswith("#"):
            yield lineno, next(csv.reader([line], strict=True), [])


def table(path):
    kind, array, columns = TABLES[os.path.basename(path)]
    found = rows(path)
    lineno, header = next(found, (1, []))
    if header != [column for column, _ in columns]:
        raise Fault(f"{path}:{lineno}: the header is not {','.join(c for c, _ in columns)}")
    out = [f"const struct {kind} {array}[] = {{"]
    for lineno, cells in found:
        if len(cells) != len(columns):
            raise Fault(f"{path}:{lineno}: {len(cells)} columns, not {len(columns)}")
        try:
            values = [convert(cell) for cell, (_, convert) in zip(cells, columns)]
        except Fault as fault:
            raise Fault(f"{path}:{lineno}: {fault}") from None
        out.append("    {" + ", ".join(values) + "},")
    if len(out) == 1:
        raise Fault(f"{path}: no rows")
    return out + ["};", f"const size_t {array}_count = sizeof({array}) / sizeof({array}[0]);", ""]


def main(output, path):
    if os.path.basename(path) not in TABLES:
        raise Fault(f"{path}: a table that facts.h does not know")
    lines = ["/* SPDX-License-Identifier: Apache-2.0", " * Made by lib/facts/embed.py. */",
             '#include "facts/facts.h"', "", "#include <math.h>", ""]
    with open(output, "w", encoding="ascii") as file:
        file.write("\n".join(lines + table(path)))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Fault, csv.Error, OSError, UnicodeError) as fault:
        sys.exit(f"embed.py: {fault}")
