"""What a chat service made of a message. Most answer 200 and say in the body that they did not take it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SAID_LIMIT = 200


class Reason(StrEnum):
    """Why a message was not taken, as far as we can tell."""

    SIGN = "sign"
    KEYWORD = "keyword"
    SENDER = "sender"
    ADDRESS = "address"
    CLOSED = "closed"
    BUSY = "busy"
    MESSAGE = "message"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """`said` are the service's own words with its code."""

    is_taken: bool
    said: str
    reason: Reason = Reason.UNKNOWN


# HTTP status and body.
Reader = Callable[[int, bytes], Verdict]


def is_success(status: int) -> bool:
    return 200 <= status < 300


def as_text(body: bytes) -> str:
    return " ".join(body.decode(errors="replace").split())[:SAID_LIMIT]


def as_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object of the answer; empty when it is none, or nested deeper than any service answers."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def by_status(status: int) -> Reason:
    """What the HTTP status alone tells."""
    if status == 429:
        return Reason.BUSY
    if status in (400, 413, 422):
        return Reason.MESSAGE
    return Reason.ADDRESS if status in (401, 403, 404, 410) else Reason.UNKNOWN


def read_code(status: int, body: bytes, *, code: str, text: str, reasons: Mapping[int, Reason]) -> Verdict:
    """The verdict of a service that answers with a number, 0 for success, and a text under these names.

    An answer without a number is none of this service's, whatever its status: a sign-in page, a wrong address.
    """
    answer = as_object(body)
    number = answer.get(code)
    if not isinstance(number, int):
        return Verdict(False, f"{status} {as_text(body)}".strip(), by_status(status))
    said = f"{code} {number}: {str(answer.get(text, ''))[:SAID_LIMIT]}"
    if number == 0 and is_success(status):
        return Verdict(True, said)
    return Verdict(False, said, reasons.get(number) or by_status(status))
