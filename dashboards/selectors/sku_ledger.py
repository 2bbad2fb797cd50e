"""The ledger of a SKU at a place, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from inventory.models import Location, Movement, Sku

ROWS_SHOWN = 25


@dataclass(frozen=True)
class LedgerRow:
    """A movement as seen from the place: `change` is positive when units came in, `other` is where from or where to."""

    movement: Movement
    change: Decimal
    other: Location


@dataclass(frozen=True)
class LedgerPage:
    """The newest rows first. `older` is the cursor of the next page, empty at the end."""

    rows: Sequence[LedgerRow]
    older: str


def read_ledger(*, sku: Sku, location: Location, before: str = "") -> LedgerPage:
    """Movements before the cursor; one that makes no sense is none. A page costs the same however far down it is."""
    border = _read_cursor(before)
    out = _newest(Movement.objects.filter(source=location, sku=sku), border)
    into = _newest(Movement.objects.filter(destination=location, sku=sku), border)
    found = sorted([*out, *into], key=lambda row: (row.occurred_at, row.pk), reverse=True)
    shown = found[:ROWS_SHOWN]
    older = _cursor(shown[-1]) if len(found) > ROWS_SHOWN else ""
    return LedgerPage([_row(movement, location) for movement in shown], older)


def _newest(movements: QuerySet[Movement], border: tuple[datetime, int] | None) -> list[Movement]:
    """Out and in are asked for one by one, as each has its own index."""
    if border is not None:
        at, pk = border
        movements = movements.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    wanted = movements.select_related("source", "destination", "reason", "posting", "posting__posted_by")
    return list(wanted.order_by("-occurred_at", "-pk")[: ROWS_SHOWN + 1])


def _row(movement: Movement, location: Location) -> LedgerRow:
    if movement.source_id == location.pk:
        return LedgerRow(movement, -movement.quantity, movement.destination)
    return LedgerRow(movement, movement.quantity, movement.source)


def _cursor(movement: Movement) -> str:
    return f"{movement.occurred_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{movement.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    at, _dash, pk = text.partition("-")
    try:
        return datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(pk)
    except ValueError:
        return None
