"""Demand of the past, put where the ledger's nights would have left it."""

from datetime import UTC, date, datetime, timedelta

from inventory.domain.blocks import BLOCK_DAYS, block_start
from inventory.models import DemandBlock

ZONE = "Europe/Paris"
LAST = date(2026, 3, 8)
MORNING = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
DAYS = 120


def fill(sku, place, demand, in_stock=1.0):
    """Demand of the last len(demand) days up to LAST, as blocks."""
    first = LAST - timedelta(days=len(demand) - 1)
    start = block_start(first)
    while start <= LAST:
        days = [start + timedelta(days=i) for i in range(min(BLOCK_DAYS, (LAST - start).days + 1))]
        sold = [float(demand[(day - first).days]) if day >= first else 0.0 for day in days]
        share = [in_stock if day >= first else 0.0 for day in days]
        DemandBlock.objects.create(
            sku=sku, location=place, starts_on=start, sold=sold, lost=[0.0] * len(days), in_stock=share
        )
        start += timedelta(days=BLOCK_DAYS)
