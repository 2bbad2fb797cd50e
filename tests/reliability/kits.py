"""A SKU without stock, and the act that makes a kit of it, for the tests that race the two."""

from decimal import Decimal

import pytest

from inventory.models import Sku, StockLevel
from inventory.services.kits import PartLine, set_kit_parts


@pytest.fixture(params=["with a level", "without a level"])
def sku(request, house):
    """A SKU that has no stock, and perhaps had some."""
    sku = Sku.objects.create(code="set", name="Set", price=1, created_at=house.now)
    if request.param == "with a level":
        StockLevel.objects.create(sku=sku, location=house.shop, updated_at=house.now)
    return sku


@pytest.fixture
def make_kit(house, sku):
    part = Sku.objects.create(code="part", name="Part", price=1, created_at=house.now)
    parts = [PartLine(part.pk, Decimal(1))]
    return lambda: set_kit_parts(kit_id=sku.pk, parts=parts, user=None, now=house.now)
