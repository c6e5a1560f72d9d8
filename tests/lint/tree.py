# SPDX-License-Identifier: Apache-2.0
"""What the lints share: the files of the tree, and how they report."""
import os
import sys

SKIPPED = {".git", "node_modules", "__pycache__", ".venv"}  # .git is a file in a work tree


def root():
    return os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ["CCT_SOURCE"])


def files(top, *suffixes):
    """Paths relative to top, sorted; all files when no suffix is given. Links into nowhere
    (captured machines have them) are no files."""
    found = []
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith("build"))
        for name in sorted(set(names) - SKIPPED):
            path = os.path.join(folder, name)
            if os.path.exists(path) and (not suffixes or name.endswith(suffixes)):
                found.append(os.path.relpath(path, top))
    return found


def text(top, path):
    with open(os.path.join(top, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def is_text(top, path):
    with open(os.path.join(top, path), "rb") as f:
        return b"\0" not in f.read(4096)


def finish(problems, checked, what):
    """Prints the problems and exits 1; nothing to check is a problem too."""
    if not checked:
        problems = problems + [f"no {what} found: this lint checks nothing"]
    for problem in problems:
        print(problem)
    print(f"{checked} {what}, {len(problems)} problems")
    sys.exit(1 if problems else 0)
