"""The guide by role of docs/ in pieces, so that a page can show it: whoever works in a shop never sees a repository."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from accounts.models import Role

# The guide has a section for each role, in this order.
ROLES = (Role.STAFF, Role.MANAGER, Role.PURCHASER, Role.ADMINISTRATOR)
NUMBER = re.compile(r"\d+\. ")
# A name on the screen, a heading inside a line, or a link, whose page stands in the repository only.
MARKED = re.compile(r"\*\*(?P<name>.+?)\*\*|\b_(?P<head>.+?)_|\[(?P<link>.+?)\]\(.+?\)")


@dataclass(frozen=True)
class Piece:
    """`kind` is `name` for what stands on the screen, `head` for what a line is about, `link` or empty for the rest."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Section:
    role: str
    title: str
    items: list[list[Piece]]
    # What is said after the list.
    note: list[Piece]


@lru_cache
def read_guide(path: Path) -> tuple[Section, ...]:
    """The sections of the file, in the order of ROLES."""
    _begin, *sections = re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))
    return tuple(_section(role, text) for role, text in zip(ROLES, sections, strict=True))


def _section(role: str, text: str) -> Section:
    title, *blocks = re.split(r"\n\n", text.strip())
    lines = re.split(r"\n(?=\d+\. )", blocks[0])
    items = [pieces(NUMBER.sub("", line, count=1)) for line in lines]
    return Section(role, title, items, pieces(" ".join(blocks[1:])))


def pieces(text: str) -> list[Piece]:
    """Plain text and names, in turn. A line that goes on in the next one is one line; Chinese needs no space there."""
    joined = re.sub(r"(?<=[\u3000-\uffef])\n\s*", "", text)
    joined = re.sub(r"\s*\n\s*", " ", joined)
    found: list[Piece] = []
    at = 0
    for match in MARKED.finditer(joined):
        found += [Piece(joined[at : match.start()]), Piece(match[match.lastindex or 0], match.lastgroup or "")]
        at = match.end()
    return [piece for piece in [*found, Piece(joined[at:])] if piece.text]
