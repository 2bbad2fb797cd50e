"""The database after a test that commits: whatever was written is gone, and what guards the tables is on again."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from inventory.models import Location, Movement, Sku
from inventory.services.posting import MovementLine, post_movements
from tests.emptying import FEW

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 10, tzinfo=UTC)
OFF = "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'"


def flush():
    call_command("flush", verbosity=0, interactive=False)


def trade(skus=1):
    """A movement, which nobody may delete, of the first SKU."""
    shop = Location.objects.create(code="SHOP", name="Shop", kind="store")
    made = Sku.objects.bulk_create(Sku(code=f"K{i}", name="K", created_at=NOW) for i in range(skus))
    source = Location.objects.get(kind="supplier")
    post_movements(lines=[MovementLine(made[0].pk, source.pk, shop.pk, Decimal(5))], kind="receipt", key=None, now=NOW)
    User.objects.create_user("boss", role="administrator", sees_all_locations=True)


@pytest.mark.parametrize("skus", [1, FEW - 1, FEW])
def test_all_of_it_is_gone_and_the_base_data_is_there(skus):
    trade(skus)
    flush()
    assert not Movement.objects.exists() and not Sku.objects.exists() and not User.objects.exists()
    assert Location.objects.filter(kind="supplier").count() == 1
    assert not Location.objects.filter(kind="store").exists()
    assert Permission.objects.exists()


def test_the_guards_are_on_again():
    trade()
    flush()
    with connection.cursor() as cursor:
        cursor.execute(OFF)
        assert cursor.fetchone() == (0,)
