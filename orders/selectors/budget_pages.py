"""What the pages of budgets show: used and left, what is cut, and what another amount would avert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from accounts.models import User
from inventory.domain.days import local_date
from inventory.models import Location
from orders.domain.budget_cuts import Line, Order, averted_with, money_of
from orders.domain.budget_reasons import Cut
from orders.domain.money import CENT
from orders.models import Budget, ProposalState, ReplenishmentProposal
from orders.selectors.budget_lines import as_line, open_lines, open_orders
from orders.selectors.budgets import Pot, budgets_for, covers, live_budgets, pots_on
from orders.selectors.exchange_rates import home_amount, rates_on

ZERO = Decimal(0)
# Amounts that the curve tells of, in percent of the present one.
STEPS = (50, 75, 90, 100, 110, 125, 150, 200)


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget in its period of today, None before the first; the proposals that it cuts, those of them that it holds
    whole, and the lost margin that is expected of it."""

    budget: Budget
    pot: Pot | None
    cut: int
    held: int
    cost: Decimal

    @property
    def percent(self) -> int:
        """Used, of its amount; 0..100."""
        return 0 if self.pot is None else min(int(self.pot.used * 100 / self.budget.amount), 100)


@dataclass(frozen=True, slots=True)
class Point:
    """With a budget of `amount` the open proposals avert so much lost margin; `more` is the difference to the present
    amount. `percent` of that, None for what all of them cost."""

    amount: Decimal
    averted: Decimal
    more: Decimal
    percent: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What an order to a supplier would cost, in their currency."""

    supplier_id: int
    currency: str
    amount: Decimal


def budget_rows(user: User, today: date) -> list[BudgetRow]:
    """Of the user's places and of all; five statements, one without any budget."""
    budgets = list(budgets_for(user))
    if not budgets:
        return []
    pots = {pot.budget.pk: pot for pot in pots_on(budgets, {today})}
    cuts = (
        ReplenishmentProposal.objects.filter(state=ProposalState.OPEN, cut_by__in=budgets)
        .values_list("cut_by")
        .annotate(lines=Count("pk"), held=Count("pk", filter=Q(cut_quantity=0)), cost=Sum("cut_cost"))
    )
    found = {row[0]: (row[1], row[2], row[3] or ZERO) for row in cuts}
    return [BudgetRow(row, pots.get(row.pk), *found.get(row.pk, (0, 0, ZERO))) for row in budgets]


def cut_of(proposal: ReplenishmentProposal) -> Cut | None:
    """What a budget left of it, None when none cut it; `cut_by` is loaded."""
    if proposal.cut_quantity is None or proposal.cut_by is None:
        return None
    return Cut(proposal.cut_by.name, proposal.suggested_quantity, proposal.cut_quantity, proposal.cut_cost)


def exceeded_by(proposal: ReplenishmentProposal, cost: Decimal, now: datetime) -> list[Pot]:
    """The budgets that an order of it at that cost, in its supplier's currency, would exceed. One statement without any
    budget, five at most."""
    if proposal.supplier is None:
        return []
    return exceeded_together([Cost(proposal.supplier.pk, proposal.supplier.currency, cost)], proposal.location, now)


def exceeded_together(costs: Sequence[Cost], place: Location, now: datetime) -> list[Pot]:
    """The budgets that orders of today for one place would exceed together. As many statements as `exceeded_by`."""
    named = [(row, {each.pk for each in row.suppliers.all()}) for row in live_budgets()]
    budgets = [row for row, ids in named if any(covers(row, ids, cost.supplier_id, place.pk) for cost in costs)]
    if not budgets:
        return []
    today = local_date(now, place.time_zone)
    rates = rates_on(today, {cost.currency for cost in costs})
    homes = [(cost.supplier_id, home_amount(cost.amount, rates.get(cost.currency)) or ZERO) for cost in costs]

    def wanted(pot: Pot) -> Decimal:
        return sum((home for supplier, home in homes if pot.covers(supplier, place.pk, today)), ZERO)

    return [pot for pot in pots_on(budgets, {today}) if wanted(pot) > max(pot.left, ZERO)]


def curve_of(budget: Budget, now: datetime) -> list[Point]:
    """What other amounts would avert of today's proposals, this budget alone; empty where it covers none. What is
    bought and what a person typed takes its money first, as it does now. Seven statements."""
    orders = {}
    named = {row.pk for row in budget.suppliers.all()}
    for order in open_orders(now):
        if order.rate is not None and covers(budget, named, order.supplier_id, order.location_id):
            orders[order.supplier_id, order.location_id] = order
    pots = pots_on([budget], {order.day for order in orders.values()})
    if not pots:
        return []
    lines = open_lines(list(orders.values()))
    least = {key: row.minimum * (row.rate or ZERO) for key, row in orders.items()}
    shared: list[Line] = []
    used = pots[-1].used
    for line in lines:
        order = orders[line.supplier_id, line.location_id]
        if line.is_typed:
            money = line.quantity * line.unit_price * (order.rate or ZERO)
            used += money
            least[line.supplier_id, line.location_id] -= money
        else:
            shared.append(as_line(line, order, [0]))
    return _points(budget.amount, used, shared, least) if shared else []


def _points(amount: Decimal, used: Decimal, lines: Sequence[Line], least: Mapping[Order, Decimal]) -> list[Point]:
    whole = (used + money_of(lines)).quantize(CENT)
    steps = [(percent, (amount * percent / 100).quantize(CENT)) for percent in STEPS]
    wanted: list[tuple[int | None, Decimal]] = [
        (percent, each) for percent, each in steps if each < whole or percent == 100
    ]
    if whole > amount:
        wanted.append((None, whole))
    found = averted_with(lines, [each - used for _percent, each in wanted], least)
    present = next(value for (percent, _each), value in zip(wanted, found, strict=True) if percent == 100)
    points = [
        Point(each, value, value - present, percent) for (percent, each), value in zip(wanted, found, strict=True)
    ]
    return sorted(points, key=lambda point: point.amount)
