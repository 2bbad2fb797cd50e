"""Displays and mailers of the calendar are told apart by the weekly look, and foreseen so by the night."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from config.choosing import CHOOSE, FORECAST_CONFIG, learn, weekly_slot
from config.night import NIGHT
from forecasting.domain import promotion_kinds
from forecasting.engine.boosted.training import Training
from forecasting.models import ForecastRun, Promotion, PromotionSku, SeriesForecast
from forecasting.selectors.calendar import learned_effects
from forecasting.services.shards import forecast_shard, read_shard, shard_parts
from inventory.models import Category, ClosedDay, Listing, Location, Sku
from jobs.domain.slots import slot_of_night
from jobs.models import JobState
from jobs.registry import Step, one_shard
from jobs.services.runner import run_inline
from tests.forecasting.history import LAST, MORNING, ZONE, fill

pytestmark = pytest.mark.django_db(transaction=True)

WEEKS = 26
KINDS = ["", "display", "mailer"]
DAILY = np.array([5.0, 15.0, 7.0])  # units a day: a display adds ten, a mailer two
SMALL = replace(CHOOSE, steps=(Step("train", one_shard, learn(Training(rows=6_000, rounds=20))), *CHOOSE.steps[1:]))


def promote(kind, first, skus):
    """A week from the day `first` after the last known one on."""
    days = {"starts_on": LAST + timedelta(first), "ends_on": LAST + timedelta(first + 6)}
    row = Promotion.objects.create(name=f"{kind} {first}", kind=kind, **days)
    PromotionSku.objects.bulk_create(PromotionSku(promotion=row, sku=sku) for sku in skus)


@pytest.fixture
def skus(db):
    """Twenty SKUs at two shops, 26 weeks, each week of each SKU by chance ordinary (three of five), on display or in
    the mailer; in the coming week the even ones are on display and the odd ones in the mailer.
    """
    places = [Location.objects.create(code=f"S{i}", name=f"S{i}", kind="store", time_zone=ZONE) for i in range(2)]
    category = Category.objects.create(code="c", name="C")
    skus = [Sku.objects.create(code=f"K{i:02d}", name="K", category=category, created_at=MORNING) for i in range(20)]
    rng = np.random.default_rng(4)
    kinds = rng.choice(3, (20, WEEKS), p=[0.6, 0.2, 0.2])
    for place in places:
        ClosedDay.objects.create(location=place, closed_through=LAST, closed_at=MORNING)
        for sku, weeks in zip(skus, kinds, strict=True):
            Listing.objects.create(sku=sku, location=place, listed_on=LAST + timedelta(1))  # its past was imported
            fill(sku, place, rng.poisson(DAILY[weeks].repeat(7)))
    for week in range(WEEKS):
        for kind in (1, 2):
            promote(KINDS[kind], 7 * (week - WEEKS) + 1, [skus[i] for i in np.flatnonzero(kinds[:, week] == kind)])
    promote("display", 1, skus[::2])
    promote("mailer", 1, skus[1::2])
    return skus


def look_and_night():
    """The weekly look at the past, and the night after it."""
    for job, slot in ((SMALL, weekly_slot(MORNING, ZONE, 3)), (NIGHT, slot_of_night(LAST, ZONE))):
        run = run_inline(job=job, slot=slot, clock=lambda: MORNING)
        assert run.state == JobState.DONE, run.error
    return ForecastRun.objects.select_related("choice_run").get()


def coming_week(skus):
    """Mean forecast of the coming week of these SKUs, as stored."""
    return float(np.mean([sum(row.mean[:7]) for row in SeriesForecast.objects.filter(sku__in=skus)]))


def coming_week_again(run, skus):
    """What the same night would foresee with the calendar as it is now."""
    places = list(Location.objects.values_list("pk", flat=True))
    [part] = shard_parts(location_ids=places)
    found = forecast_shard(
        read=read_shard(run_id=run.pk, location_ids=places, part=part, config=FORECAST_CONFIG), config=FORECAST_CONFIG
    )
    these = np.isin(found.sku_ids, [sku.pk for sku in skus])
    return float(found.forecast.mean[these, :7].sum(axis=1).mean())


def test_a_display_is_foreseen_as_a_display_and_a_mailer_as_a_mailer(skus):
    run = look_and_night()
    choice = run.choice_run
    weight = dict(zip(["", *choice.promotion_kinds], choice.kind_weights, strict=True))
    assert weight[""] + weight["promotion|display"] == pytest.approx(1.0, abs=0.01)
    assert weight[""] + weight["promotion|mailer"] == pytest.approx(2 / 10, abs=0.03)
    learned = {effect.key: effect for effect in learned_effects([ZONE])}
    assert learned["promotion|display"].uplift == pytest.approx(10 / 5, abs=0.2)
    assert learned["promotion|mailer"].uplift == pytest.approx(2 / 5, abs=0.1)
    assert coming_week(skus[::2]) == pytest.approx(7 * 15, rel=0.1)
    assert coming_week(skus[1::2]) == pytest.approx(7 * 7, rel=0.1)
    # Renamed after the look, displays count by their share alone, until the next one knows the new name.
    Promotion.objects.filter(kind="display").update(kind="endcap")
    assert 7 * 5 < coming_week_again(run, skus[::2]) < coming_week(skus[::2])


def test_without_kinds_both_are_foreseen_alike_and_wrong(skus, monkeypatch):
    monkeypatch.setattr(promotion_kinds, "MOST_KINDS", 0)
    run = look_and_night()
    assert run.choice_run.promotion_kinds == run.choice_run.kind_weights == []
    assert coming_week(skus[::2]) == pytest.approx(coming_week(skus[1::2]), rel=0.1)
    assert coming_week(skus[1::2]) > 1.4 * 7 * 7 and coming_week(skus[::2]) < 0.85 * 7 * 15
