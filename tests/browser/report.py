#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens pages of cct-report in Chromium and looks at them: report.py [SCREENSHOT-FOLDER]

TAP on stdout. Without Chromium the test is skipped and says so.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import chromium
import pages

NOW = "2026-11-24T06:40:00Z"

# Everything that is wider than the window without being inside a part that scrolls.
TOO_WIDE = """[...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && r.right > innerWidth + 1 && !e.closest('.scroll') && !e.closest('svg');
}).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40))"""

SMALLEST_TEXT = """Math.min(...[...document.querySelectorAll('svg text')]
  .filter(t => t.getBoundingClientRect().width).map(t => t.getBoundingClientRect().height), 99)"""

OVERLAPS = """[...document.querySelectorAll('svg.pl')].flatMap(s => {
  const t = [...s.querySelectorAll('text')].map(x => x.getBoundingClientRect())
    .filter(r => r.width).sort((a, b) => a.left - b.left);
  return t.slice(1).filter((r, i) => r.left < t[i].right + 1).map(r => r.left);
}).length"""

# The least contrast of text against the page (WCAG 2.1, 1.4.3), of elements with text of their own.
LEAST_CONTRAST = """(() => {
  const rgb = c => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const lum = c => rgb(c).map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((a, v, i) => a + v * [.2126, .7152, .0722][i], 0);
  const ground = lum(getComputedStyle(document.body).backgroundColor);
  let least = 99;
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.getBoundingClientRect().width) continue;
    const style = getComputedStyle(e);
    const l = lum(e.closest('svg') ? style.fill : style.color);
    least = Math.min(least, (Math.max(l, ground) + .05) / (Math.min(l, ground) + .05));
  }
  return least;
})()"""

UNNAMED = """[...document.querySelectorAll('[role=img]')].filter(e =>
  !e.getAttribute('aria-labelledby').split(' ').every(i => document.getElementById(i).textContent.trim())
).length"""


class Tap:
    def __init__(self):
        self.count, self.failed = 0, 0

    def check(self, name, good, found=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            print(f"# {found}")


def make_page(folder, name):
    page = folder / f"{name}.html"
    lines = "".join(json.dumps(r) + "\n" for r in pages.PAGES[name]())
    subprocess.run(["cct-report", "--now", NOW, "-o", page], input=lines, text=True, check=True)
    return page


def look(tap, browser, page, shots):
    name = page.stem
    for width in (1100, 375):
        for dark in (False, True):
            view = f"{name} at {width} px{', dark' if dark else ''}"
            asked, said = browser.open(page, width, dark=dark)
            tap.check(f"{view}: nothing is asked for", asked == [page.resolve().as_uri()], asked)
            tap.check(f"{view}: nothing is complained of", not said, said)
            tap.check(f"{view}: it fits", not (wide := browser.js(TOO_WIDE)), wide)
            contrast = browser.js(LEAST_CONTRAST)
            tap.check(f"{view}: text stands out 4.5 to 1", contrast >= 4.5, contrast)
            height = browser.js(SMALLEST_TEXT)
            tap.check(f"{view}: labels of charts are legible", height >= 11, height)
            tap.check(f"{view}: labels do not overlap", browser.js(OVERLAPS) == 0,
                      browser.js(OVERLAPS))
            if shots and browser.js("document.body.scrollHeight") < 16000:
                browser.screenshot(shots / f"{name}-{width}{'-dark' if dark else ''}.png")
    tap.check(f"{name}: every drawing has a name", browser.js(UNNAMED) == 0)
    tap.check(f"{name}: it prints", browser.pdf().startswith(b"%PDF"))


def look_at_content(tap, browser, folder):
    browser.open(folder / "full.html", 375)
    text = browser.js("document.body.innerText")
    for words in ("demo-1", "Power by component", "Cumulative CO2e", "Carbon intensity of the grid",
                  "val_loss", "Energy per epoch", "How it was measured", "csv:kr-2026.csv"):
        tap.check(f"at 375 px it says {words}", words in text)
    tap.check("dark and light differ", browser.js("getComputedStyle(document.body).backgroundColor")
              != (browser.open(folder / "full.html", 375, dark=True) and
                  browser.js("getComputedStyle(document.body).backgroundColor")))
    browser.open(folder / "hostile.html", 1100)
    tap.check("no hostile string ran", browser.js("window.hacked") is None)
    tap.check("no hostile string became an element",
              browser.js("document.querySelectorAll('script,img,svg[onload],b:not(dd > b)').length") == 0)
    text = browser.js("document.body.textContent")
    for hostile in pages.HOSTILE[:5]:
        tap.check(f"shown as it is: {hostile!r}", hostile in text)


def main():
    program = chromium.find()
    if not program:
        print("1..0 # SKIP no Chromium: apt-get install chromium")
        return 0
    shots = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    tap = Tap()
    with tempfile.TemporaryDirectory() as name, chromium.Browser(program) as browser:
        folder = pathlib.Path(name)
        for page in pages.PAGES:
            look(tap, browser, make_page(folder, page), shots)
        look_at_content(tap, browser, folder)
    print(f"1..{tap.count}")
    return tap.failed > 0


sys.exit(main())
