#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A page of cct-report is well-formed: wellformed.py PAGE

Every element is closed in its turn, no id stands twice, what aria-labelledby and href="#" name is
there, and nothing is loaded from anywhere.
"""
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.wanted, self.faults = [], set(), set(), []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in attrs:
            if attrs["id"] in self.ids:
                self.faults.append(f"id {attrs['id']} stands twice")
            self.ids.add(attrs["id"])
        self.wanted.update((attrs.get("aria-labelledby") or "").split())
        if (href := attrs.get("href")) is not None:
            if not href.startswith("#"):
                self.faults.append(f"a link to {href}")
            self.wanted.add(href[1:])
        for name in attrs:
            if name in ("src", "style", "srcset", "data") or name.startswith("on"):
                self.faults.append(f"{tag} has {name}")
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form"):
            self.faults.append(f"an element {tag}")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes nothing")


def main(path):
    page = Page()
    with open(path, encoding="utf-8") as f:
        page.feed(f.read())
    page.close()
    page.faults += [f"{tag} is not closed" for tag in page.open]
    page.faults += [f"nothing has the id {name}" for name in page.wanted - page.ids]
    print("\n".join(page.faults) or "well-formed")
    return bool(page.faults)


sys.exit(main(sys.argv[1]))
