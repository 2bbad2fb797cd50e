"""The same act once more: it gets the first posting, if it says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from inventory.domain.movements import ZERO, MovementLine
from inventory.errors import KeyAlreadyUsed
from inventory.models import Posting

# SKU, source, destination, price, reason, what it reverses.
Content = tuple[int, int, int, Decimal | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Said:
    """A line as it was asked for, or as it stands in the ledger."""

    content: Content
    quantity: Decimal
    at: datetime | None
    lot_id: int | None


def first_posting(repeat: Posting, lines: Sequence[MovementLine]) -> Posting:
    """The posting that this key made, if it says the same. Raises `KeyAlreadyUsed` otherwise."""
    first = Posting.objects.get(key=repeat.key)
    is_other = (first.kind, first.customer) != (repeat.kind, repeat.customer)
    if is_other or not _is_same(_stored(first), [_said(line) for line in lines]):
        raise KeyAlreadyUsed(
            _("The key %(key)s was used for another posting. Send a new key, or the same lines.") % {"key": repeat.key}
        )
    return first


def _stored(posting: Posting) -> list[Said]:
    rows = posting.movements.order_by("line").values_list(
        "sku_id", "source_id", "destination_id", "unit_price", "reason_id", "reverses_id",
        "quantity", "occurred_at", "lot_id",
    )  # fmt: skip
    return [Said(row[:6], *row[6:]) for row in rows]


def _said(line: MovementLine) -> Said:
    content = (
        line.sku_id, line.source_id, line.destination_id, line.unit_price, line.reason_id, line.reverses_id
    )  # fmt: skip
    return Said(content, line.quantity, line.occurred_at, line.lot_id)


def _is_same(stored: Sequence[Said], asked: Sequence[Said]) -> bool:
    if any(row.lot_id is not None for row in stored):
        if not _are_lots_kept(stored, asked):
            return False
        stored, asked = _merge(stored), _merge(asked)
    return len(stored) == len(asked) and all(
        new.content == old.content and new.quantity == old.quantity and new.at in (None, old.at)
        for old, new in zip(stored, asked, strict=True)
    )


def _merge(rows: Iterable[Said]) -> list[Said]:
    """Neighbours that differ only in their lot, as one: a line that named no lot was cut into several by us."""
    groups = (list(group) for _key, group in groupby(rows, key=lambda row: (row.content, row.at)))
    return [replace(group[0], quantity=sum((row.quantity for row in group), ZERO), lot_id=None) for group in groups]


def _are_lots_kept(stored: Iterable[Said], asked: Iterable[Said]) -> bool:
    """Whether at least as much went from each lot as was asked of it by name."""
    given: dict[tuple[Content, int], Decimal] = {}
    for row in stored:
        if row.lot_id is not None:
            given[row.content, row.lot_id] = given.get((row.content, row.lot_id), ZERO) + row.quantity
    for row in asked:
        if row.lot_id is not None:
            given[row.content, row.lot_id] = given.get((row.content, row.lot_id), ZERO) - row.quantity
    return all(quantity >= 0 for quantity in given.values())


def is_sold(stored: Sequence[tuple[int, Decimal, int | None]], asked: Sequence[tuple[int, Decimal]]) -> bool:
    """Whether the ledger holds just what was asked: (SKU, quantity, lot) against (SKU, quantity), in their order."""
    if any(lot_id is not None for _sku, _quantity, lot_id in stored):
        return _sums((sku, quantity) for sku, quantity, _lot in stored) == _sums(asked)
    return [(sku, quantity) for sku, quantity, _lot in stored] == list(asked)


def _sums(rows: Iterable[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    groups = groupby(rows, key=lambda row: row[0])
    return [(sku_id, sum((quantity for _sku, quantity in group), ZERO)) for sku_id, group in groups]
