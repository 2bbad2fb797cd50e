"""What a supplier sees of the coming weeks: only if it was switched on for them, only their own, never a price."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from orders.domain.outlook import expected_orders
from orders.models import ReorderLevel
from orders.selectors.shared_outlook import outlook_of
from tests.orders.conftest import TODAY, make_terms
from tests.pages.buying import ordered_firm, text_of

DAILY = [2.0] * 28


def test_orders_of_each_week_follow_the_level_and_the_packs():
    # 20 there, 2 a day, ordered at 10 or below up to 24 in packs of 6: on the 6th day 18, and each 9 days again.
    weeks = expected_orders(position=20, daily_mean=DAILY, point=10, up_to=24, pack=6, least=0)
    assert weeks == [18, 0, 18, 18]
    assert expected_orders(position=100, daily_mean=DAILY, point=10, up_to=24, pack=6, least=0) == [0] * 4
    assert expected_orders(position=10, daily_mean=[0.0] * 7, point=10, up_to=11, pack=6, least=13) == [18]
    assert expected_orders(position=0, daily_mean=[1.0] * 6, point=10, up_to=20, pack=1, least=0) == []


@pytest.fixture
def world(db):
    cache.clear()
    world = ordered_firm()
    made = world.buyer.post(reverse("orders:make_link", args=[world.order.pk]))
    world.link = "/s/" + made.context["address"].partition("/s/")[2]
    world.guest = Client()
    # As of now, since the page of a link looks at today.
    ReorderLevel.objects.update(computed_on=timezone.localdate() - timedelta(days=1))
    return world


def share(world, is_shared="1"):
    return world.buyer.post(
        reverse("orders:share_outlook", args=[world.firm.acme.pk]), {"is_shared": is_shared}, follow=True
    )


def test_nothing_is_shown_until_it_is_switched_on_and_after_it_is_off(world):
    assert world.guest.get(world.link).context["outlook"] is None
    share(world)
    share(world)
    assert "What we expect to order" in text_of(world.guest.get(world.link))
    share(world, "0")
    assert "What we expect to order" not in text_of(world.guest.get(world.link))
    actions = AuditEvent.objects.filter(action__startswith="outlook.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["outlook.shared", "outlook.kept_back"]


def test_only_their_own_and_no_price(world):
    share(world)
    ReorderLevel.objects.filter(sku=world.firm.salt).update(supplier=world.firm.best)
    make_terms(world.firm.best, world.firm.salt)
    found = world.guest.get(world.link).context["outlook"]
    assert [row.sku.code for row in found.rows] == ["tea"]
    table = text_of(world.guest.get(world.link)).partition("What we expect to order")[2]
    assert "€" not in table
    assert "Best" not in table


def test_all_places_are_added_up(world):
    share(world)
    (one,) = (row for row in outlook_of(world.firm.acme.pk, TODAY).rows if row.sku.code == "tea")
    level = ReorderLevel.objects.get(sku=world.firm.tea)
    level.pk, level.location, level.computed_on = None, world.firm.other, level.computed_on
    level.save()
    (both,) = (row for row in outlook_of(world.firm.acme.pk, TODAY).rows if row.sku.code == "tea")
    assert sum(both.weeks) > sum(one.weeks)


def test_who_may_not_edit_suppliers_may_not_share(world):
    url = reverse("orders:share_outlook", args=[world.firm.acme.pk])
    assert world.staff.post(url, {"is_shared": "1"}).status_code == 403
    assert "Show it to them" not in text_of(world.staff.get(reverse("dashboards:supplier", args=[world.firm.acme.pk])))


def test_the_outlook_asks_as_much_for_many_skus_as_for_few(world, django_assert_max_num_queries):
    share(world)
    with django_assert_max_num_queries(6):
        outlook_of(world.firm.acme.pk, TODAY)
