"""A line that is late raises the alert of its order, also while the rest of the order has time."""

from datetime import timedelta

import pytest

from alerts.models import Alert
from alerts.services.evaluate import evaluate_location
from alerts.views.fact_rows import fact_rows
from orders.models import PurchaseOrder
from tests.orders.conftest import NOW, TODAY, firm

__all__ = ["firm"]


@pytest.fixture
def order(firm):
    """Tea was due yesterday, salt comes next week with the order."""
    made = PurchaseOrder.objects.create(
        number="PO-1", supplier=firm.acme, location=firm.shop, state="sent", currency="EUR", total=80,
        ordered_on=TODAY - timedelta(days=5), expected_on=TODAY + timedelta(days=7), created_at=NOW,
    )  # fmt: skip
    made.lines.create(sku=firm.tea, quantity=12, received=2, unit_price=2, expected_on=TODAY - timedelta(days=1))
    made.lines.create(sku=firm.salt, quantity=6, unit_price=2)
    return made


def look(firm):
    evaluate_location(location_id=firm.shop.pk, now=NOW)
    return Alert.objects.filter(kind="late_order").exclude(state="closed").first()


def test_the_alert_names_the_late_line_what_is_missing_and_its_day(firm, order):
    alert = look(firm)

    assert (alert.subject, alert.facts["missing_value"], alert.facts["late_count"]) == ("PO-1", "20.00", 1)
    assert alert.facts["late_skus"] == [["Name of tea", "10", "2026-03-09"]]
    assert ("Has not come", "10 × Name of tea (Mar 9)") in fact_rows(alert.facts)


@pytest.mark.parametrize(
    "change",
    [{"received": 12}, {"is_closed": True}, {"promised_on": TODAY}, {"confirmed_quantity": 2}, {"expected_on": TODAY}],
)
def test_what_came_is_shut_is_not_coming_or_has_a_new_day_is_not_late(firm, order, change):
    assert look(firm)
    order.lines.filter(sku=firm.tea).update(**change)

    assert look(firm) is None


def test_a_line_without_a_day_of_its_own_has_the_day_of_the_order(firm, order):
    order.lines.update(expected_on=None)
    assert look(firm) is None
    PurchaseOrder.objects.update(expected_on=TODAY - timedelta(days=2))

    assert look(firm).facts["late_count"] == 2
