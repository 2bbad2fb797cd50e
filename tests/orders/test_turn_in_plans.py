"""A turn that a calendar would pass on is weighed in money, and "why" tells both sums: in the plan, its API and pages.

Tea sells 2 a day, for 3, and costs 2, as at Acme, who is asked first but closed for four weeks: with nothing there 54
are asked for in vain until Acme's come that Best would bring in time, give or take what whole quantiles make of it.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inventory.models import Sku
from orders.models import ExchangeRate, PolicyRule, ReorderLevel, ReplenishmentProposal
from orders.selectors.why import why
from orders.views.reason_rows import reason_of, rows_of
from suppliers.models import Supplier, SupplierTerms
from tests.orders.conftest import NOW, TODAY, add_stock, make_supplier, make_terms
from tests.orders.test_supplier_in_time import FOUR_WEEKS, close

LATE, KEPT = "Not asked, since their calendar brings it too late", "Asked, although it comes too late"


@pytest.fixture
def closed(firm):
    """offer(price) is what Best asks for tea, in packs of 6 within 3 days."""
    make_terms(firm.best, firm.tea, priority=2, pack_size=6, price=Decimal("2.50"), promised_lead_time_days=3)
    close(firm.acme, *FOUR_WEEKS)
    return firm


def offer(firm, price, **fields):
    SupplierTerms.objects.filter(supplier=firm.best, sku=firm.tea).update(price=Decimal(price), **fields)


def lines(firm):
    return {line.code: line for line in why(sku=firm.tea, location=firm.shop, now=NOW).lines}


def asked(firm):
    return ReorderLevel.objects.get(sku=firm.tea, location=firm.shop).supplier.name


def test_the_turn_passes_where_it_saves_more_than_it_costs_and_says_both(closed, plan):
    plan()
    seen = lines(closed)
    assert asked(closed) == "Best"
    assert (seen["supplier"].value, seen["supplier"].detail) == ("Best", "worth_it")
    assert 52 <= seen["turn_saves"].value <= 56 and seen["turn_saves"].detail.endswith(" Acme")
    assert 26 <= seen["turn_costs"].value <= 31 and seen["turn_costs"].detail.endswith(" Best")


def test_else_it_stays_and_says_so_too(closed, plan):
    offer(closed, "3.20")
    plan()
    seen = lines(closed)
    assert asked(closed) == "Acme"
    assert seen["kept_late"].value == "Acme" and "too_late" not in seen
    assert seen["kept_saves"].value < seen["kept_costs"].value
    assert seen["supplier"].detail == "first_priority"


def test_a_disappointed_customer_tips_it(closed, plan):
    offer(closed, "3.20")
    PolicyRule.objects.create(target="economic", disappointment=1)
    plan()
    assert asked(closed) == "Best"
    assert lines(closed)["turn_saves"].value > 100


def test_their_least_is_weighed_too(closed, plan):
    offer(closed, "2.50", minimum_quantity=600)
    plan()
    assert asked(closed) == "Acme"
    assert lines(closed)["kept_costs"].detail == "600.000 Best"


def test_a_sku_that_earns_nothing_stays_with_whom_a_person_chose(closed, plan):
    Sku.objects.filter(pk=closed.tea.pk).update(price=2)
    plan()
    assert (asked(closed), lines(closed)["kept_saves"].value) == ("Acme", 0)


@pytest.mark.parametrize("fields", [{"price": 0}, {"cost": 0}])
def test_without_a_margin_the_days_decide(closed, plan, fields):
    offer(closed, "9.00")
    Sku.objects.filter(pk=closed.tea.pk).update(**fields)
    plan()
    seen = lines(closed)
    assert (asked(closed), seen["not_weighed"].detail, seen["supplier"].detail) == ("Best", "no_margin", "soonest")


def test_without_a_rate_the_days_decide(closed, plan):
    offer(closed, "9.00")
    Supplier.objects.filter(pk=closed.best.pk).update(currency="CNY")
    plan()
    assert (asked(closed), lines(closed)["not_weighed"].detail) == ("Best", "no_rate")

    ExchangeRate.objects.create(currency="CNY", valid_from=TODAY, rate=Decimal("0.14"))
    plan()
    assert (asked(closed), lines(closed)["turn_costs"].value) == ("Best", 0)


def test_without_a_forecast_the_days_decide(closed, plan):
    make_terms(closed.best, closed.soap, priority=2, price=9, promised_lead_time_days=3)
    PolicyRule.objects.create(sku=closed.soap, target="min_max", minimum=4, maximum=12)
    plan()
    row = ReplenishmentProposal.objects.get(sku=closed.soap)
    assert row.supplier == closed.best
    rows = {line.label: (line.figure, line.origin) for line in reason_of(row.reason, "EUR").lines}
    assert rows["Asked without weighing money"] == (
        "Best", "without a forecast nobody knows what an empty shelf loses, so the days decide alone"
    )  # fmt: skip


def third(firm, price, days):
    """Third by priority."""
    cosy = make_supplier("COSY")
    make_terms(cosy, firm.tea, priority=3, pack_size=6, price=Decimal(price), promised_lead_time_days=days)


def test_priority_says_who_of_two_who_are_worth_it(closed, plan):
    third(closed, "2.10", 3)
    plan()
    assert asked(closed) == "Best"


def test_who_is_not_worth_it_is_passed_over_for_one_who_is(closed, plan):
    offer(closed, "3.20")
    third(closed, "2.10", 5)
    plan()
    seen = lines(closed)
    assert asked(closed) == "Cosy"
    assert seen["turn_costs"].detail.endswith(" Cosy")
    # Best would still be sooner, for more than that is worth.
    assert (seen["kept_late"].value, seen["kept_costs"].detail.split(" ")[1]) == ("Cosy", "Best")


def test_among_shares_too_it_stays_where_it_costs_more(closed, plan):
    offer(closed, "3.20", share_percent=30)
    SupplierTerms.objects.filter(supplier=closed.acme, sku=closed.tea).update(share_percent=70)
    plan()
    assert asked(closed) == "Acme"


def test_why_nothing_tells_the_same(closed, plan):
    """58 last until day 29, one before Acme's come; nothing is bought of Best as long as that is enough for them."""
    offer(closed, "2.05")
    add_stock(closed.tea, closed.shop, 58)
    plan()
    answer = why(sku=closed.tea, location=closed.shop, now=NOW)
    assert (answer.code, answer.proposal, asked(closed)) == ("enough", None, "Best")
    labels = {row.label: row.figure for row in rows_of(answer.lines, "EUR")}
    assert labels[LATE] == "Acme"
    assert {"Not waiting for Acme saves", "Buying of Best instead costs more by"} <= set(labels)


def test_the_api_tells_the_same_of_a_proposal_and_of_none(closed, plan):
    offer(closed, "2.05")
    plan()
    client, told = Client(), {"too_late", "turn_saves", "turn_costs"}
    client.force_login(closed.buyer)
    found = client.get(reverse("api:proposal-list")).json()["results"]
    (proposal,) = (row for row in found if row["sku"] == closed.tea.pk)
    assert told <= {line["code"] for line in proposal["reason"]}

    add_stock(closed.tea, closed.shop, 58)
    plan(now=NOW + timedelta(hours=1))
    level = ReorderLevel.objects.get(sku=closed.tea)
    answer = client.get(reverse("api:reorder-level-why", args=[level.pk])).json()
    assert answer["code"] == "enough" and told <= {line["code"] for line in answer["lines"]}


def test_what_a_level_says_goes_when_the_shelf_lasts(closed, plan):
    add_stock(closed.tea, closed.shop, 58)
    plan()
    add_stock(closed.tea, closed.shop, 20)
    plan(now=NOW + timedelta(hours=1))
    assert ReorderLevel.objects.get(sku=closed.tea).turn is None


def test_both_sums_are_said_in_words_and_in_chinese(closed, plan):
    plan()
    row = ReplenishmentProposal.objects.get(sku=closed.tea, state="open")
    rows = {line.label: line for line in reason_of(row.reason, "EUR").lines}
    saved, cost = rows["Not waiting for Acme saves"], rows["Buying of Best instead costs more by"]
    assert saved.figure.startswith("$") and cost.figure.startswith("$")
    assert saved.origin.endswith("less asked for in vain, each its margin and a disappointed customer")
    assert cost.origin == "54 bought of them: price, order lines and what is held"
    with translation.override("zh-hans"):
        words = " ".join(line.label + line.origin for line in reason_of(row.reason, "EUR").lines)
    assert "Not waiting" not in words and "不等 Acme" in words
