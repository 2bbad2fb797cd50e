"""A movement as a row of the file in which movements are imported, so that an export can be taken in elsewhere."""

from collections.abc import Sequence
from typing import Any

from inventory.domain.days import zone
from inventory.domain.sheets import Cell

MOVEMENT_HEADER = (
    "id", "date", "kind", "sku", "name", "location", "counterpart", "quantity", "unit_price", "reason", "reference",
    "lot", "expires_on", "customer", "note",
)  # fmt: skip
MOVEMENT_FIELDS = (
    "id", "occurred_at", "kind", "sku__code", "sku__name", "quantity", "unit_price", "reason__code", "posting_id",
    "lot__code", "lot__expires_on", "posting__customer", "posting__note", "source__code", "source__kind",
    "source__time_zone", "destination__code", "destination__kind", "destination__time_zone",
)  # fmt: skip
OUTSIDE = ("supplier", "customer", "loss", "production")
OUTWARD = ("sale", "transfer")
# Kinds whose other end is always the same, so that it need not be named; but a return may go to the supplier.
NAMED_BY_KIND = ("opening", "receipt", "sale", "return", "adjustment", "count")


def movement_row(row: Sequence[Any]) -> Sequence[Cell]:
    """`location` is the place of ours; the quantity is what entered it, or left it in a sale or a transfer."""
    number, at, kind, sku, name, quantity, price, reason, posting_id, lot, expires_on, customer, note, *ends = row
    source, destination = ends[:3], ends[3:]
    # A transfer starts at its source; anything else is told from the end that is ours.
    is_inward = source[1] in OUTSIDE or (source[1] == "in_transit" and destination[1] not in OUTSIDE)
    here, there = (destination, source) if is_inward else (source, destination)
    signed = quantity if is_inward != (kind in OUTWARD) else -quantity
    return (
        number,
        at.astimezone(zone(here[2])).isoformat(" "),
        kind,
        sku,
        name,
        here[0],
        "" if kind in NAMED_BY_KIND and not (kind == "return" and there[1] == "supplier") else there[0],
        signed,
        price,
        reason,
        f"#{posting_id}",
        lot,
        expires_on,
        customer,
        note,
    )
