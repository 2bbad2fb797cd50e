"""What open proposals would bring to a place, and when, if they were approved today."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from orders.models import ProposalState, ReplenishmentProposal
from orders.selectors.positions import Arrival, Key


def proposed_arrivals(location_id: int, *, today: date, sku_ids: Collection[int] | None = None) -> dict[Key, Arrival]:
    """One for each open proposal (of these SKUs, or all); one that a budget holds back brings 0. One statement.

    Each day that no plan has looked at a proposal moves its goods a day further away: what is approved today comes as
    many days after today as it would have come after the day of its plan.
    """
    rows = ReplenishmentProposal.objects.filter(location_id=location_id, state=ProposalState.OPEN)
    if sku_ids is not None:
        rows = rows.filter(sku_id__in=sku_ids)
    found: dict[Key, Arrival] = {}
    names = ("sku_id", "quantity", "cut_quantity", "expected_on", "reason__as_of")
    for sku_id, quantity, cut, expected_on, as_of in rows.values_list(*names):
        waited = max((today - date.fromisoformat(as_of)).days - 1, 0) if as_of else 0
        due_on = expected_on + timedelta(days=waited)
        found[location_id, sku_id] = Arrival(location_id, sku_id, due_on, Decimal(0) if cut == 0 else quantity)
    return found
