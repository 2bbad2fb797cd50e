"""What is said of a category holds for all that lies in it: overrides, promotions, and how right the forecast was."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.utils import timezone

from dashboards.selectors.sku_chart import read_chart
from forecasting.domain.overrides import Override, Series, ruling
from forecasting.models import ForecastOverride, Promotion, PromotionCategory, ScoreRun, ScoreSummary
from forecasting.selectors.overrides import Level, about_series, counted_for, reach_of, touched_skus
from forecasting.selectors.panels import load_panel
from forecasting.selectors.scores import Question, read_accuracy, score_runs
from forecasting.selectors.series import series_forecast
from forecasting.selectors.sums import load_sums, published_run
from forecasting.services.overrides import Change, make_override, spread_overrides
from forecasting.services.runs import publish_run
from inventory.domain.category_tree import CategoryTree
from inventory.models import Category, Listing
from tests.forecasting.conftest import CONFIG, NOW
from tests.forecasting.history import LAST
from tests.pages.test_accuracy_page import LEVELS, NOTHING, sums

DAY = LAST + timedelta(days=1)
TOMORROW, WEEK_LATER = NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=7)
# Green tea (3) lies in tea (2), that in drinks (1); crisps (9) lie elsewhere.
TREE = CategoryTree({1: None, 2: 1, 3: 2, 9: None})


def said(number, category, factor, location=None):
    return Override(number, None, category, location, DAY, DAY, factor)


@pytest.mark.parametrize(
    ("overrides", "factors"),
    [
        ([said(1, 1, 2.0)], [2.0, 2.0, 1.0]),
        # The nearer category rules, also over one farther away that names the store besides and is newer.
        ([said(1, 3, 3.0), said(2, 1, 2.0, location=5)], [3.0, 2.0, 1.0]),
        ([said(1, 9, 4.0), said(2, 2, 2.0)], [2.0, 1.0, 4.0]),
    ],
)
def test_the_nearest_category_rules(overrides, factors):
    series = Series(np.array([7, 8, 9]), np.array([3, 1, 9]), np.array([5, 5, 5]))
    assert ruling(overrides, series, DAY, 1, TREE)[0][:, 0].tolist() == factors


def test_what_lies_in_a_category():
    assert TREE.below(1) == {1, 2, 3} and TREE.below(3) == {3} and TREE.below(9) == {9}
    assert CategoryTree({1: 2, 2: 1}).below(1) == {1, 2}


@pytest.fixture
def drinks(shop, filled_run):
    """Apples, 2 a day, are of the category tea, which lies in drinks."""
    above = Category.objects.create(code="drinks", name="Drinks")
    apple = shop.skus[0]
    apple.category = Category.objects.create(code="tea", name="Tea", parent=above)
    apple.save()
    Listing.objects.create(sku=apple, location=shop.place, listed_on=LAST)
    publish_run(run_id=filled_run(9).pk, now=NOW)
    return above


def plan(category, **change):
    change = Change(first=TOMORROW, last=WEEK_LATER, **change)
    return make_override(level=Level(category_id=category.pk), change=change, reason="heat", actor=None, now=NOW)


def test_an_override_of_a_category_reaches_what_lies_in_it(shop, drinks):
    apple = shop.skus[0]
    row = plan(drinks, percent=Decimal(50))
    assert reach_of(Level(category_id=drinks.pk), TOMORROW, WEEK_LATER).series == 1
    mean = load_sums(published_run("Europe/Paris").pk, shop.place.pk).mean[shop.sku_ids == apple.pk][0]
    assert mean[1:8] == pytest.approx(mean[0] * 1.5, rel=1e-3) and len(mean) == CONFIG.horizon_days
    assert about_series(sku=apple, location=shop.place, today=NOW.date()) == [row]
    assert counted_for(sku=apple, location_ids=[shop.place.pk], first=TOMORROW, days=2) == [row]
    assert touched_skus([row]) == {shop.place.pk: [apple.pk]}


def test_units_for_a_category_are_spread_over_what_lies_in_it(shop, drinks):
    row = plan(drinks, quantity=Decimal(28))
    # Seven days of 2 a day become 28; the next night reckons the same anew.
    assert row.factor == pytest.approx(2.0, rel=1e-3)
    ForecastOverride.objects.update(factor=None)
    spread_overrides(today=NOW.date())
    assert ForecastOverride.objects.get().factor == pytest.approx(2.0, rel=1e-3)


def test_the_nearest_one_stands_first(shop, drinks):
    apple = shop.skus[0]
    near, far = plan(apple.category, percent=Decimal(10)), plan(drinks, percent=Decimal(90))
    assert about_series(sku=apple, location=shop.place, today=NOW.date()) == [near, far]


def test_the_chart_of_a_sku_shows_it(shop, drinks):
    plan(drinks, percent=Decimal(50))
    found = series_forecast(sku_id=shop.skus[0].pk, location=shop.place)
    chart, _parts = read_chart(sku=shop.skus[0], location=shop.place, forecast=found, now=NOW)
    assert chart.planned[2] == pytest.approx(chart.mean[2] * 1.5, rel=0.02)


def test_a_promotion_of_a_category_has_what_lies_in_it(firm):
    places, skus = firm
    above = Category.objects.create(code="above", name="Above")
    Category.objects.filter(pk=skus[0].category_id).update(parent=above)
    other = Category.objects.create(code="o", name="Other", parent=Category.objects.create(code="p", name="P"))
    skus[5].category = other
    skus[5].save()
    row = Promotion.objects.create(name="Sale", starts_on=DAY, ends_on=DAY, scope="categories", share=Decimal("0.5"))
    PromotionCategory.objects.create(promotion=row, category=above)
    found = load_panel(
        location_ids=[place.pk for place in places], sku_ids=[sku.pk for sku in skus], as_of=LAST, horizon_days=7
    )
    promoted = found.sku_ids[np.flatnonzero(found.panel.promotion[:, found.panel.n_days] == 0.5)]
    assert set(promoted.tolist()) == {sku.pk for sku in skus[:5]} and len(promoted) == 10


def test_the_accuracy_of_a_category_counts_what_lies_in_it(shop, drinks):
    run = ScoreRun.objects.create(
        slot="s", week_ends_on=LAST, time_zone="Europe/Paris", windows=[7], levels=LEVELS, state="published",
        started_at=timezone.now(),
    )  # fmt: skip
    for category, actual in ((shop.skus[0].category, 100), (None, 40)):
        ScoreSummary.objects.create(
            run=run, part=0, location=shop.place, category=category, window_days=7, below=NOTHING,
            at_or_below=[10.0] * len(LEVELS), sums=sums(actual=actual, mean=110),
        )  # fmt: skip
    found = read_accuracy(Question(7, [shop.place.pk], category_id=drinks.pk), score_runs())
    assert found.total.sums["actual"] == 100 and list(found.by_category) == [shop.skus[0].category_id]
