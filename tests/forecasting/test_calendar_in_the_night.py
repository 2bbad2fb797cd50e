"""What the calendar says reaches the panels of the night: past and ahead, in sets, for the right places."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.choosing import CHOOSE, due_weeks
from config.night import NIGHT
from forecasting.models import ChoiceRun, OccasionEffect, Promotion, PromotionCategory, PromotionSku, SeriesForecast
from forecasting.selectors.occasions import ignored_keys, occasion_columns
from forecasting.selectors.panels import load_panel
from forecasting.services.shards import shard_parts
from inventory.models import Category
from jobs.domain.slots import slot_of_night
from jobs.models import JobState
from jobs.services.runner import run_inline
from tests.forecasting.history import DAYS, LAST, MORNING, ZONE

AHEAD = 28


def promote(first, last, skus=(), **fields):
    scope = fields.pop("scope", "skus")
    row = Promotion.objects.create(
        name="Sale", starts_on=LAST + timedelta(first), ends_on=LAST + timedelta(last), scope=scope, **fields
    )
    PromotionSku.objects.bulk_create(PromotionSku(promotion=row, sku=sku, share=Decimal("0.5")) for sku in skus)
    return row


def load(places, skus, **options):
    return load_panel(
        location_ids=[place.pk for place in places], sku_ids=[sku.pk for sku in skus], as_of=LAST,
        horizon_days=AHEAD, **options,
    )  # fmt: skip


def test_a_planned_promotion_is_known_ahead(firm):
    places, skus = firm
    promote(3, 4, skus[:1], location=places[0])
    found = load(places, skus)
    on = np.argwhere(found.panel.promotion > 0)
    assert {(found.location_ids[row], found.sku_ids[row]) for row, _day in on} == {(places[0].pk, skus[0].pk)}
    assert sorted(day for _row, day in on) == [found.panel.n_days + 2, found.panel.n_days + 3]
    assert found.panel.promotion.max() == 0.5


def test_a_category_has_all_its_skus_and_a_store_all_it_has(firm):
    places, skus = firm
    other = Category.objects.create(code="o", name="O")
    skus[5].category = other
    skus[5].save()
    row = promote(-5, -5, scope="categories", share=Decimal("0.25"))
    PromotionCategory.objects.create(promotion=row, category=other)
    promote(2, 2, scope="all", location=places[1])
    found = load(places, skus)
    past, ahead = found.panel.promotion[:, found.panel.n_days - 6], found.panel.promotion[:, found.panel.n_days + 1]
    np.testing.assert_array_equal(past > 0, found.sku_ids == skus[5].pk)
    np.testing.assert_array_equal(ahead > 0, found.location_ids == places[1].pk)


def test_what_holds_for_the_whole_shop_is_an_event_of_its_kind(firm):
    places, _skus = firm
    promote(-40, -30, scope="all", kind="618")
    promote(5, 6, scope="all", kind="618", share=Decimal("0.5"))
    column = occasion_columns([place.pk for place in places], LAST - timedelta(99), 128)["kind|618"]
    assert column[59:70].tolist() == [1.0] * 11 and column[104:106].tolist() == [0.5, 0.5] and column.sum() == 12


def test_holidays_are_those_of_the_places_own_country(firm):
    places, skus = firm
    assert "holiday|FR|National Day" not in occasion_columns([places[0].pk], LAST, AHEAD)
    places[1].country = "CN"
    places[1].save()
    columns = occasion_columns([place.pk for place in places], LAST - timedelta(119), 148)
    assert columns["holiday|FR|Christmas Day"].max() == columns["holiday|CN|New Year's Day"].max() == 0.5
    parts = shard_parts(location_ids=[place.pk for place in places])
    assert [part["country"] for part in parts] == ["CN", "FR"]
    assert load(places, skus).panel.events.shape[1] == DAYS + AHEAD


def test_ignored_occasions_are_left_out(firm):
    places, skus = firm
    promote(-9, -8, skus, kind="flyer")
    promote(3, 3, scope="all", kind="618")
    columns = occasion_columns([place.pk for place in places], LAST, AHEAD)
    found = load(places, skus, ignored=["promotion|flyer", *columns])
    assert found.panel.promotion is None
    assert found.panel.events.shape[0] == load(places, skus).panel.events.shape[0] - len(columns)


def test_the_calendar_costs_the_same_number_of_statements_however_much_stands_in_it(firm):
    places, skus = firm
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            load(places, skus)
        counts.append(len(queries))
        for day in range(20):
            promote(day, day, skus)
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_the_night_learns_keeps_and_uses_what_can_be_measured(firm):
    places, skus = firm
    promote(-60, -50, scope="all", kind="618")
    run = run_inline(job=NIGHT, slot=slot_of_night(LAST, ZONE), clock=lambda: MORNING)
    assert run.state == JobState.DONE, run.error
    assert {"reading_seconds", "computing_seconds", "writing_seconds"} <= set(run.result["forecast"])
    effect = OccasionEffect.objects.get(key="kind|618")
    assert (effect.times, effect.days, effect.is_used) == (1, 11, False)
    assert "kind|618" in ignored_keys(ChoiceRun.objects.get())
    assert SeriesForecast.objects.count() == len(places) * len(skus)
    [slot] = due_weeks(MORNING)
    assert run_inline(job=CHOOSE, slot=slot, clock=lambda: MORNING).state == JobState.DONE
    assert OccasionEffect.objects.filter(key="kind|618").count() == 2
