"""Open proposals as what budgets are shared out over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, DecimalField, F, Q, Sum, When

from inventory.domain.days import local_date
from orders.domain.budget_cuts import Line
from orders.models import ProposalState, ReplenishmentProposal
from orders.selectors.exchange_rates import rates_on
from suppliers.models import SupplierTerms

Breaks = tuple[tuple[Decimal, Decimal], ...]
_MONEY = DecimalField(max_digits=24, decimal_places=7)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """What is proposed to be bought of one supplier for one place, uncut except by a person: `money` and `minimum` in
    the supplier's currency, `rate` of it (None where there is none); `day` at the place."""

    supplier_id: int
    location_id: int
    day: date
    rate: Decimal | None
    money: Decimal
    minimum: Decimal
    is_cut: bool

    @property
    def home_money(self) -> Decimal:
        return self.money * (self.rate or Decimal(0))


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open proposal to buy. `list_price` and `breaks` where the price depends on the quantity, the former None where
    it does not."""

    pk: int
    sku_id: int
    supplier_id: int
    location_id: int
    quantity: Decimal
    suggested: Decimal
    unit_price: Decimal
    is_typed: bool
    averted: Sequence[float]
    cut: Decimal | None
    cut_by: int | None
    cut_cost: Decimal | None
    pack: Decimal
    least: Decimal
    list_price: Decimal | None
    breaks: Breaks


def open_orders(now: datetime) -> list[OpenOrder]:
    """All of them, by supplier and place; two statements at most."""
    wanted = Case(When(edited_at__isnull=False, then=F("quantity")), default=F("suggested_quantity"))
    rows = (
        ReplenishmentProposal.objects.filter(state=ProposalState.OPEN, supplier__isnull=False)
        .values_list(
            "supplier_id", "location_id", "location__time_zone", "supplier__currency", "supplier__minimum_order_value"
        )
        .annotate(money=Sum(wanted * F("unit_price"), output_field=_MONEY), is_cut=BoolOr(Q(cut_by__isnull=False)))
        .order_by("supplier_id", "location_id")
    )
    found = [(*row[:2], local_date(now, row[2]), *row[3:]) for row in rows]
    rates = rates_on(max((row[2] for row in found), default=now.date()), {row[3] for row in found})
    return [
        OpenOrder(supplier, place, day, rates.get(currency), money, minimum, is_cut)
        for supplier, place, day, currency, minimum, money, is_cut in found
    ]


def open_lines(orders: Collection[OpenOrder]) -> list[OpenLine]:
    """The lines of these orders, with their packs; two statements, none without orders."""
    if not orders:
        return []
    pairs = {(order.supplier_id, order.location_id) for order in orders}
    suppliers, places = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    rows = ReplenishmentProposal.objects.filter(
        state=ProposalState.OPEN, supplier__in=suppliers, location__in=places
    ).order_by("pk")
    names = (
        "pk", "sku_id", "supplier_id", "location_id", "quantity", "suggested_quantity", "unit_price", "edited_at",
        "averted", "cut_quantity", "cut_by_id", "cut_cost",
    )  # fmt: skip
    lines = [row for row in rows.values_list(*names) if (row[2], row[3]) in pairs]
    terms = _terms(suppliers, {row[1] for row in lines})
    return [_line(row, terms.get((row[2], row[1]))) for row in lines]


def as_line(line: OpenLine, order: OpenOrder, budgets: Sequence[int]) -> Line:
    """As the kernel of the budgets takes it; `budgets` are the places of those that cover it."""
    return Line(
        pk=line.pk, order=(line.supplier_id, line.location_id), suggested=line.suggested, pack=line.pack,
        least=line.least, unit_price=line.unit_price, rate=order.rate or Decimal(0), averted=line.averted,
        budgets=budgets, list_price=line.list_price, breaks=line.breaks,
    )  # fmt: skip


def _terms(suppliers: Collection[int], skus: Collection[int]) -> Mapping[tuple[int, int], tuple[Any, ...]]:
    names = ("supplier_id", "sku_id", "pack_size", "minimum_quantity", "price", "price_breaks")
    rows = SupplierTerms.objects.filter(supplier__in=suppliers, sku__in=skus).values_list(*names)
    return {(row[0], row[1]): row[2:] for row in rows}


def _line(row: Sequence[Any], terms: Sequence[Any] | None) -> OpenLine:
    pk, sku, supplier, place, quantity, suggested, price, edited_at, averted, cut, cut_by, cut_cost = row
    pack, least, list_price, breaks = terms or (suggested, Decimal(0), price, [])
    # Where packs have changed since the plan, the line is taken whole or not at all until the next one.
    pack = pack if pack > 0 and not suggested % pack else suggested
    return OpenLine(
        pk=pk, sku_id=sku, supplier_id=supplier, location_id=place, quantity=quantity, suggested=suggested,
        unit_price=price, is_typed=edited_at is not None, averted=averted, cut=cut, cut_by=cut_by, cut_cost=cut_cost,
        pack=pack, least=least,
        list_price=list_price if breaks else None,
        breaks=tuple((Decimal(units), Decimal(lower)) for units, lower in breaks),
    )  # fmt: skip
