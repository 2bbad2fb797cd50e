"""Observed lead times: what a receipt teaches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from suppliers.models import ObservedLeadTime


@dataclass(frozen=True)
class Observation:
    """One delivered order line. `source_key` names the receipt line, so that a repeat does not count twice."""

    supplier_id: int
    sku_id: int
    ordered_on: date
    expected_on: date
    received_on: date
    source_key: str
    # The first day whose orders it was among, where that is a later one.
    taken_on: date | None = None


def record_lead_times(*, observations: Sequence[Observation]) -> None:
    """Adds what is new, in one statement; call it in the transaction of the receipt.

    Goods that came before the day they were ordered (a late entry of the order) count as the same day.
    """
    ObservedLeadTime.objects.bulk_create(
        [
            ObservedLeadTime(
                supplier_id=seen.supplier_id,
                sku_id=seen.sku_id,
                ordered_on=seen.ordered_on,
                taken_on=seen.taken_on,
                expected_on=seen.expected_on,
                received_on=max(seen.received_on, seen.ordered_on),
                source_key=seen.source_key,
            )
            for seen in observations
        ],
        ignore_conflicts=True,
    )


def forget_lead_times(*, source_keys: Collection[str]) -> None:
    """Takes back what was seen in receipts that never were; call it in the transaction that undoes them."""
    ObservedLeadTime.objects.filter(source_key__in=source_keys).delete()
