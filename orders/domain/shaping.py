"""What becomes of needed quantities when the supplier's prices and least order are looked at."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from orders.domain.decision import Decision
from orders.domain.money import to_money
from orders.domain.order_fill import Fillable, packs_to_fill
from orders.domain.order_room import is_bought, keeping_room_of, most_of_line, priced, room_of
from orders.domain.price_breaks import Terms, best_deal
from orders.domain.quantity import THOUSAND, to_decimal, to_number
from orders.domain.whole_packs import price_of
from suppliers.domain.lines import least_of_a_line

MOST_DEAL_DAYS = 90.0
MOST_TURNS = 5
# Their need is known, so they may fill an order.
FILLABLE = ("proposed", "enough")


def shape(decisions: Sequence[Decision]) -> list[Decision]:
    """No more of a line than its supplier delivers, larger quantities where a lower price pays for them or a pallet
    is nearly full, then orders filled up to what their supplier delivers."""
    return _fill_orders([_with_pallet(_with_break(_within_line(decision))) for decision in decisions])


def _within_line(decision: Decision) -> Decision:
    most = most_of_line(decision)
    if most is None or decision.quantity <= most or not is_bought(decision):
        return decision
    return replace(decision, quantity=most, over_line=decision.quantity - most)


def _with_break(decision: Decision) -> Decision:
    buy, daily = decision.case.buy, decision.daily_demand
    if buy is None or not buy.breaks or decision.quantity <= 0 or not daily or not is_bought(decision):
        return priced(decision)
    policy, position = decision.case.policy, decision.case.position.inventory_position
    terms = Terms(
        to_number(buy.price), [(to_number(least), to_number(price)) for least, price in buy.breaks],
        to_number(buy.pack_size), daily, policy.ordering_cost / to_number(buy.rate), policy.holding_rate,
    )  # fmt: skip
    most = min(keeping_room_of(decision) - to_number(position), MOST_DEAL_DAYS * daily)
    deal = best_deal(terms, to_number(decision.quantity), most)
    quantity = to_decimal(round(deal.quantity * THOUSAND))
    return replace(
        decision,
        price=price_of(quantity, buy.price, buy.breaks),
        quantity=quantity,
        for_price=quantity - decision.quantity,
        saving=to_money(deal.saving),
    )


def _with_pallet(decision: Decision) -> Decision:
    """A quantity that lacks little of a full pallet becomes one, where that has room and keeps."""
    buy, quantity = decision.case.buy, decision.quantity
    if buy is None or buy.pallet is None or not buy.pallet_share or quantity <= 0 or not is_bought(decision):
        return decision
    over = quantity % buy.pallet
    missing = buy.pallet - over if over else Decimal(0)
    full, position = quantity + missing, decision.case.position.inventory_position
    if not 0 < missing <= buy.pallet_share * buy.pallet or to_number(position + full) > keeping_room_of(decision):
        return decision
    return priced(replace(decision, quantity=full, for_pallet=missing))


def _fill_orders(decisions: list[Decision]) -> list[Decision]:
    """Orders below the least that their supplier delivers are filled up, where that is possible; without a need there
    is no order to fill."""
    groups: dict[int, list[int]] = {}
    for index, decision in enumerate(decisions):
        buy = decision.case.buy
        if buy is not None and buy.order_minimum > 0 and is_bought(decision):
            groups.setdefault(buy.supplier_id, []).append(index)
    for rows in groups.values():
        _fill(decisions, rows)
    return decisions


def _fill(decisions: list[Decision], rows: Sequence[int]) -> None:
    """Again where what was added reached a lower price, so that the order is worth less than was reckoned; all or
    nothing."""
    before = [decisions[row] for row in rows]
    for _turn in range(MOST_TURNS):
        missing = _missing(decisions, rows)
        if missing <= 0:
            return
        chosen = [row for row in rows if decisions[row].outcome in FILLABLE and decisions[row].daily_demand]
        packs = packs_to_fill([_fillable(decisions[row]) for row in chosen], to_number(missing))
        if not packs:
            break
        for row, count in zip(chosen, packs, strict=True):
            decisions[row] = _topped_up(decisions[row], count)
    if _missing(decisions, rows) > 0:
        for row, decision in zip(rows, before, strict=True):
            decisions[row] = decision


def _missing(decisions: Sequence[Decision], rows: Sequence[int]) -> Decimal:
    """Money to the least order; 0 without an order."""
    total = sum((decisions[row].quantity * decisions[row].unit_price for row in rows), Decimal(0))
    first = decisions[rows[0]].case.buy
    return Decimal(0) if first is None or total <= 0 else max(first.order_minimum - total, Decimal(0))


def _fillable(decision: Decision) -> Fillable:
    position, buy = decision.case.position.inventory_position, decision.case.buy
    pack, least = (buy.pack_size, least_of_a_line(buy.minimum, buy.pack_size)) if buy else (Decimal(1), Decimal(1))
    return Fillable(
        stock=to_number(position + decision.quantity),
        pack=to_number(pack),
        daily_demand=decision.daily_demand or 0.0,
        price=to_number(decision.unit_price),
        most=room_of(decision),
        first=1 if decision.quantity > 0 else round(to_number(least / pack)),
    )


def _topped_up(decision: Decision, packs: int) -> Decision:
    added = packs * (decision.case.buy.pack_size if decision.case.buy else Decimal(1))
    if not added:
        return decision
    quantity, for_order = decision.quantity + added, decision.for_order + added
    return priced(replace(decision, outcome="proposed", quantity=quantity, for_order=for_order))
