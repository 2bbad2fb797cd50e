"""A depot that supplies shops plans for what all their customers ask for, although it sells nothing itself."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import norm

from inventory.models import Listing, Location
from orders.domain.pooling import pool
from orders.models import Outcome, ReorderLevel, ReplenishmentProposal
from orders.services.policy import Scope, Targets, set_rule
from tests.orders.conftest import NOW, add_stock, foresee, make_place, make_run

GRID = (1, 4)


def part(sku_ids, per_day, deviation, levels, known=None):
    mean = np.repeat(np.array(per_day, dtype=np.float32)[:, None], 4, axis=1)
    rows = [
        [[norm.ppf(q, m * h, d * h**0.5) for q in levels] for h in GRID]
        for m, d in zip(per_day, deviation, strict=True)
    ]
    return SimpleNamespace(
        sku_ids=np.array(sku_ids), is_known=np.array(known or [True] * len(sku_ids)), mean=mean,
        sum_quantiles=np.array(rows, dtype=np.float32), grid=GRID,
    )  # fmt: skip


def test_independent_normal_demands_add_up_exactly():
    levels = (0.1, 0.5, 0.9, 0.99)
    pooled = pool(np.array([7]), [part([7], [50], [3], levels), part([7], [80], [4], levels)])
    exact = [[norm.ppf(q, 130 * h, 5 * h**0.5) for q in levels] for h in GRID]
    assert pooled.sum_quantiles[0] == pytest.approx(np.array(exact), rel=1e-4)
    assert pooled.mean[0] == pytest.approx([130] * 4)


def test_only_known_series_count_and_a_sku_nobody_knows_stays_unknown():
    levels = (0.5, 0.9)
    pooled = pool(
        np.array([1, 2, 3]),
        [part([1, 2], [10, 20], [1, 1], levels), part([2, 3], [5, 9], [1, 1], levels, [True, False])],
    )
    assert pooled.mean[:, 0].tolist() == [10, 25, 0]
    assert pooled.is_known.tolist() == [True, True, False]


@pytest.fixture
def supplied(firm):
    """Both shops draw tea from the depot: 2 a day each; soap, of which nobody knows anything, is kept there too."""
    Location.objects.filter(pk__in=[firm.shop.pk, firm.other.pk]).update(supplied_by=firm.depot)
    for sku, place in ((firm.tea, firm.other), (firm.tea, firm.depot), (firm.soap, firm.depot)):
        Listing.objects.create(sku=sku, location=place, listed_on=date(2026, 1, 1))
    foresee(firm.run, firm.tea, firm.other, 2.0)
    foresee(firm.run, firm.tea, firm.depot, 0.0)
    return firm


def level(firm, sku):
    return ReorderLevel.objects.get(sku=sku, location=firm.depot)


@pytest.mark.django_db
def test_the_depot_orders_for_its_shops(supplied, plan):
    plan(supplied.depot)
    tea = level(supplied, supplied.tea)
    # 4 a day over 3 days is 12; Poisson(6) has its 95% at 10, 4 above the mean, twice: 12 + sqrt(32), rounded.
    assert (tea.mean_daily_demand, tea.reorder_point, tea.order_up_to_level) == (4, 18, 46)
    assert ReplenishmentProposal.objects.get(location=supplied.depot).quantity == 48
    assert level(supplied, supplied.soap).outcome == Outcome.NO_FORECAST


@pytest.mark.django_db
def test_drafts_to_its_shops_lower_the_position_of_the_depot(supplied, plan):
    add_stock(supplied.tea, supplied.depot, 40)
    plan(supplied.depot)
    assert level(supplied, supplied.tea).outcome == Outcome.ENOUGH
    plan()
    proposal = ReplenishmentProposal.objects.get(location=supplied.shop, sku=supplied.tea)
    assert proposal.source == supplied.depot


@pytest.mark.django_db
def test_a_shop_in_another_time_zone_counts_with_its_own_run(supplied, plan):
    far = make_place("FAR", time_zone="Asia/Shanghai", supplied_by=supplied.depot)
    Listing.objects.create(sku=supplied.tea, location=far, listed_on=date(2026, 1, 1))
    plan(supplied.depot, now=NOW)
    assert level(supplied, supplied.tea).mean_daily_demand == 4
    foresee(make_run(time_zone="Asia/Shanghai"), supplied.tea, far, 1.0)
    plan(supplied.depot, now=NOW)
    assert level(supplied, supplied.tea).mean_daily_demand == pytest.approx(5)
    assert level(supplied, supplied.tea).reorder_point > Decimal(18)


@pytest.mark.django_db
def test_what_shops_ask_of_an_empty_depot_is_not_taken_to_be_lost(supplied, plan):
    """They have stock of their own, and ask again for what it cannot send today."""
    targets = Targets(target="economic", ordering_cost=Decimal(1), disappointment=Decimal(5))
    set_rule(scope=Scope(sku_id=supplied.tea.pk), targets=targets, actor=None, now=NOW)
    plan(supplied.depot)
    assert level(supplied, supplied.tea).turn is None
    plan(supplied.shop)
    assert ReorderLevel.objects.get(sku=supplied.tea, location=supplied.shop).turn
