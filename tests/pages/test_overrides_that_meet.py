"""A planner sees which other overrides hold for the same SKUs and days, and which of them counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from forecasting.selectors.override_meetings import meetings_of
from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change, end_override, make_override
from inventory.models import Category
from tests.orders.conftest import foresee, make_run
from tests.pages.conftest import make_user, signed_in

INSTEAD, GIVES_WAY = "so it counts there instead of this one", "This one counts there instead of it"


@pytest.fixture
def first(shop):
    return timezone.localdate() + timedelta(days=1)


def say(actor, first, reason, days=7, **level):
    change = Change(first, first + timedelta(days=days - 1), percent=Decimal(10))
    return make_override(level=Level(**level), change=change, reason=reason, actor=actor, now=timezone.now())


def met(user, level, first, **options):
    found = meetings_of(user, level, first, first + timedelta(days=6), **options)
    return [(meeting.row.reason, meeting.rules) for meeting in found]


def test_those_that_meet_are_named_the_one_that_counts_first(manager, shop, first):
    above, other = (Category.objects.create(code=code, name=code) for code in ("above", "other"))
    Category.objects.filter(pk=shop.food.pk).update(parent=above)
    say(manager.user, first, "bread", sku_id=shop.bread.pk)
    say(manager.user, first, "rice", sku_id=shop.rice.pk)
    say(manager.user, first, "above", category_id=above.pk)
    say(manager.user, first, "other", category_id=other.pk)
    say(manager.user, first, "there", location_id=shop.there.pk)
    say(manager.user, first + timedelta(days=7), "later", sku_id=shop.bread.pk)
    end_override(override_id=say(manager.user, first, "ended", sku_id=shop.bread.pk).pk, actor=None, now=timezone.now())
    food = Level(category_id=shop.food.pk)
    # Bread alone is more specific than its category; that, the wider one and the store are less.
    assert met(manager.user, food, first) == [("rice", True), ("bread", True), ("above", False), ("there", False)]
    here = Level(category_id=shop.food.pk, location_id=shop.here.pk)
    assert "there" not in dict(met(manager.user, here, first))
    assert met(manager.user, Level(sku_id=shop.bread.pk), first)[0] == ("bread", False)
    assert dict(met(manager.user, Level(location_id=shop.there.pk), first))["other"] is True


def test_the_newer_of_two_alike_counts(manager, shop, first):
    old, new = (say(manager.user, first, reason, sku_id=shop.bread.pk) for reason in ("old", "new"))
    level = Level(sku_id=shop.bread.pk)
    assert met(manager.user, level, first, override_id=old.pk) == [("new", True)]
    assert met(manager.user, level, first, override_id=new.pk) == [("old", False)]
    pages = [manager.get(reverse("forecasting:override", args=[row.pk])).content.decode() for row in (old, new)]
    assert INSTEAD in pages[0] and GIVES_WAY not in pages[0]
    assert GIVES_WAY in pages[1] and INSTEAD not in pages[1]


def test_the_preview_names_them(manager, shop, first, django_assert_max_num_queries):
    foresee(make_run(as_of=timezone.localdate() - timedelta(days=1)), shop.bread, shop.here, 2.0)
    for number in range(7):
        say(manager.user, first, f"reason {number}", category_id=shop.food.pk)
    asked = {"sku": "B1", "kind": "percent", "amount": "30", "first": first, "last": first}
    with django_assert_max_num_queries(10):
        text = manager.get(reverse("forecasting:override_preview"), asked).content.decode()
    assert "reason 6" in text and "reason 1" not in text and "and 2 more" in text and GIVES_WAY in text


def test_one_of_a_store_that_is_not_ones_own_is_not_named(manager, shop, first):
    say(manager.user, first, "secret", location_id=shop.there.pk, sku_id=shop.bread.pk)
    say(manager.user, first, "common", sku_id=shop.bread.pk)
    max_ = make_user("max", Role.MANAGER, shop.here)
    assert met(max_, Level(sku_id=shop.bread.pk), first) == [("common", False)]
    asked = {"sku": "B1", "location": shop.here.pk, "kind": "percent", "amount": "3", "first": first, "last": first}
    text = signed_in(max_).get(reverse("forecasting:override_preview"), asked).content.decode()
    assert "common" in text and "secret" not in text
