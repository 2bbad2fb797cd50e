"""Where goods are delivered, as people write it: a few lines, and who takes them in."""

import unicodedata

MOST_ADDRESS = 400
MOST_CONTACT = 120
# A paper that gives an address room for more lines would have none left for the goods.
MOST_LINES = 8


def tidy_lines(text: str) -> str:
    """Each line without blanks at its ends, and no empty ones."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def is_readable(text: str) -> bool:
    """No control characters but ends of lines: they cannot be printed."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text.replace("\n", ""))


def delivery_text(address: str, contact: str) -> str:
    """What a driver needs, a line each; empty when nobody has said it."""
    return "\n".join(part for part in (address, contact) if part)


def in_one_line(text: str) -> str:
    """For a cell of a table."""
    return ", ".join(text.splitlines())
