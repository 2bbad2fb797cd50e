"""A barcode as bars, for pages that draw it themselves."""

from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128

# Empty modules at each side, without which scanners do not find the code (ISO/IEC 15417).
QUIET = 10


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars as (x, width), in modules of a drawing that is `width` modules wide, quiet zones included."""

    bars: list[tuple[int, int]]
    width: int


def code128(value: str) -> Bars:
    """The Code 128 symbol of a text of ASCII. Raises `ValueError` for what it cannot carry."""
    if not value or not value.isascii() or not value.isprintable():
        raise ValueError(f"Code 128 cannot carry {value!r}.")
    symbol = Code128(value)
    symbol.validate()
    symbol.encode()
    symbol.decompose()
    bars, at = [], QUIET
    # A to D are bars of one to four modules, a to d gaps.
    for letter in symbol.decomposed:
        width = ord(letter.lower()) - ord("a") + 1
        if letter.isupper():
            bars.append((at, width))
        at += width
    return Bars(bars, at + QUIET)
