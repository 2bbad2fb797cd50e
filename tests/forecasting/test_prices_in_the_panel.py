"""What customers paid reaches the panels of the night, the weekly choice and looks at the past; nothing later does."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest

from config.night import NIGHT
from forecasting.models import Predecessor
from forecasting.selectors.panels import load_panel
from inventory.domain.blocks import BLOCK_DAYS, block_start
from inventory.models import Listing, PriceBlock, Sku
from inventory.selectors.places import counterpart_ids
from inventory.services.posting import MovementLine, post_movements
from jobs.domain.slots import slot_of_night
from jobs.models import JobShard, JobState
from jobs.services.runner import run_inline
from tests.forecasting.history import DAYS, LAST, MORNING, ZONE, fill


def pay(sku, prices):
    """pay(sku, {0: 2.0, -3: 1.5}): prices by day, counted from LAST."""
    for number, price in prices.items():
        day = LAST + timedelta(days=number)
        start = block_start(day)
        block, _made = PriceBlock.objects.get_or_create(
            sku=sku, starts_on=start, defaults={"price": [0.0] * BLOCK_DAYS}
        )
        block.price[(day - start).days] = price
        block.save()


def load(places, skus, as_of=LAST):
    return load_panel(
        location_ids=[place.pk for place in places], sku_ids=[sku.pk for sku in skus], as_of=as_of, horizon_days=28
    )


def test_days_without_a_sale_have_the_price_before_them(firm):
    places, skus = firm
    pay(skus[0], {-3: 2.0, -1: 1.5})
    found = load(places, skus)
    rows = found.panel.price[found.sku_ids == skus[0].pk]
    assert rows.shape == (2, DAYS)
    np.testing.assert_array_equal(rows, [[2.0] * (DAYS - 1 - 1) + [1.5, 1.5]] * 2)


def test_prices_go_through_blocks(firm):
    places, skus = firm
    pay(skus[0], {-DAYS + 1: 4.0, -DAYS + 2: 3.0, 0: 1.0})
    found = load(places, skus)
    row = found.panel.price[list(found.sku_ids).index(skus[0].pk)]
    assert row.tolist() == [4.0] + [3.0] * (DAYS - 2) + [1.0]


def test_a_sku_without_a_price_says_nothing_of_prices(firm):
    places, skus = firm
    pay(skus[0], {-3: 2.0})
    found = load(places, skus)
    assert (found.panel.price[found.sku_ids != skus[0].pk] == 1).all()


def test_without_any_price_the_panel_has_none(firm):
    assert load(*firm).panel.price is None


def test_what_was_paid_later_is_not_known(firm):
    places, skus = firm
    pay(skus[0], {-20: 2.0, -9: 1.0, 0: 9.0})
    then = load(places, skus, as_of=LAST - timedelta(days=10)).panel
    assert then.price.shape == then.demand.shape
    assert set(np.unique(then.price)) == {1.0, 2.0} and then.price[:, -1].max() == 2.0
    pay(skus[1], {-5: 7.0})
    again = load(places, skus, as_of=LAST - timedelta(days=10)).panel
    np.testing.assert_array_equal(again.price, then.price)


def test_a_predecessor_brings_its_own_prices(firm):
    places, skus = firm
    new = Sku.objects.create(code="new", name="New", created_at=MORNING)
    Listing.objects.create(sku=new, location=places[0], listed_on=LAST - timedelta(days=2))
    fill(new, places[0], [1.0, 2.0, 1.0])
    Predecessor.objects.create(sku=new, predecessor=skus[0], share=1)
    pay(skus[0], {-50: 2.0, -1: 1.5})
    pay(new, {0: 8.0})
    found = load(places, [new])
    lender = found.panel.predecessor[0]
    assert found.panel.price[0].tolist() == [8.0] * DAYS
    assert found.panel.price[lender, -3:].tolist() == [2.0, 1.5, 1.5]


@pytest.mark.django_db(transaction=True)
def test_the_night_writes_prices_before_it_forecasts(firm):
    places, skus = firm
    ends, noon = counterpart_ids(), MORNING - timedelta(hours=17)
    for kind, source, destination, price in (
        ("receipt", ends["supplier"], places[0].pk, "1.10"), ("sale", places[0].pk, ends["customer"], "2.50"),
    ):  # fmt: skip
        line = MovementLine(skus[0].pk, source, destination, Decimal(3), unit_price=Decimal(price), occurred_at=noon)
        post_movements(lines=[line], kind=kind, key=None, now=noon)
    run = run_inline(job=NIGHT, slot=slot_of_night(LAST, ZONE), clock=lambda: MORNING)
    assert run.state == JobState.DONE, run.error
    names = [step.name for step in NIGHT.steps]
    assert names.index("close_day") < names.index("price") < names.index("learn") < names.index("forecast")
    assert JobShard.objects.get(run=run, step_index=names.index("price")).result == {"blocks": 1}
    found = load(places, skus)
    assert set(found.panel.price[found.sku_ids == skus[0].pk, -1]) == {2.5}
