"""Numbers as people write them in fields and files: 12, 12.5, 12,5, 1,234.50, １．５. Pure."""

import re
from decimal import Decimal

# Figures, letters and signs of full width, and the wide blank.
HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
BLANKS = {ord(blank): None for blank in " \u00a0\u202f"}
# Two different signs: the last one stands before the decimals, whoever wrote it.
GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:(?:,\d{3})+\.|(?:\.\d{3})+,)\d{1,6}", re.ASCII)
# 1,234 is a thousand and more to one reader, one and a bit to another.
AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2},\d{3}", re.ASCII)
NUMBER = re.compile(r"-?(\d{1,30}([.,]\d{0,12})?|[.,]\d{1,12})", re.ASCII)


class NotANumber(ValueError):
    """The text is no number, or several things stand where one number belongs."""


class TwoNumbers(NotANumber):
    """It can mean two numbers, and is not guessed: `whole` is the one without the comma, `broken` the one with a point
    in its place."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.whole, self.broken = text.replace(",", ""), text.replace(",", ".")


def half_width(text: str) -> str:
    """Figures and signs of full width, as a Chinese keyboard writes them, as those of half width: １．５ is 1.5."""
    return text.translate(HALF_WIDTH)


def read_number(text: str) -> Decimal:
    """A decimal with a point or a comma, also with thousands where another sign tells them apart. Raises TwoNumbers,
    NotANumber."""
    plain = half_width(text).strip().translate(BLANKS)
    if GROUPED.fullmatch(plain):
        whole_part, sign, decimals = plain.rpartition("." if plain.rfind(".") > plain.rfind(",") else ",")
        plain = whole_part.replace("," if sign == "." else ".", "") + "." + decimals
    if AMBIGUOUS.fullmatch(plain):
        raise TwoNumbers(plain)
    if not NUMBER.fullmatch(plain):
        raise NotANumber(plain)
    return Decimal(plain.replace(",", "."))
