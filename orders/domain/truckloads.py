"""The orders of a plan against the trucks of their suppliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from orders.domain.decision import Decision
from orders.domain.order_room import is_bought, keeping_room_of, priced
from orders.domain.quantity import to_decimal, to_number
from orders.domain.truck import Line, Sizes, cut, filled, fits, is_held_back, load_of
from suppliers.domain.lines import least_of_a_line

LITRES = 1000.0
# Their need is known, so they may fill a truck.
FILLABLE = ("proposed", "enough")


class TruckPolicy(StrEnum):
    NONE = "none"
    FILL = "fill"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Truck:
    """Capacities, None where it does not matter: kilograms, cubic metres, money in the currency of the supplier. Filled
    up with goods for at most `most_days`."""

    policy: TruckPolicy
    kilograms: float | None
    cubic_metres: float | None
    value: float | None
    most_days: int


@dataclass(frozen=True, slots=True)
class Size:
    """Of one unit; 0 where nobody has said it."""

    kilograms: float
    litres: float


def by_truck(decisions: list[Decision], trucks: Mapping[int, Truck], sizes: Mapping[int, Size]) -> list[Decision]:
    """Orders filled up to, or cut to, the trucks of their suppliers. Who has no truck is left alone; without a need
    there is no order to fill."""
    groups: dict[int, list[int]] = {}
    for index, decision in enumerate(decisions):
        buy = decision.case.buy
        if buy is not None and buy.supplier_id in trucks and is_bought(decision) and decision.outcome in FILLABLE:
            groups.setdefault(buy.supplier_id, []).append(index)
    for supplier_id, rows in groups.items():
        if any(decisions[row].quantity > 0 for row in rows):
            _load(decisions, rows, trucks[supplier_id], sizes)
    return decisions


def _load(decisions: list[Decision], rows: Sequence[int], truck: Truck, sizes: Mapping[int, Size]) -> None:
    known = [row for row in rows if decisions[row].daily_demand or decisions[row].quantity > 0]
    capacities = (truck.kilograms, truck.cubic_metres, truck.value)
    kept = [at for at, capacity in enumerate(capacities) if capacity]
    holds: Sizes = tuple(capacities[at] or 0.0 for at in kept)
    lines = [_line(decisions[row], sizes.get(decisions[row].case.sku_id, Size(0.0, 0.0)), kept) for row in known]
    before = load_of(lines, [line.packs for line in lines], len(holds))
    if not kept or not any(before):
        return
    if truck.policy is TruckPolicy.FILL:
        packs = filled(lines, holds, float(truck.most_days))
    elif fits(before, holds):
        return
    else:
        # A cut may lose a price break: then less is loaded than would fit, never more than the truck holds.
        dearest = [_at_list_price(decisions[row]) for row in known]
        lines = [_line(each, sizes.get(each.case.sku_id, Size(0.0, 0.0)), kept) for each in dearest]
        packs = cut(lines, holds)
    for row, line, count in zip(known, lines, packs, strict=True):
        if count != line.packs:
            decisions[row] = _changed(decisions[row], count - line.packs)
    if truck.policy is TruckPolicy.FILL and is_held_back(lines, packs, holds, float(truck.most_days)):
        for row in known:
            if decisions[row].quantity > 0:
                decisions[row] = replace(decisions[row], truck_held_days=truck.most_days)


def _at_list_price(decision: Decision) -> Decision:
    return replace(decision, price=decision.case.buy.price if decision.case.buy else None)


def _line(decision: Decision, size: Size, kept: Sequence[int]) -> Line:
    pack, least = _pack(decision), decision.case.buy.minimum if decision.case.buy else Decimal(0)
    units, stock = to_number(pack), to_number(decision.case.position.inventory_position)
    takes = (size.kilograms * units, size.litres * units / LITRES, to_number(decision.unit_price) * units)
    return Line(
        stock=stock,
        pack=units,
        daily_demand=decision.daily_demand or 0.0,
        packs=round(to_number(decision.quantity / pack)),
        least=int(least_of_a_line(least, pack) // pack),
        most=(keeping_room_of(decision) - stock) / units,
        takes=tuple(takes[at] for at in kept),
    )


def _pack(decision: Decision) -> Decimal:
    buy = decision.case.buy
    return buy.pack_size if buy is not None and buy.pack_size > 0 else to_decimal(decision.case.step)


def _changed(decision: Decision, packs: int) -> Decision:
    units = packs * _pack(decision)
    quantity = decision.quantity + units
    outcome = "proposed" if quantity > 0 else "delayed"
    return priced(replace(decision, outcome=outcome, quantity=quantity, for_truck=units))
