# SPDX-License-Identifier: Apache-2.0
"""The rules of a record, told with Python's json: the judge of the differential test.

A line is a record when it is UTF-8, one JSON object and nothing behind it, no top-level key comes
twice, no escape is half a surrogate pair, every number is a finite double, and at most 64
containers stand in each other.
"""
import json
import math

MAX_DEPTH = 64


class Members(list):
    """An object as its pairs, so that repeated keys stay visible."""


def _refuse(text):
    raise ValueError(text)


def _number(text):
    value = float(text)
    if math.isinf(value):
        _refuse("beyond double")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=Members, parse_float=_number, parse_int=_number, parse_constant=_refuse)


def _check(value, depth):
    if isinstance(value, str):
        value.encode("utf-8")  # half a surrogate pair has no UTF-8
    elif isinstance(value, list):
        if depth > MAX_DEPTH:
            _refuse("too deep")
        for item in value:
            if isinstance(value, Members):
                _check(item[0], depth)
                item = item[1]
            _check(item, depth + 1)


def is_record(line):
    try:
        value = _DECODER.decode(line.decode("utf-8"))
        _check(value, 1)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, Members):
        return False
    keys = [key for key, _ in value]
    return len(keys) == len(set(keys))
