"""Beside "why this number" stands what people know better, as far as the number counts it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change, make_override
from inventory.models import Location
from orders.selectors.known_better import overrides_in
from tests.orders.conftest import NOW, TODAY
from tests.pages.buying import planned_firm, text_of


@pytest.fixture
def world(db):
    return planned_firm()


def say(world, reason, begins_in=0, **level):
    first = TODAY + timedelta(days=begins_in)
    change = Change(first, first + timedelta(days=6), Decimal(50), None, None)
    return make_override(level=Level(**level), change=change, reason=reason, actor=world.firm.buyer, now=NOW)


def counted(world):
    return [row.reason for row in overrides_in(world.tea)]


def test_it_stands_with_its_reason_and_who_said_so(world):
    path = reverse("orders:proposal", args=[world.tea.pk])
    assert "Overrides that this demand counts" not in text_of(world.buyer.get(path))
    say(world, "Street festival", sku_id=world.tea.sku_id)
    text = text_of(world.buyer.get(path))
    assert "Overrides that this demand counts" in text and "Street festival" in text and "+50%" in text


def test_from_the_proposal_one_comes_to_its_sku_at_its_store(world):
    page = world.buyer.get(reverse("orders:proposal", args=[world.tea.pk])).content.decode()
    path = f"{reverse('dashboards:sku', args=[world.tea.sku_id])}?location={world.tea.location_id}"
    assert f'href="{path}"' in page and world.buyer.get(path).status_code == 200


def test_only_what_rules_on_the_days_of_the_order_is_named(world):
    say(world, "All of the shop", location_id=world.firm.shop.pk)
    assert counted(world) == ["All of the shop"]
    say(world, "In autumn", begins_in=90, sku_id=world.tea.sku_id)
    say(world, "Elsewhere", sku_id=world.tea.sku_id, location_id=world.firm.other.pk)
    assert counted(world) == ["All of the shop"]
    say(world, "This one", sku_id=world.tea.sku_id, location_id=world.firm.shop.pk)
    assert counted(world) == ["This one"]


def test_what_holds_at_a_store_is_named_where_it_is_supplied_from(world):
    Location.objects.filter(pk=world.firm.other.pk).update(supplied_by=world.firm.shop)
    say(world, "At the store", sku_id=world.tea.sku_id, location_id=world.firm.other.pk)
    assert counted(world) == ["At the store"]
