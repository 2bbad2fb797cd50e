"""Moving what one of our places has too much of to another that needs it, instead of buying it."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from orders.domain.decision import Decision
from orders.domain.sourcing import Choice, SourceKind, Spare

ZERO = Decimal(0)


def spare_units(free: Decimal, order_up_to: Decimal, promised: Decimal) -> Decimal:
    """What may be given away of `free` units on the shelf, of which `promised` leave anyway."""
    return max(free - promised - order_up_to, ZERO)


def choose_donor(need: Decimal, spares: Sequence[Spare], *, is_sold: bool) -> Spare | None:
    """The place with the most to spare that covers the whole need; part of it only where no supplier delivers the SKU
    (not `is_sold`). Two half transfers and an order are more work than one order."""
    best = max(spares, key=lambda spare: (spare.units, -spare.location_id), default=None)
    if best is None or best.units <= 0 or (is_sold and best.units < need):
        return None
    return best


def needs_donor(decision: Decision) -> bool:
    """What would be bought, or cannot be."""
    is_bought = decision.outcome == "proposed" and decision.choice.kind is SourceKind.SUPPLIER
    return is_bought or (decision.outcome == "no_source" and decision.need > 0)


def rebalance(decisions: Sequence[Decision], spares: Mapping[int, Sequence[Spare]]) -> list[Decision]:
    """Decisions that move instead of buying, where `spares`, by SKU, allow it."""
    return [_moved(decision, spares.get(decision.case.sku_id, ())) for decision in decisions]


def contested(decisions: Sequence[Decision], has_truck: Container[int]) -> frozenset[int]:
    """SKUs whose decision another plan can change by taking what is to be moved here: the moved ones, and all that one
    of their suppliers delivers who fills or keeps an order to some value or (`has_truck`, by id) a truck."""
    moved = [decision for decision in decisions if decision.donor is not None]
    shared = {
        buy.supplier_id
        for decision in moved
        if (buy := decision.case.buy) is not None
        and (buy.order_minimum > 0 or buy.order_maximum is not None or buy.supplier_id in has_truck)
    }
    mates = [each for each in decisions if each.case.buy is not None and each.case.buy.supplier_id in shared]
    return frozenset(decision.case.sku_id for decision in (*moved, *mates))


def is_same_act(one: Decision, other: Decision) -> bool:
    """Whether both bring the same units from the same place or supplier on the same day."""
    return _act(one) == _act(other)


def _act(decision: Decision) -> tuple[object, ...]:
    donor = decision.donor.location_id if decision.donor else None
    return decision.outcome, decision.choice.kind, donor, decision.quantity, decision.unit_price


def _moved(decision: Decision, spares: Sequence[Spare]) -> Decision:
    if not needs_donor(decision) or decision.case.is_snoozed:
        return decision
    donor = choose_donor(decision.need, spares, is_sold=decision.case.buy is not None)
    if donor is None:
        return decision
    step = Decimal(decision.case.step).scaleb(-3)
    quantity = min(decision.need, donor.units // step * step)
    if quantity <= 0:
        return decision
    choice = Choice(SourceKind.LOCATION, "surplus_there")
    return replace(decision, outcome="proposed", choice=choice, quantity=quantity, donor=donor)
