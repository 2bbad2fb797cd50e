"""From the alert to the express order, as a purchaser with a phone: the alert, one tap, and the answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from alerts.services.evaluate import evaluate_location
from orders.models import Emergency, EmergencySettings, PurchaseOrder
from orders.services.planning import plan_location
from tests.orders.conftest import AS_OF, NOW, firm
from tests.orders.test_emergencies import late_tea
from tests.pages.buying import text_of
from tests.pages.conftest import make_user, signed_in

__all__ = ["firm", "late_tea"]
LIST = reverse("orders:emergencies")


@pytest.fixture
def world(late_tea):
    plan_location(location_id=late_tea.shop.pk, run_id=late_tea.run.pk, as_of=AS_OF, now=NOW)
    evaluate_location(location_id=late_tea.shop.pk, now=NOW)
    # As of now, since the page decides today.
    Emergency.objects.update(relief_on=timezone.localdate() + timedelta(days=10))
    late_tea.row = Emergency.objects.get()
    late_tea.page = reverse("orders:emergency", args=[late_tea.row.pk])
    late_tea.client = signed_in(late_tea.buyer)
    return late_tea


def tap(world, **more):
    typed = {"way": f"express-{world.best.pk}", "seen": str(world.row.quantity), "key": "k", **more}
    return world.client.post(reverse("orders:approve_emergency", args=[world.row.pk]), typed, follow=True)


def test_the_alert_leads_to_the_ways_and_one_tap_orders(world):
    assert world.page in text_of(world.client.get(reverse("alerts:list")))
    page = text_of(world.client.get(world.page))
    assert "Cheapest" in page and "Order by express" in page and "Wait for the ordinary delivery" in page

    answer = text_of(tap(world))
    order = PurchaseOrder.objects.get()
    assert order.number in answer and "is ordered by express" in answer
    assert "By express" in text_of(world.client.get(reverse("orders:purchase_order", args=[order.pk])))
    tap(world)
    assert PurchaseOrder.objects.count() == 1


def test_a_quantity_that_changed_since_is_said_and_nothing_is_ordered(world):
    answer = tap(world, seen="1")

    assert answer.status_code == 422 and "has changed since you looked" in text_of(answer)
    assert not PurchaseOrder.objects.exists()
    answer = tap(world, seen="much")
    assert answer.status_code == 422 and "Choose one of the ways on this page." in text_of(answer)


def test_who_waits_says_so_and_the_list_is_empty_then(world):
    assert "Name of tea" in text_of(world.client.get(LIST))
    world.client.post(reverse("orders:wait_emergency", args=[world.row.pk]))

    assert "No shelf needs rescuing" in text_of(world.client.get(LIST))
    assert "Waits for the ordinary delivery" in text_of(world.client.get(world.page))
    again = world.client.post(reverse("orders:approve_emergency", args=[world.row.pk]), {"way": "x", "seen": "1"})
    assert again.status_code == 422


def test_staff_look_but_do_not_decide_and_another_store_sees_nothing(world):
    staff = signed_in(make_user("sam", Role.STAFF, world.shop))
    stranger = signed_in(make_user("pat", Role.PURCHASER, world.other))

    assert "Order by express" not in text_of(staff.get(world.page))
    assert staff.post(reverse("orders:approve_emergency", args=[world.row.pk]), {}).status_code == 403
    assert stranger.get(world.page).status_code == 404


def test_an_administrator_sets_what_a_move_costs_and_a_wrong_amount_is_refused(world):
    boss = signed_in(make_user("ada", Role.ADMINISTRATOR))
    url = reverse("orders:emergency_settings")

    assert boss.post(url, {"transfer_cost": "7.50", "least_saving": "0"}).status_code == 302
    row = EmergencySettings.objects.get()
    assert (row.transfer_cost, row.least_saving) == (7.5, 0)
    refused = boss.post(url, {"transfer_cost": "-1", "least_saving": "x"})
    assert refused.status_code == 422 and "Type an amount" in text_of(refused)


def test_the_list_reads_a_fixed_number_of_rows(world):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        world.client.get(LIST)
    assert len(seen) <= 12
