"""A forecast of two SKUs at one shop, computed by the real engine from a flat demand of 2 and 0 units a day."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from forecasting.engine import Config, Panel, forecast
from forecasting.services.runs import open_run, write_series
from inventory.models import Category, ClosedDay, Listing, Location, Sku
from tests.forecasting.history import DAYS, LAST, MORNING, ZONE, fill

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CONFIG = Config(horizon_days=14)


@pytest.fixture(scope="session")
def engine_output():
    demand = np.array([[2.0] * 60, [0.0] * 60], dtype=np.float32)
    return forecast(Panel(demand, start=date(2026, 1, 9)), CONFIG)


@pytest.fixture
def shop(db):
    place = Location.objects.create(code="SHOP", name="Shop", kind="store", time_zone="Europe/Paris")
    skus = [Sku.objects.create(code=code, name=code, created_at=NOW) for code in ("apple", "bread")]
    return SimpleNamespace(place=place, skus=skus, sku_ids=np.array([sku.pk for sku in skus]))


@pytest.fixture
def filled_run(shop, engine_output):
    """filled_run(day) opens the run of that day of March 2026 and writes both series; nothing is published."""

    def fill(day, slot=""):
        as_of = date(2026, 3, day)
        run = open_run(slot=slot or str(as_of), as_of=as_of, time_zone="Europe/Paris", config=CONFIG, now=NOW)
        write_series(run_id=run.pk, location_ids=shop.place.pk, sku_ids=shop.sku_ids, forecast=engine_output)
        return run

    return fill


@pytest.fixture
def firm(db):
    """Six SKUs at two shops with 120 days of demand of 3 a day."""
    places = [
        Location.objects.create(code=f"S{i}", name=f"Shop {i}", kind="store", time_zone=ZONE, is_active=True)
        for i in range(2)
    ]
    category = Category.objects.create(code="c", name="C")
    rng = np.random.default_rng(3)
    skus = [Sku.objects.create(code=f"K{i}", name=f"K{i}", category=category, created_at=MORNING) for i in range(6)]
    for place in places:
        ClosedDay.objects.create(location=place, closed_through=LAST, closed_at=MORNING)
        for sku in skus:
            Listing.objects.create(sku=sku, location=place, listed_on=LAST - timedelta(days=DAYS))
            fill(sku, place, rng.poisson(3, DAYS))
    return places, skus
