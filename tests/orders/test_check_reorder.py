"""The reorder check between two nights: what just changed is planned again, all else stays as it is."""

from datetime import timedelta

import pytest

from forecasting.models import PublishedForecast
from inventory.models import Listing
from orders.models import ProposalState, ReorderLevel, ReplenishmentProposal
from orders.services.planning import check_reorder
from tests.orders.conftest import NOW, TODAY, add_stock, take_stock

pytestmark = pytest.mark.django_db
NOON = NOW + timedelta(hours=11)


def check(firm, *skus):
    return check_reorder(location_id=firm.shop.pk, sku_ids=[sku.pk for sku in skus], now=NOON)


def open_proposal(sku):
    return ReplenishmentProposal.objects.filter(sku=sku, state=ProposalState.OPEN).first()


def test_a_sale_below_the_reorder_point_proposes_at_once(firm, plan):
    add_stock(firm.tea, firm.shop, 12)
    plan()
    assert open_proposal(firm.tea) is None
    take_stock(firm.tea, firm.shop, 3, now=NOON)
    assert check(firm, firm.tea).created == 1
    assert open_proposal(firm.tea).quantity == 18


def test_a_receipt_withdraws_it(firm, plan):
    plan()
    add_stock(firm.tea, firm.shop, 40)
    assert check(firm, firm.tea).withdrawn == 1
    assert open_proposal(firm.tea) is None


def test_others_stay_as_they_are(firm, plan):
    plan()
    add_stock(firm.tea, firm.shop, 40)
    add_stock(firm.salt, firm.shop, 40)
    check(firm, firm.tea)
    assert open_proposal(firm.salt) is not None
    assert ReorderLevel.objects.count() == 3


def test_again_changes_nothing(firm, plan):
    plan()
    result = check(firm, firm.tea, firm.salt)
    assert (result.created, result.changed, result.withdrawn, result.unchanged) == (0, 0, 0, 2)


def test_what_was_delisted_meanwhile_loses_its_level(firm, plan):
    plan()
    Listing.objects.filter(sku=firm.tea).update(delisted_on=TODAY)
    check(firm, firm.tea)
    assert open_proposal(firm.tea) is None
    assert set(ReorderLevel.objects.values_list("sku__code", flat=True)) == {"salt", "soap"}


def test_before_the_first_forecast_there_is_nothing_to_check(firm):
    PublishedForecast.objects.all().delete()
    assert check(firm, firm.tea) is None


def test_nothing_changed(firm, plan):
    plan()
    assert check(firm) is None
