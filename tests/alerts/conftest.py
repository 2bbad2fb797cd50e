from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import Role, User
from inventory.models import Listing, Location, LocationAccess, Sku, StockLevel
from orders.models import ReorderLevel

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Shop:
    """A store with listings whose levels the test sets as it likes: on hand, and the reorder point of last night."""

    def __init__(self, code="north"):
        self.location = Location.objects.create(code=code, name=code.title(), kind="store")

    def stock(self, code, on_hand, reorder_point=None):
        sku, _made = Sku.objects.get_or_create(
            code=code, defaults={"name": f"Name of {code}", "created_at": NOW, "price": 3, "cost": 1}
        )
        pair = {"sku": sku, "location": self.location}
        Listing.objects.get_or_create(**pair, defaults={"listed_on": date(2025, 1, 1)})
        StockLevel.objects.update_or_create(**pair, defaults={"on_hand": on_hand, "updated_at": NOW})
        if reorder_point is not None:
            ReorderLevel.objects.update_or_create(**pair, defaults=level_of(reorder_point))
        return sku

    def user(self, name, role=Role.MANAGER):
        user = User.objects.create_user(name, email=f"{name}@example.com", role=role)
        LocationAccess.objects.create(user=user, location=self.location)
        return user


def level_of(reorder_point):
    return {
        "computed_on": date(2026, 3, 1),
        "outcome": "enough",
        "reorder_point": Decimal(reorder_point),
        "order_up_to_level": Decimal(reorder_point),
        "cycle_service_level": 0.95,
        "review_period_days": 1,
        "lot_days": 7,
    }


@pytest.fixture
def shop(db):
    return Shop()
