"""What came, changed or went since the last night, and who sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role, User
from forecasting.models import ForecastRun
from inventory.models import LocationAccess
from orders.models import ReplenishmentProposal
from orders.selectors.changes import changes_since_night
from orders.services.planning import check_reorder
from tests.orders.conftest import NOW, add_stock, take_stock

pytestmark = pytest.mark.django_db
NOON = NOW + timedelta(hours=11)


@pytest.fixture
def night(firm, plan):
    """Tea has enough tonight, salt is proposed."""
    ForecastRun.objects.update(published_at=NOW)
    add_stock(firm.tea, firm.shop, 12)
    plan()
    return firm


def check(firm, *skus, now=NOON):
    check_reorder(location_id=firm.shop.pk, sku_ids=[sku.pk for sku in skus], now=now)


def seen(user):
    return {(row.kind, row.proposal.sku.code, row.was, row.now) for row in changes_since_night(user).rows}


def test_a_night_without_an_earlier_one_changed_nothing(night):
    assert seen(night.buyer) == set()


def test_what_a_sale_made_due_is_new(night):
    take_stock(night.tea, night.shop, 3, now=NOON)
    check(night, night.tea)
    assert seen(night.buyer) == {("new", "tea", 0, 18)}


def test_a_quantity_is_compared_with_the_night_however_often_it_changes(night):
    salt = ReplenishmentProposal.objects.get(sku=night.salt)
    assert salt.suggested_quantity == 18
    for minutes, on_hand in ((1, 2), (2, 3)):
        add_stock(night.salt, night.shop, on_hand, now=NOON + timedelta(minutes=minutes))
        for _ in range(2):
            check(night, night.salt, now=NOON + timedelta(minutes=minutes))
    assert seen(night.buyer) == {("changed", "salt", 18, 12)}


def test_back_to_the_nights_quantity_is_no_change(night):
    add_stock(night.salt, night.shop, 5, now=NOON)
    check(night, night.salt)
    take_stock(night.salt, night.shop, 5, now=NOON)
    check(night, night.salt, now=NOON + timedelta(minutes=1))
    assert seen(night.buyer) == set()


def test_a_need_that_went_is_told(night):
    add_stock(night.salt, night.shop, 40, now=NOON)
    check(night, night.salt)
    assert seen(night.buyer) == {("withdrawn", "salt", 18, 0)}


def test_only_at_ones_own_places(night, client):
    take_stock(night.tea, night.shop, 3, now=NOON)
    check(night, night.tea)
    stranger = User.objects.create_user("pat", role=Role.PURCHASER)
    LocationAccess.objects.create(user=stranger, location=night.other)
    assert seen(stranger) == set()
    client.force_login(stranger)
    assert b"Name of tea" not in client.get(reverse("orders:changes")).content
    client.force_login(night.buyer)
    assert b"Name of tea" in client.get(reverse("orders:changes")).content
