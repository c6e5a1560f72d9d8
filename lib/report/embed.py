# SPDX-License-Identifier: Apache-2.0
"""Turns the style sheet into a C string and its CSP hash: embed.py STYLE.css OUT.h"""
import base64
import hashlib
import re
import sys


def squeeze(css):
    """Without comments and white space that says nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").strip()


def c_lines(text):
    """Pieces below the length of a string that every compiler takes."""
    pieces = [text[i : i + 88] for i in range(0, len(text), 88)]
    quoted = [p.replace("\\", "\\\\").replace('"', '\\"') for p in pieces]
    return "\n".join(f'    "{q}",' for q in quoted)


def main(source, target):
    with open(source, encoding="ascii") as f:
        css = squeeze(f.read())
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    with open(target, "w", encoding="ascii") as f:
        f.write("/* Made from style.css by embed.py. */\n")
        f.write(f"static const char *const style_css[] = {{\n{c_lines(css)}\n}};\n")
        f.write(f'static const char style_hash[] = "sha256-{digest}";\n')


main(sys.argv[1], sys.argv[2])
