"""Orders kept within the most that their supplier delivers at once, in money."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from orders.domain.decision import Decision
from orders.domain.order_room import is_bought
from orders.domain.quantity import to_number
from orders.domain.truck import Line, cut
from orders.domain.whole_packs import price_of
from suppliers.domain.lines import least_of_a_line

ZERO = Decimal(0)


def within_order(decisions: list[Decision]) -> list[Decision]:
    """As a truck that is all there is: packs are left out of the line that lasts longest without them. What is left out
    is asked for again at the next look, of whom then has the turn."""
    groups: dict[int, list[int]] = {}
    for index, decision in enumerate(decisions):
        buy = decision.case.buy
        if buy is not None and buy.order_maximum is not None and decision.quantity > 0 and is_bought(decision):
            groups.setdefault(buy.supplier_id, []).append(index)
    for rows in groups.values():
        _cut(decisions, rows)
    return decisions


def _cut(decisions: list[Decision], rows: Sequence[int]) -> None:
    buy = decisions[rows[0]].case.buy
    most = buy.order_maximum if buy is not None else None
    if most is None or sum((decisions[row].quantity * decisions[row].unit_price for row in rows), ZERO) <= most:
        return
    lines = [_line(decisions[row]) for row in rows]
    for row, line, packs in zip(rows, lines, cut(lines, (to_number(most),)), strict=True):
        if packs != line.packs:
            decisions[row] = _less(decisions[row], line.packs - packs)


def _line(decision: Decision) -> Line:
    """At the price of a single pack, since a cut may lose a price break: then less is left out than would fit, never
    more than the most is ordered."""
    buy = decision.case.buy
    pack, least, price = (buy.pack_size, buy.minimum, buy.price) if buy else (Decimal(1), ZERO, ZERO)
    units = to_number(pack)
    return Line(
        stock=to_number(decision.case.position.inventory_position),
        pack=units,
        daily_demand=decision.daily_demand or 0.0,
        packs=round(to_number(decision.quantity / pack)),
        least=round(to_number(least_of_a_line(least, pack) / pack)),
        most=float("inf"),
        takes=(to_number(price) * units,),
    )


def _less(decision: Decision, packs: int) -> Decision:
    buy = decision.case.buy
    units = packs * (buy.pack_size if buy else Decimal(1))
    quantity = decision.quantity - units
    price = decision.price if buy is None or decision.price is None else price_of(quantity, buy.price, buy.breaks)
    outcome = decision.outcome if quantity > 0 else "delayed"
    return replace(decision, outcome=outcome, quantity=quantity, price=price, over_order=units)
