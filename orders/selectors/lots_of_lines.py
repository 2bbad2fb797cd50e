"""Which lots came, or went back, with each line of a delivery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inventory.models import Lot, Movement
from orders.models import Receipt, ReceiptLine, SupplierReturn, SupplierReturnLine


@dataclass(frozen=True)
class LineWithLots:
    """A line; `lots` is empty for a SKU that is not tracked by lot."""

    line: ReceiptLine | SupplierReturnLine
    lots: Sequence[Lot]


@dataclass(frozen=True)
class Delivered:
    """What came or went back at once."""

    record: Receipt | SupplierReturn
    lines: Sequence[LineWithLots]


def with_lots(records: Iterable[Receipt | SupplierReturn]) -> list[Delivered]:
    """In the order given; the lots of all of them in one query."""
    records = list(records)
    lots = _lots({record.posting_id for record in records if record.posting_id is not None})

    def line_of(record: Receipt | SupplierReturn, line: ReceiptLine | SupplierReturnLine) -> LineWithLots:
        return LineWithLots(line, lots.get((record.posting_id, line.order_line.sku_id), ()))

    return [Delivered(record, [line_of(record, line) for line in record.lines.all()]) for record in records]


def _lots(posting_ids: Iterable[int]) -> dict[tuple[int | None, int], list[Lot]]:
    """By posting and SKU, each lot once, in the order of the movements."""
    found: dict[tuple[int | None, int], list[Lot]] = {}
    movements = Movement.objects.filter(posting__in=list(posting_ids), lot__isnull=False).select_related("lot")
    for movement in movements.order_by("posting", "line"):
        here = found.setdefault((movement.posting_id, movement.sku_id), [])
        if movement.lot is not None and movement.lot not in here:
            here.append(movement.lot)
    return found
