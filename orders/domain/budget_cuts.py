"""From open lines and what is left of the budgets to what each line may order, exactly to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from orders.domain.averted import EIGHTHS, cost_of_cut
from orders.domain.budget_share import Wanted, averted_of, share_out
from orders.domain.curves import F64
from orders.domain.money import CENT, to_money
from orders.domain.quantity import I64, to_number
from orders.domain.whole_packs import price_of
from suppliers.domain.lines import least_of_a_line

Order = tuple[int, int]
"""(supplier id, location id)"""
ZERO = Decimal(0)
# Prices of fractions of a cent are rounded by the order; what that adds is taken off, so often at most.
MOST_ROUNDINGS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What is suggested: units, of a pack, least of a line; price of a unit in the supplier's currency and the rate of
    that; where the price depends on the quantity, that of a single unit and (units, price of every unit) ascending. The
    places of the budgets that cover it in the list of what is left."""

    pk: int
    order: Order
    suggested: Decimal
    pack: Decimal
    least: Decimal
    unit_price: Decimal
    rate: Decimal
    averted: Sequence[float]
    budgets: Sequence[int]
    list_price: Decimal | None = None
    breaks: tuple[tuple[Decimal, Decimal], ...] = ()

    def price_at(self, quantity: Decimal) -> Decimal:
        """Of a unit, when so many are ordered."""
        return self.unit_price if self.list_price is None else price_of(quantity, self.list_price, self.breaks)


@dataclass(frozen=True, slots=True)
class Share:
    """What a line may order at most, 0 when it is held; `budget` is the place of the one that ran out, None when
    nothing is cut; `cost` is the lost margin expected of the cut."""

    pk: int
    quantity: Decimal
    unit_price: Decimal
    budget: int | None = None
    cost: Decimal | None = None


def cut_lines(lines: Sequence[Line], left: Sequence[Decimal], least_money: Mapping[Order, Decimal]) -> list[Share]:
    """One share for each line. `left` of each budget, and the least money of an order where its supplier has one, are
    in the firm's currency. What a lower price at a larger quantity would save is not reckoned with, so some of the
    money may stay."""
    if not lines:
        return []
    wanted = wanted_of(lines, len(left), least_money)
    money = np.array([max(to_number(value), 0.0) for value in left])
    packs = share_out(wanted, money)
    for _turn in range(MOST_ROUNDINGS):
        over = _over(lines, packs, left)
        if not over.any():
            break
        money = np.maximum(money - over - 1e-5, 0.0)
        packs = share_out(wanted, money)
    room = money - (wanted.covered * (packs * wanted.cost)[:, None]).sum(axis=0)
    return [
        _share(line, int(count), int(all_of), room)
        for line, count, all_of in zip(lines, packs, wanted.packs, strict=True)
    ]


def averted_with(
    lines: Sequence[Line], monies: Sequence[Decimal], least_money: Mapping[Order, Decimal]
) -> list[Decimal]:
    """The lost margin that each amount of money averts, best spent on the lines; all are in one budget, the first."""
    wanted = wanted_of(lines, 1, least_money)
    found = [averted_of(wanted, share_out(wanted, np.array([to_number(money)]))).sum().item() for money in monies]
    return [to_money(value) for value in found]


def money_of(lines: Sequence[Line]) -> Decimal:
    """What all of it costs, in the firm's currency."""
    return sum((line.suggested * (line.list_price or line.unit_price) * line.rate for line in lines), ZERO)


def packs_of(line: Line) -> int:
    return max(int(line.suggested // line.pack), 1)


def wanted_of(lines: Sequence[Line], budgets: int, least_money: Mapping[Order, Decimal]) -> Wanted:
    """The lines as arrays; an order that cannot reach its least even uncut is wanted as it is."""
    orders = sorted({line.order for line in lines})
    index = {order: at for at, order in enumerate(orders)}
    packs = np.array([packs_of(line) for line in lines], dtype=np.int64)
    cost = np.array([to_number(line.rate * line.pack * (line.list_price or line.unit_price)) for line in lines])
    order = np.array([index[line.order] for line in lines], dtype=np.int64)
    covered = np.zeros((len(lines), budgets), dtype=np.bool_)
    for at, line in enumerate(lines):
        covered[at, list(line.budgets)] = True
    whole = np.bincount(order, weights=packs * cost, minlength=len(orders))
    least = np.array([to_number(least_money.get(each, ZERO)) for each in orders])
    begun = [int(least_of_a_line(line.least, line.pack) // line.pack) for line in lines]
    return Wanted(
        packs=packs,
        least=np.minimum(begun, packs).astype(np.int64),
        cost=cost,
        averted=np.array([list(line.averted) or [0.0] * EIGHTHS for line in lines], dtype=np.float64),
        order=order,
        covered=covered,
        minimum=np.minimum(least, whole),
    )


def _over(lines: Sequence[Line], packs: I64, left: Sequence[Decimal]) -> F64:
    """[B]: by how much the orders, rounded to the cent as they will be, exceed what is left."""
    totals: dict[tuple[Order, Decimal, tuple[int, ...]], Decimal] = {}
    for line, count in zip(lines, packs.tolist(), strict=True):
        quantity = _quantity(line, count)
        key = (line.order, line.rate, tuple(line.budgets))
        totals[key] = totals.get(key, ZERO) + quantity * line.price_at(quantity)
    used = [ZERO] * len(left)
    for (_order, rate, budgets), total in totals.items():
        for budget in budgets:
            used[budget] += (total.quantize(CENT) * rate).quantize(CENT)
    return np.array([to_number(max(spent - max(most, ZERO), ZERO)) for spent, most in zip(used, left, strict=True)])


def _quantity(line: Line, packs: int) -> Decimal:
    return line.suggested if packs >= packs_of(line) else packs * line.pack


def _share(line: Line, packs: int, all_of: int, room: F64) -> Share:
    if packs >= all_of:
        return Share(line.pk, line.suggested, line.price_at(line.suggested))
    quantity = _quantity(line, packs)
    budget = min(line.budgets, key=lambda at: (room[at], at))
    cost = cost_of_cut(line.averted, line.suggested, quantity) if line.averted else None
    return Share(line.pk, quantity, line.price_at(quantity or line.suggested), budget, cost)
