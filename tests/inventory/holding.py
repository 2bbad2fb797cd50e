"""What the tests of reservations share: holding, and reading what is held."""

from decimal import Decimal

from inventory.models import Reservation, StockLevel
from inventory.services.reservations import reserve_stock
from inventory.services.sales import GoodsLine


def hold(place, *wanted, now, key=None, reference="", expires_at=None):
    """hold(shop, (apple, 3), now=...): the reservations, a line each."""
    lines = [GoodsLine(sku.pk, Decimal(str(quantity))) for sku, quantity in wanted]
    return reserve_stock(
        location=place, lines=lines, reference=reference, key=key, user=None, now=now, expires_at=expires_at
    )


def reserved_of(sku, place):
    return StockLevel.objects.get(sku=sku, location=place).reserved


def state_of(reservation):
    return Reservation.objects.get(pk=reservation.pk).state
