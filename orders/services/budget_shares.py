"""Shares out what is left of the budgets over all open proposals, in sets: the uncut suggestion of the plan stays, what
may be ordered of it stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from orders.domain.budget_cuts import Line, Order, Share, cut_lines
from orders.locks import lock_budgets, lock_free_proposals
from orders.models import Budget
from orders.selectors.budget_lines import OpenLine, OpenOrder, as_line, open_lines, open_orders
from orders.selectors.budgets import Pot, live_budgets, pots_on

ZERO = Decimal(0)
_WRITE = """
UPDATE orders_replenishmentproposal proposal
   SET quantity = fresh.quantity, unit_price = fresh.unit_price, cut_quantity = fresh.cut_quantity,
       cut_by_id = fresh.cut_by, cut_cost = fresh.cut_cost, updated_at = %(now)s
  FROM unnest(%(pk)s::bigint[], %(suggested)s::numeric[], %(quantity)s::numeric[], %(unit_price)s::numeric[],
              %(cut_quantity)s::numeric[], %(cut_by)s::bigint[], %(cut_cost)s::numeric[])
       AS fresh (id, suggested, quantity, unit_price, cut_quantity, cut_by, cut_cost)
 WHERE proposal.id = fresh.id AND proposal.suggested_quantity = fresh.suggested
"""
_COLUMNS = ("pk", "suggested", "quantity", "unit_price", "cut_quantity", "cut_by", "cut_cost")


@dataclass(frozen=True, slots=True)
class _Scope:
    """The orders that are looked at, the budgets of which less is left than they want, and by order the places of those
    that cover it."""

    orders: Mapping[Order, OpenOrder]
    pots: Sequence[Pot]
    budgets: Mapping[Order, Sequence[int]]


def share_budgets(*, now: datetime, is_ended: bool = False) -> int:
    """Cuts what the budgets do not reach for, and gives back what they do by now; returns how many proposals changed.

    Where a person typed a quantity it stays, and its money is set aside first. That nothing is overspent is kept by who
    buys (orders.services.budget_guard), so this reads and reckons without locks, and nobody waits for that. One
    statement where there is no budget, five where all is within. `is_ended` looks for what a budget cut that has just
    ended.
    """
    budgets = list(live_budgets())
    if not budgets and not is_ended:
        return 0
    scope = _scope(open_orders(now), budgets)
    lines = open_lines(list(scope.orders.values()))
    known = {line.pk: line for line in lines}
    rows = [_row(share, known[share.pk], scope.pots) for share in _shares(scope, lines)]
    changed = [row for row in rows if row[2:] != _present(known[row[0]])]
    if not changed:
        return 0
    with transaction.atomic():
        # Who changed a budget meanwhile shares out by it.
        return _write(changed, now) if _terms(lock_budgets()) == _terms(budgets) else 0


def _terms(budgets: Sequence[Budget]) -> list[tuple[Any, ...]]:
    return [
        (row.pk, row.amount, row.period, row.starts_on, row.location_id, {each.pk for each in row.suppliers.all()})
        for row in budgets
    ]


def _present(line: OpenLine) -> tuple[Any, ...]:
    return line.quantity, line.unit_price, line.cut, line.cut_by, line.cut_cost


def _scope(orders: Sequence[OpenOrder], budgets: Sequence[Budget]) -> _Scope:
    """An order without a rate has no price that a budget could count; its approval is refused with the reason."""
    pots = pots_on(budgets, {order.day for order in orders})
    covered = {order: _pots(order, pots) for order in orders}
    wanted = [sum((row.home_money for row, ats in covered.items() if at in ats), ZERO) for at in range(len(pots))]
    tight = [at for at, pot in enumerate(pots) if wanted[at] > pot.left]
    kept = {at: place for place, at in enumerate(tight)}
    touched = {order: [kept[at] for at in ats if at in kept] for order, ats in covered.items()}
    looked_at = {(row.supplier_id, row.location_id): row for row, ats in touched.items() if ats or row.is_cut}
    return _Scope(
        looked_at,
        [pots[at] for at in tight],
        {key: touched[row] for key, row in looked_at.items()},
    )


def _pots(order: OpenOrder, pots: Sequence[Pot]) -> list[int]:
    if order.rate is None:
        return []
    return [at for at, pot in enumerate(pots) if pot.covers(order.supplier_id, order.location_id, order.day)]


def _shares(scope: _Scope, lines: Sequence[OpenLine]) -> list[Share]:
    left = [pot.left for pot in scope.pots]
    least = {key: row.minimum * (row.rate or ZERO) for key, row in scope.orders.items()}
    shared: list[Line] = []
    whole: list[Share] = []
    for line in lines:
        order = (line.supplier_id, line.location_id)
        money = line.quantity * line.unit_price * (scope.orders[order].rate or ZERO)
        if line.is_typed:
            for at in scope.budgets[order]:
                left[at] -= money
            least[order] = max(least[order] - money, ZERO)
        elif scope.budgets[order]:
            shared.append(as_line(line, scope.orders[order], scope.budgets[order]))
        else:
            plain = as_line(line, scope.orders[order], [])
            whole.append(Share(line.pk, line.suggested, plain.price_at(line.suggested)))
    return whole + cut_lines(shared, left, least)


def _row(share: Share, line: OpenLine, pots: Sequence[Pot]) -> tuple[Any, ...]:
    """In the order of _COLUMNS. A held one keeps its suggested quantity, so that everybody sees what is missing."""
    cut_by = None if share.budget is None else pots[share.budget].budget.pk
    left = None if share.budget is None else share.quantity
    return line.pk, line.suggested, share.quantity or line.suggested, share.unit_price, left, cut_by, share.cost


def _write(rows: Sequence[tuple[Any, ...]], now: datetime) -> int:
    """Only what changes is locked. What somebody decides or plans meanwhile is left to the next share-out."""
    free = lock_free_proposals([row[0] for row in rows])
    rows = [row for row in rows if row[0] in free]
    if not rows:
        return 0
    values = {name: list(column) for name, column in zip(_COLUMNS, zip(*rows, strict=True), strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {**values, "now": now})
        return int(cursor.rowcount)
