"""Which of several suppliers is asked, and how the choice is explained."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orders.domain.reasons import unpack_lines
from orders.domain.supplier_choice import Bid, choose_supplier, shrunk_fill, unit_cost
from orders.models import ExchangeRate, PurchaseOrder, ReplenishmentProposal
from orders.views.reason_rows import reason_of
from suppliers.models import SupplierTerms
from tests.orders.conftest import NOW, TODAY, make_terms


def bid(number, price=2.0, *, priority=1, days=0.0, fill=1.0, share=None, bought=0.0):
    return Bid(number, f"S{number}", priority, price, days, fill, share, bought)


def test_a_unit_costs_its_price_the_stock_of_its_lead_time_and_the_margin_of_what_does_not_come():
    assert unit_cost(bid(1, 2.0, days=36.5, fill=0.9), 3.0, 0.25) == pytest.approx(2.0 * 1.025 + 0.1 * 3.0)


def test_what_is_known_of_a_supplier_weighs_as_much_as_its_lines():
    assert shrunk_fill(0, 0.0) == 1.0
    assert shrunk_fill(4, 2.0) == 0.75


@pytest.mark.parametrize(
    ("bids", "index", "reason"),
    [
        ([bid(1, 9, priority=1), bid(2, 1, priority=2)], 0, "first_priority"),
        ([bid(1, 2.0), bid(2, 1.9)], 1, "least_cost"),
        ([bid(1, 9, priority=1, days=90), bid(2, 1, priority=2, days=1)], 0, "first_priority"),
        # 60 days instead of 7 cost 0.25 x 53 / 365 = 3.6 % more.
        ([bid(1, 2.0, days=7), bid(2, 1.99, days=7)], 1, "least_cost"),
        ([bid(1, 2.0, days=7), bid(2, 1.99, days=60)], 0, "least_cost"),
        ([bid(1, 2.0, days=7), bid(2, 1.90, days=60)], 1, "least_cost"),
        ([bid(1, 2.0), bid(2, 1.99, days=36.5)], 0, "least_cost"),
        ([bid(1, 2.0), bid(2, 1.9, fill=0.5)], 0, "least_cost"),
        ([bid(1, float("inf")), bid(2, 99.0)], 1, "least_cost"),
        ([bid(2, 2.0), bid(1, 2.0)], 1, "least_cost"),
        ([bid(1, share=70), bid(2, share=30)], 0, "behind_share"),
        ([bid(1, share=70, bought=71), bid(2, share=30, bought=29)], 1, "behind_share"),
        ([bid(1, share=70, bought=69), bid(2, share=30, bought=31)], 0, "behind_share"),
        ([bid(1, share=70), bid(2, 1.0)], 1, "least_cost"),
        ([bid(3, 0.1), bid(1, share=70, priority=9), bid(2, share=30, priority=9)], 1, "behind_share"),
    ],
)
def test_who_is_asked_and_why(bids, index, reason):
    found = choose_supplier(bids, margin=1.0)

    assert (found.index, found.reason) == (index, reason)


def test_seventy_to_thirty_is_kept_over_time_whatever_the_lots():
    bought = {1: 0.0, 2: 0.0}
    for number in range(200):
        bids = [bid(1, share=70, bought=bought[1]), bid(2, share=30, bought=bought[2])]
        chosen = bids[choose_supplier(bids, 1.0).index].supplier_id
        bought[chosen] += 12 if number % 3 else 24

    assert bought[1] / sum(bought.values()) == pytest.approx(0.7, abs=0.01)


def tea(firm):
    return ReplenishmentProposal.objects.get(sku=firm.tea, state="open")


def bought(firm, supplier, units, state="sent", days_ago=10, received=0):
    order = PurchaseOrder.objects.create(
        number=f"PO-{PurchaseOrder.objects.count()}", supplier=supplier, location=firm.shop, state=state,
        currency="EUR", total=1, ordered_on=TODAY - timedelta(days=days_ago),
        expected_on=TODAY - timedelta(days=days_ago - 2), created_at=NOW,
        cancelled_at=NOW if state == "cancelled" else None,
    )  # fmt: skip
    order.lines.create(sku=firm.tea, quantity=units, unit_price=2, received=received, is_closed=True)


def test_shares_follow_what_was_bought_for_the_place(firm, plan):
    SupplierTerms.objects.filter(supplier=firm.acme, sku=firm.tea).update(share_percent=70)
    make_terms(firm.best, firm.tea, share_percent=30, price=9)
    plan()
    assert tea(firm).supplier == firm.acme

    bought(firm, firm.acme, 12, received=12)
    bought(firm, firm.best, 99, state="cancelled", received=99)
    plan()
    assert tea(firm).supplier == firm.best
    rows = {row.label: (row.figure, row.origin) for row in reason_of(tea(firm).reason, "EUR").lines}
    assert rows["Bought from"][1] == "furthest behind the share that they are to get"
    assert rows["Acme got of what was bought"][1] == "is to get 70 %"
    assert rows["Best got of what was bought"][0] == "0%"


def test_a_supplier_who_brings_half_has_to_be_cheaper_by_half_the_margin(firm, plan):
    make_terms(firm.best, firm.tea, price=Decimal("1.90"))
    plan()
    assert tea(firm).supplier == firm.best

    for _ in range(4):
        bought(firm, firm.best, 12, received=6)
    plan()
    assert tea(firm).supplier == firm.acme
    weighed = {line.detail: line.value for line in unpack_lines(tea(firm).reason["lines"]) if line.code == "weighed"}
    # Margin 1.00, three quarters of what was ordered with four trusted lines: a quarter of it is lost.
    assert weighed["Best"] - Decimal("0.25") == pytest.approx(Decimal("1.90"), abs=Decimal("0.01"))


def test_prices_are_compared_in_the_firms_currency(firm, plan):
    firm.best.currency = "CNY"
    firm.best.save()
    make_terms(firm.best, firm.tea, price=10)
    plan()
    assert tea(firm).supplier == firm.acme

    ExchangeRate.objects.create(currency="CNY", valid_from=TODAY, rate=Decimal("0.1"))
    plan()
    assert tea(firm).supplier == firm.best


def answered(firm, confirmed, asked=12):
    """Acme was asked for so many tea and says how many come."""
    order = PurchaseOrder.objects.create(
        number=f"PO-S{PurchaseOrder.objects.count()}", supplier=firm.acme, location=firm.shop, state="confirmed",
        currency="EUR", total=24, ordered_on=TODAY, expected_on=TODAY + timedelta(days=2), created_at=NOW,
    )  # fmt: skip
    return order.lines.create(sku=firm.tea, quantity=asked, unit_price=2, confirmed_quantity=confirmed)


def of_tea(firm):
    return ReplenishmentProposal.objects.get(sku=firm.tea, state="open")


def test_what_the_first_supplier_is_short_of_is_asked_of_the_next(firm, plan):
    """Of 12 they bring 6: the 18 that are still missing of 24 are Best's, and the reason names who was passed over."""
    make_terms(firm.best, firm.tea, priority=2, pack_size=Decimal(6))
    plan()
    assert (of_tea(firm).supplier, of_tea(firm).quantity) == (firm.acme, 24)

    answered(firm, 6)
    plan()

    row = of_tea(firm)
    assert (row.supplier, row.quantity) == (firm.best, 18)
    lines = {line.code: line for line in unpack_lines(row.reason["lines"])}
    assert lines["passed_over"].value == "Acme"
    shown = [line for line in reason_of(row.reason, "EUR").lines if line.figure == "Acme"]
    assert [(line.label, line.origin) for line in shown] == [
        ("Not asked, being short of it", "answered to an open order")
    ]  # fmt: skip


def test_who_brings_all_of_it_is_asked_again(firm, plan):
    make_terms(firm.best, firm.tea, priority=2, pack_size=Decimal(6))
    answered(firm, 6, asked=6)
    plan()
    assert of_tea(firm).supplier == firm.acme


def test_once_the_short_order_is_over_they_are_asked_again(firm, plan):
    make_terms(firm.best, firm.tea, priority=2, pack_size=Decimal(6))
    line = answered(firm, 6)
    PurchaseOrder.objects.filter(pk=line.order_id).update(state="received")
    plan()
    assert of_tea(firm).supplier == firm.acme


def test_being_short_of_one_sku_says_nothing_of_another(firm, plan):
    make_terms(firm.best, firm.salt, priority=2, pack_size=Decimal(6))
    answered(firm, 6)
    plan()
    assert ReplenishmentProposal.objects.get(sku=firm.salt).supplier == firm.acme


def test_where_nobody_else_has_it_the_short_one_is_asked_all_the_same(firm, plan):
    answered(firm, 0)
    plan()
    assert of_tea(firm).supplier == firm.acme
    make_terms(firm.best, firm.tea, priority=2)
    second = answered(firm, 0)
    PurchaseOrder.objects.filter(pk=second.order_id).update(supplier=firm.best)
    plan()
    assert of_tea(firm).supplier == firm.acme
