"""Ids as pages, addresses and programs write them: text that may be anything."""

from collections.abc import Iterable

LONGEST_ID = 18  # digits: what any bigint can hold


def id_of(text: str) -> int | None:
    """The id that the text names; None where no row can have it: letters, signs, digits of other scripts, or more
    digits than an id has, which the database would refuse as an error."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else None


def ids_of(texts: Iterable[str]) -> list[int]:
    """Those of the texts that can be ids, in their order."""
    return [number for number in map(id_of, texts) if number is not None]
