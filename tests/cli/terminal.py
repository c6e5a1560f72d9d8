#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py [--interrupt-at TEXT]... -- COMMAND ARG...: runs it on a terminal of its own, presses
Ctrl-C each time the next TEXT has appeared, copies what it prints, and ends with the line
"STATUS n" (n as a shell gives it, "SIGNAL n" when it died by one)."""
import os
import pty
import select
import sys
import time

LIMIT_S = 30


def main():
    at = sys.argv.index("--")
    awaited = [sys.argv[i + 1] for i in range(1, at, 2)]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(sys.argv[at + 1], sys.argv[at + 1:])
    shown, seen, end = b"", 0, time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        shown += piece
        while awaited and awaited[0].encode() in shown[seen:]:
            seen = shown.index(awaited[0].encode(), seen) + len(awaited[0])
            awaited.pop(0)
            os.write(terminal, b"\x03")
    else:
        os.kill(pid, 9)
    status = os.waitpid(pid, 0)[1]
    sys.stdout.write(shown.decode(errors="replace").replace("\r\n", "\n"))
    print(f"SIGNAL {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"STATUS {os.WEXITSTATUS(status)}")


main()
