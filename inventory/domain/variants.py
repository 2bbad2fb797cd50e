"""Codes of variants and of bins, made from what people call them."""

import re
from collections.abc import Iterable, Sequence

LARGEST_RANGE = 200
_RANGE = re.compile(r"^(?P<stem>.*?)(?P<first>\d+)\s*\.\.\s*(?P=stem)?(?P<last>\d+)$")


def value_codes(names: Sequence[str]) -> list[str]:
    """A short ASCII code for each value of an axis, all different: "Dark red" is DARKRED, "红" its number.

    ASCII, so that a one-dimensional barcode can be made of it.
    """
    codes: list[str] = []
    for number, name in enumerate(names, start=1):
        letters = "".join(letter for letter in name.upper() if letter.isascii() and letter.isalnum())[:12]
        code = letters if letters and letters not in codes else f"{letters}{number:02d}"
        codes.append(code)
    return codes


def variant_code(style_code: str, parts: Iterable[str]) -> str:
    return "-".join([style_code, *parts])


def expand_codes(text: str) -> list[str]:
    """Codes written with commas or on lines; A-01..A-12 stands for twelve of them. Each once, in their order."""
    codes: list[str] = []
    for part in re.split(r"[,，、;；\t\n]", text):
        codes.extend(_expand(part.strip()))
    return list(dict.fromkeys(code for code in codes if code))


def _expand(part: str) -> list[str]:
    found = _RANGE.match(part)
    if found is None:
        return [part]
    first, last = int(found["first"]), int(found["last"])
    if not first <= last < first + LARGEST_RANGE:
        return [part]
    width = len(found["first"])
    return [f"{found['stem']}{number:0{width}d}" for number in range(first, last + 1)]
