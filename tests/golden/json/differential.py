#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutated records: the scanner's verdict must be that of Python's strict json with our rules.

  differential.py JUDGE [COUNT [SEED]]

JUDGE is the test program of tests/unit/record/conform.c. The seed is fixed, so that a failure comes
again; each disagreement is printed as a Python literal.
"""
import random
import struct
import subprocess
import sys

import cases
import strict

RECORDS = [
    b'{"schema":"cct.sample/1","id":"ABCDEFGHIJKLMNOP-00000000000","ts":"2026-11-24T06:37:34.123Z",'
    b'"host":"node\xc3\xbc17","energy_j":146.29169127484784,"components":{"cpu":98.9,"dram":-0.0},'
    b'"flags":{"rapl:package-0":["wrap","gap"]},"n":1e-7,"t":true,"f":false,"z":null}',
    b'{"a":[[[{"b":"\\ud83c\\udf31\\n\\"\\\\\\u00fc"}]],[],{},""],"c":-12.50E+3 , "d" : "\xf0\x9f\x8c\xb1"}\r',
    b'{}',
    b'{"k":1.7976931348623157e308,"l":123456789012345678901234567890,"m":4.9e-324}',
    b'{"long":"' + b"x" * 70 + b'\\u0041' + b"y" * 70 + b'","x":"' + "\uac00".encode() * 30 + b'"}',
    cases.nested(60),
]
TOKENS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud800", b"\\udc00", b"\\n", b"\0",
    b"\x1f", b"\x7f", b"\x80", b"\xc2", b"\xc3\xbc", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff",
    b" ", b"\t", b"\r", b"0", b"-", b"+", b".", b"e", b"E9", b"e400", b"1e309", b"null", b"true",
    b"false", b"NaN", b"Infinity", b"//", b"'", b"{}", b"[]", b'"a":1', b'"k":', b'"\\u006b":0,',
    b'"a":0,', b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"[" * 5, b"]" * 5,
]


def mutate(rng, doc):
    doc = bytearray(doc)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        at = rng.randrange(len(doc) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            doc[at:at] = rng.choice(TOKENS)
        elif kind == 1:
            del doc[at:at + rng.choice((1, 1, 2, 5))]
        elif kind == 2 and at < len(doc):
            doc[at] ^= 1 << rng.randrange(8)
        elif kind == 3:
            end = at + rng.randrange(20)
            doc[at:at] = doc[at:end]
        elif kind == 4 and at < len(doc):
            doc[at:at + 1] = rng.choice(TOKENS)
        else:
            doc = doc[:at]
            break
    return bytes(doc).replace(b"\n", b" ")


def main(judge, count=20000, seed=1):
    rng = random.Random(int(seed))
    seeds = RECORDS + [doc for _, _, _, doc in cases.cases() if len(doc) < 500]
    docs = [mutate(rng, rng.choice(RECORDS if i % 3 else seeds)) for i in range(int(count))]
    framed = b"".join(struct.pack("=I", len(doc)) + doc for doc in docs)
    ran = subprocess.run([judge, "--judge"], input=framed, capture_output=True, check=True)
    assert len(ran.stdout) == len(docs), "one verdict a document"
    wrong = accepted = 0
    for doc, letter in zip(docs, ran.stdout.decode()):
        want = strict.is_record(doc)
        accepted += want
        if want != (letter == "y"):
            wrong += 1
            print(f"{'must be accepted' if want else 'must be refused'}: {doc!r}")
    print(f"{len(docs)} documents, {accepted} of them records, {wrong} wrong verdicts")
    assert accepted > len(docs) // 20 and accepted < len(docs) * 19 // 20, "a lopsided test"
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
