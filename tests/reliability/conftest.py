"""The small firm of the stock tests, and people who count and decide."""

from types import SimpleNamespace

import pytest

from accounts.models import User
from suppliers.models import Supplier
from tests.inventory.conftest import firm, stock, tools
from tests.reliability.kits import make_kit, sku

__all__ = ["firm", "make_kit", "sku", "stock", "tools"]


@pytest.fixture
def house(firm, tools):
    """The firm with what the acts of `writers` need."""
    people = {name: User.objects.create_user(name, role="manager", sees_all_locations=True) for name in ("ada", "bob")}
    supplier = Supplier.objects.create(code="FARM", name="Farm", currency="EUR")
    return SimpleNamespace(**vars(firm), **people, farm=supplier, tools=tools, now=tools.NOW)
