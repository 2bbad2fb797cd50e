"""Revisions of an order as they are read: days and quantities of the reader's language, not those of the row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.models import OrderRevision


@dataclass(frozen=True)
class Shape:
    """A line at one time."""

    quantity: Decimal
    expected_on: date


@dataclass(frozen=True)
class ChangedLine:
    name: str
    before: Shape
    after: Shape


@dataclass(frozen=True)
class RevisionRow:
    revision: OrderRevision
    lines: Sequence[ChangedLine]


def revision_rows(revisions: Iterable[OrderRevision]) -> list[RevisionRow]:
    """In the order given."""
    return [
        RevisionRow(
            revision,
            [ChangedLine(row["name"], _shape(row["before"]), _shape(row["after"])) for row in revision.changes],
        )
        for revision in revisions
    ]


def _shape(kept: Mapping[str, str]) -> Shape:
    return Shape(Decimal(kept["quantity"]), date.fromisoformat(kept["expected_on"]))
