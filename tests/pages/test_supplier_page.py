"""A supplier's page: their record, prices, open orders, and what hangs on them alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alerts.models import Alert
from orders.models import OrderState, PurchaseOrder
from suppliers.models import SupplierTerms
from suppliers.services.terms import Terms, set_terms
from tests.orders.conftest import NOW, make_sku, make_terms
from tests.pages.buying import ordered_firm, text_of


@pytest.fixture
def world(db):
    return ordered_firm()


def look(world, who="buyer", **query):
    return getattr(world, who).get(reverse("dashboards:supplier", args=[world.firm.acme.pk]), query)


def alert(world, sku, place, money=5):
    return Alert.objects.create(
        sku=sku, location=place, kind="stock_risk", severity="low", value_at_risk=money, opened_at=NOW,
        updated_at=NOW, turned_at=NOW,
    )  # fmt: skip


def test_open_orders_are_those_of_the_own_places(world):
    assert world.order.number in text_of(look(world))
    assert world.order.number in text_of(look(world, "staff"))
    assert world.order.number not in text_of(look(world, "stranger"))


def test_what_is_owed_is_what_has_not_come(world):
    world.lines["tea"].received = 20
    world.lines["tea"].save()
    ((order, _is_late),) = look(world).context["orders"]
    assert order.owed == Decimal(4 * 2 + 18 * 2)


def test_nothing_is_owed_of_a_line_that_was_closed(world):
    world.lines["salt"].is_closed = True
    world.lines["salt"].save()
    ((order, _is_late),) = look(world).context["orders"]
    assert order.owed == Decimal(24 * 2)


def test_what_only_they_deliver_and_is_short_is_named(world):
    firm = world.firm
    for sku in (firm.tea, firm.salt):
        alert(world, sku, firm.shop)
    make_terms(firm.best, firm.salt)
    found = look(world).context["dependence"]
    assert (found.skus, [row.sku for row in found.alerts]) == (2, [firm.tea])
    assert look(world, "stranger").context["dependence"].alerts == []
    SupplierTerms.objects.filter(supplier=firm.best).update(is_active=False)
    assert look(world).context["dependence"].alert_count == 2


def test_a_price_that_changed_is_shown_with_both_prices(world):
    for day, price in enumerate(("2.00", "2.50")):
        set_terms(
            supplier_id=world.firm.acme.pk, sku_id=world.firm.tea.pk, terms=Terms(price=Decimal(price)), actor=None,
            now=NOW + timedelta(days=day),
        )  # fmt: skip
    assert "+25%" in text_of(look(world))
    assert "+25%" not in text_of(look(world, search="salt"))


def test_many_skus_and_alerts_ask_as_often_as_few(world):
    alert(world, world.firm.tea, world.firm.shop)
    with CaptureQueriesContext(connection) as few:
        look(world)
    for number in range(5):
        sku = make_sku(f"more-{number}")
        make_terms(world.firm.acme, sku)
        alert(world, sku, world.firm.shop)
    with CaptureQueriesContext(connection) as many:
        assert "more-4" in text_of(look(world))
    assert len(many) == len(few)


def test_one_who_delivers_nothing_yet_is_told_what_is_next(world):
    SupplierTerms.objects.all().delete()
    text = text_of(look(world))
    assert "On the page of a SKU a supplier is added" in text
    assert "Every SKU has a second supplier" not in text
    assert "No terms match" in text_of(look(world, search="x"))


def test_what_is_said_of_lead_times_is_not_said_of_orders(world):
    PurchaseOrder.objects.update(state=OrderState.CLOSED)
    assert text_of(look(world)).count("After the first receipts") == 1


def test_a_supplier_that_is_not_there_is_404(world):
    assert world.buyer.get(reverse("dashboards:supplier", args=[0])).status_code == 404


def test_the_truck_is_told_with_what_it_holds(world):
    assert "truck" not in text_of(look(world))
    acme = world.firm.acme
    acme.truck_policy, acme.truck_kilograms, acme.truck_value, acme.fill_days = "fill", Decimal(1200), Decimal(900), 21
    acme.save()
    text = text_of(look(world))
    assert "a truck stays part-empty when more of anything would last longer than 21 days" in text
    assert "Fill the truck: 1,200 kg" in text and "goods worth" in text and "m³" not in text
