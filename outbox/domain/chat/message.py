"""A message as every chat service gets it, before it takes the form of one of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

# A chat is read on a phone: the costliest are named, of the others it is said how many they are.
SHOWN_ITEMS = 20
ITEM_LIMIT = 300
TITLE_LIMIT = 140
JSON_TYPE = "application/json; charset=utf-8"
# What comes within so many seconds is told in one message: the services take about 20 a minute from one address, and
# people bear fewer.
FOLD_SECONDS = 30


@dataclass(frozen=True)
class Note:
    """One event in the words of its reader. `act` is what is written on the link; `value` the money at stake."""

    text: str
    url: str = ""
    act: str = ""
    value: str = "0"
    is_warning: bool = False


@dataclass(frozen=True)
class ChatMessage:
    """`more` is the sentence for the notes that find no room, with `%(count)d` for how many they are."""

    title: str
    notes: tuple[Note, ...]
    more: str
    url: str
    act: str
    # Notes that `notes` leaves out.
    left_out: int = 0

    @property
    def rest(self) -> str:
        return self.more % {"count": self.left_out} if self.left_out else ""


@dataclass(frozen=True)
class ChatRequest:
    """`query` is added to the address."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON_TYPE})
    query: Mapping[str, str] = field(default_factory=dict)


# The message, the secret (empty: not signed) and the moment of sending.
Formatter = Callable[[ChatMessage, str, datetime], ChatRequest]


def fitted(message: ChatMessage, limit: int, build: Callable[[ChatMessage], Mapping[str, Any]]) -> bytes:
    """The body with as many notes, from the first, as the service takes in `limit` bytes; at least one is named."""
    count = min(len(message.notes), SHOWN_ITEMS)
    body = as_json(build(_shown(message, count)))
    while len(body) > limit and count > 1:
        count -= 1
        body = as_json(build(_shown(message, count)))
    return body


def _shown(message: ChatMessage, count: int) -> ChatMessage:
    notes = tuple(replace(note, text=clipped(note.text, ITEM_LIMIT)) for note in message.notes[:count])
    left_out = message.left_out + len(message.notes) - count
    return replace(message, title=clipped(message.title, TITLE_LIMIT), notes=notes, left_out=left_out)


def as_json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def clipped(text: str, limit: int) -> str:
    """On one line, and no longer than that."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


# Names of goods and places are data. None of the dialects has a sign that takes the meaning off the next one, so what
# would make a link, a mention or a tag is written with its full-width twin.
_TWINS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀"})


def as_markdown_text(text: str) -> str:
    return text.translate(_TWINS)


def as_markdown(message: ChatMessage) -> str:
    """Title, a list, and the link below it: the part of Markdown that WeCom and DingTalk have in common."""
    lines = [f"### {as_markdown_text(message.title)}", ""]
    lines += [f"- {as_markdown_text(note.text)}{_link(note)}" for note in message.notes]
    if message.rest:
        lines += ["", as_markdown_text(message.rest)]
    return "\n".join([*lines, "", f"[{as_markdown_text(message.act)}]({message.url})"])


def _link(note: Note) -> str:
    return f" [{as_markdown_text(note.act)}]({note.url})" if note.url else ""


def fold_until(now: datetime) -> datetime:
    """When what happens now is told: at the next full half minute, together with what else happens until then."""
    passed = now.timestamp() % FOLD_SECONDS
    return now + timedelta(seconds=FOLD_SECONDS - passed)


def costliest_first(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Warnings before news, the most money first."""
    return tuple(sorted(notes, key=lambda note: (not note.is_warning, -Decimal(note.value))))
