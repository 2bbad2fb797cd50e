"""What may not stand in templates, and in no file at all."""

import re
from collections.abc import Iterator

from tests.house.code import pattern
from tests.house.sources import Rule, Source


def any_of(*pieces: str) -> str:
    """A pattern of words that are written in two pieces, so that this file obeys its own rules."""
    return "|".join(piece.replace("~", "") for piece in pieces)


HOSTS = any_of(
    r"py~pi\.org",
    r"python~hosted\.org",
    r"npm~js\.(org|com)",
    r"deb\.deb~ian\.org",
    r"crates\.~io",
    r"jsdel~ivr",
    r"unp~kg\.com",
)
MACHINE_PATHS = any_of(
    r"(?<![\w.])/wo~rk/(main|shared)", r"/tmp/d~ev/", r"/root/\.py~env", r"/opt/py~pi", r"\.\./sha~red/"
)
WORKSHOP_WORDS = any_of(
    r"\b(issue|ticket) ?#?\d+\b",
    r"\bLL~M\b",
    r"\bCla~ude\b",
    r"\bChat~GPT\b",
    r"\bco-?pi~lot\b",
    r"\bAI[- ](gen~erated|assis~tant|agent)",
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|<style\b|\sstyle=|\son[a-z]+=\"|javascript:"
)
OUTSIDE = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"'](?:https?:)?//")


def inline_code(source: Source) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.lines, start=1):
        if INLINE.search(line):
            yield number, "the content security policy blocks inline scripts and styles"


def loads_from_elsewhere(source: Source) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.lines, start=1):
        if OUTSIDE.search(line):
            yield number, "nothing is loaded from another host"


def is_html(source: Source) -> bool:
    return source.path.endswith(".html") and not source.is_test


RULES = [
    Rule("inline code in a template", lambda s: is_html(s) and "/emails/" not in s.path, inline_code),
    Rule("loaded from elsewhere", is_html, loads_from_elsewhere),
    Rule(
        "unescaped value",
        is_html,
        pattern(r"\|\s*safe\b|autoescape off", "values are escaped; make markup in the template"),
    ),
    Rule("registry host", lambda s: True, pattern(HOSTS, "names the host of a package registry")),
    Rule("machine path", lambda s: True, pattern(MACHINE_PATHS, "names a path of one machine")),
    Rule("workshop words", lambda s: True, pattern(WORKSHOP_WORDS, "the project speaks of itself only")),
]
