"""The numbers that documents carry: what kind they are of, the year of their day, and one that no other has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Numbering:
    """`sequence` is one of the database, so numbers may have gaps but never repeat."""

    prefix: str
    sequence: str


COUNTS = Numbering("SC", "inventory_count_number")
TRANSFERS = Numbering("TR", "inventory_transfer_number")


def draw_number(numbering: Numbering, day: date) -> str:
    """The number of a new document of that day, in the calendar of its place."""
    return draw_numbers(numbering, [day])[0]


def draw_numbers(numbering: Numbering, days: Sequence[date]) -> list[str]:
    """Ascending numbers of new documents, one for each of the days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s) ORDER BY 1", [numbering.sequence, len(days)])
        drawn = [number for (number,) in cursor.fetchall()]
    return [f"{numbering.prefix}-{day.year}-{number:06d}" for day, number in zip(days, drawn, strict=True)]
