"""Two shops, two SKUs with barcodes, and people of each role who can sign in."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from inventory.models import Barcode, Category, Location, LocationAccess, Sku
from inventory.services.listings import list_skus
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine

PASSWORD = "a-long-test-password"


@pytest.fixture
def shop(db):
    """`here` and `there` with `bread` (12 to a case) and `rice` (by kg); 10 bread and 4.5 kg rice are at `here`."""
    now = timezone.now()
    here, there = (Location.objects.create(code=code, name=code.title(), kind="store") for code in ("HERE", "THERE"))
    food = Category.objects.create(code="food", name="Food")
    common = {"category": food, "price": Decimal("2.50"), "cost": Decimal("1.20"), "created_at": now}
    bread = Sku.objects.create(code="B1", name="Brown bread", **common)
    rice = Sku.objects.create(code="R1", name="Long rice", unit="kg", **common)
    Barcode.objects.create(sku=bread, code="4001")
    Barcode.objects.create(sku=bread, code="4012", pack_quantity=12)
    list_skus(sku_ids=[bread.pk, rice.pk], location_ids=[here.pk, there.pk], listed_on=date(2026, 1, 1), now=now)
    lines = [GoodsLine(bread.pk, Decimal(10)), GoodsLine(rice.pk, Decimal("4.5"))]
    receive_goods(location=here, lines=lines, key="first", user=None, now=now)
    return SimpleNamespace(here=here, there=there, food=food, bread=bread, rice=rice)


def make_user(name, role, *places):
    user = User.objects.create_user(name, password=PASSWORD, role=role, sees_all_locations=not places)
    LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
    return user


@pytest.fixture
def staff(shop):
    """Signed in as store staff of `here` only."""
    return signed_in(make_user("sam", Role.STAFF, shop.here))


@pytest.fixture
def manager(shop):
    """Signed in as a manager of all stores."""
    return signed_in(make_user("mia", Role.MANAGER))


@pytest.fixture
def as_role(shop):
    """as_role("purchaser") is a client signed in as such a person, for all stores."""
    return lambda role: signed_in(make_user(f"a-{role}", role))


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client
