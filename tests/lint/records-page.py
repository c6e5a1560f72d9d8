#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cct-records(5) names every kind and every field of lib/record/schema.c, and no other.

  records-page.py PAGE SCHEMA.C PRINTER

In the page a kind is `.Ss cct.NAME/1`, its fields `.It Va KEY Pq TYPE[, UNIT][, required]`. PRINTER
--print KIND gives the table (the test program of tests/unit/record/schema.c). Prints what differs.
"""
import json
import re
import subprocess
import sys


def of_page(path):
    """{kind: {key: (type, unit, required)}}; the common fields stand under "Common"."""
    kinds, kind = {}, None
    for line in open(path, encoding="utf-8"):
        if heading := re.match(r"\.S[sh] (.*)", line):
            kind = heading[1] if line.startswith(".Ss") else heading[1].capitalize().split()[0]
        elif field := re.match(r"\.It Va (\S+) Pq (.*)$", line):
            words = field[2].split(", ")
            required = words[-1] == "required"
            unit = words[1] if len(words) - required > 1 else ""
            kinds.setdefault(kind, {})[field[1]] = (words[0], unit, required)
    return kinds


def of_program(printer, kind):
    ran = subprocess.run([printer, "--print", kind], capture_output=True, check=False)
    fields = {}
    for line in ran.stdout.splitlines():
        row = json.loads(line)
        fields[row["key"]] = (row["type"], row["unit"], row["required"])
    return fields


def main(page, schema_c, printer):
    told = of_page(page)
    common = told.pop("Common", {})
    source = open(schema_c, encoding="utf-8").read()
    kinds = [f"cct.{name}/1" for name in re.findall(r"\bKIND\((\w+)\),", source)]
    faults = [f"{kind}: in the program only" for kind in kinds if kind not in told]
    faults += [f"{kind}: in the page only" for kind in told if kind not in kinds]
    for kind in set(kinds) & set(told):
        page_fields = {**common, **inherited(told, kind), **told[kind]}
        program_fields = of_program(printer, kind)
        for key in sorted(page_fields.keys() | program_fields.keys()):
            if page_fields.get(key) != program_fields.get(key):
                faults.append(f"{kind}: {key}: page {page_fields.get(key)}, "
                              f"program {program_fields.get(key)}")
    print("\n".join(faults) or f"{len(kinds)} kinds agree")
    return bool(faults)


def inherited(told, kind):
    """An emission is a whole sample: the page says so once."""
    return told.get("cct.sample/1", {}) if kind == "cct.emission/1" else {}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
