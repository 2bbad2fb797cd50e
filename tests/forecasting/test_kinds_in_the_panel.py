"""Which kinds of promotion the weekly look tells apart, and the drivers that nights make of exactly those."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest

from config.choosing import FORECAST_CONFIG
from forecasting.domain.promotion_kinds import SeenKind, kinds_to_tell
from forecasting.engine.boosted.training import Training
from forecasting.models import ChoiceRun, Promotion, PromotionSku
from forecasting.selectors.choices import kinds_told_apart
from forecasting.selectors.panels import load_panel
from forecasting.services import shards
from forecasting.services.choices import save_learned
from inventory.models import Location
from tests.forecasting.history import LAST, ZONE

KINDS = ["promotion|mailer", "promotion|display"]
MAILER, DISPLAY = range(2)
AHEAD = 28


def promote(kind, first, last, skus, share="1", **fields):
    days = {"starts_on": LAST + timedelta(first), "ends_on": LAST + timedelta(last)}
    row = Promotion.objects.create(name=kind, kind=kind, **days, **fields)
    PromotionSku.objects.bulk_create(PromotionSku(promotion=row, sku=sku, share=Decimal(share)) for sku in skus)


def load(firm, kinds=KINDS, places=None):
    return load_panel(
        location_ids=[place.pk for place in places or firm[0]], sku_ids=[sku.pk for sku in firm[1]], as_of=LAST,
        horizon_days=AHEAD, kinds=kinds,
    )  # fmt: skip


def learn(firm, training=None):
    return shards.learn_from_sample(
        as_of=LAST, location_ids=[place.pk for place in firm[0]], seed="x", config=FORECAST_CONFIG, training=training
    )


def at(found, sku, day):
    """[promotion, mailer, display] of a SKU at its first place, `day` days after the last known one."""
    row, column = int(np.flatnonzero(found.sku_ids == sku.pk)[0]), found.panel.n_days - 1 + day
    return [float(found.panel.promotion[row, column]), *found.panel.drivers[row, column].tolist()]


def test_where_two_kinds_meet_each_keeps_its_own_share(firm):
    apple = firm[1][0]
    promote("mailer", -3, 2, [apple], "0.25")
    promote("display", 1, 3, [apple], "0.75")
    found = load(firm)
    assert [at(found, apple, day) for day in (0, 1, 3, 4)] == [
        [0.25, 0.25, 0.0], [0.75, 0.25, 0.75], [0.75, 0.0, 0.75], [0.0, 0.0, 0.0]
    ]  # fmt: skip
    assert found.panel.drivers.shape == (12, found.panel.n_days + AHEAD, 2)


def test_a_kind_that_the_model_does_not_know_counts_by_its_share_alone(firm):
    apple = firm[1][0]
    promote("tasting", 1, 1, [apple], "0.5")
    promote("display", 2, 2, [apple])
    assert [at(load(firm), apple, day) for day in (1, 2)] == [[0.5, 0.0, 0.0], [1.0, 0.0, 1.0]]


def test_a_kind_that_is_gone_or_of_another_store_has_a_column_of_zeros(firm):
    promote("display", 1, 1, firm[1], location=firm[0][1])
    here, both = load(firm, places=firm[0][:1]), load(firm)
    assert here.panel.promotion is None and not here.panel.drivers.any()
    assert here.panel.drivers.shape == (6, here.panel.n_days + AHEAD, 2)
    shown = both.panel.drivers.any(axis=1)
    np.testing.assert_array_equal(shown[:, DISPLAY], both.location_ids == firm[0][1].pk)
    assert not shown[:, MAILER].any()


def test_without_kinds_there_are_no_drivers(firm):
    promote("display", 1, 1, firm[1])
    assert load(firm, kinds=[]).panel.drivers is None


def test_the_kinds_cost_no_statement(firm, django_assert_num_queries):
    promote("display", 1, 1, firm[1])
    with django_assert_num_queries(8):
        load(firm, kinds=[])
    with django_assert_num_queries(8):
        load(firm)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ([("a", 3, 10), ("b", 9, 20)], ("b", "a")),
        ([("a", 3, 10), ("b", 2, 20)], ()),
        ([("a", 3, 10), ("noise", 9, 20)], ()),
        ([(kind, 3, 10) for kind in "edcba"], ("a", "b", "c")),
        ([], ()),
    ],
    ids=["most promoted first", "seen twice", "no effect", "at most three", "none"],
)
def test_kinds_are_told_apart_where_two_of_them_came_often_and_had_an_effect(seen, told):
    assert kinds_to_tell([SeenKind(*kind) for kind in seen], {"a", "b", "c", "d", "e"}) == told


def test_what_was_seen_is_counted_in_days_of_skus_and_days_that_one_began_on(firm, monkeypatch):
    _places, skus = firm
    for first in (-40, -20, 5):
        promote("display", first, first + 1, skus[:3])
    promote("display", -40, -40, skus[3:4])
    promote("mailer", 3, 9, skus)
    found = []
    monkeypatch.setattr(shards, "kinds_to_tell", lambda seen, _measurable: found.extend(seen) or ())
    monkeypatch.setattr(shards, "train", lambda *_: None)
    learn(firm, Training())
    # Two days each of three SKUs at two places, twice, and one day of a fourth; a mailer has never been yet.
    assert found == [SeenKind("promotion|display", 2, 2 * 3 * 2 * 2 + 2)]


@pytest.mark.parametrize("training", [None, Training()])
def test_a_shop_too_young_for_a_model_tells_no_kinds_apart(firm, monkeypatch, training):
    monkeypatch.setattr(shards, "kinds_to_tell", lambda *_: tuple(KINDS))
    monkeypatch.setattr(shards, "train", lambda *_: None)
    lesson = learn(firm, training)
    assert lesson.learned.model is None and lesson.kinds == ()


def test_the_kinds_are_those_of_the_newest_choice_where_most_places_are(firm):
    ids = [place.pk for place in firm[0]]
    assert kinds_told_apart(ids) == []
    common = {"as_of": LAST, "sum_days": [1], "started_at": "2026-03-09T05:00Z", "state": "published"}
    run = ChoiceRun.objects.create(slot="here", time_zone=ZONE, **common)
    assert (run.promotion_kinds, run.kind_weights, kinds_told_apart(ids)) == ([], [], [])
    ChoiceRun.objects.filter(pk=run.pk).update(promotion_kinds=KINDS)
    there = Location.objects.create(code="T", name="T", kind="store", time_zone="Asia/Tokyo")
    assert kinds_told_apart([*ids, there.pk]) == KINDS and kinds_told_apart([there.pk]) == []


def test_a_lesson_without_a_model_keeps_no_weights(firm):
    run = ChoiceRun.objects.create(
        slot="x", as_of=LAST, time_zone=ZONE, sum_days=[1], started_at="2026-03-09T05:00Z", promotion_kinds=KINDS
    )
    save_learned(run_id=run.pk, learned=learn(firm).learned, series=12)
    run.refresh_from_db()
    assert (run.promotion_kinds, run.kind_weights) == ([], [])


def test_a_model_without_the_keys_of_its_drivers_is_refused(firm):
    learned = replace(learn(firm).learned, model=SimpleNamespace(kinds=np.array([0.2, 0.8, 0.0])))
    with pytest.raises(ValueError, match="has 2 drivers"):
        save_learned(run_id=1, learned=learned, series=12, kinds=KINDS[:1])
