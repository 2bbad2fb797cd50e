"""A run is written shard by shard, and readers see one whole run or another."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasting.errors import RunNotOpen
from forecasting.models import PublishedForecast, SeriesForecast
from forecasting.selectors.series import series_forecast
from forecasting.selectors.sums import load_sums, published_run
from forecasting.services.runs import NIGHTS_KEPT, publish_run
from tests.forecasting.conftest import NOW


def test_what_was_written_is_read_back_exactly(shop, filled_run, engine_output):
    sums = load_sums(filled_run(9).pk, shop.place.pk)
    assert sums.sku_ids.tolist() == shop.sku_ids.tolist()
    assert sums.grid == (1, 2, 3, 5, 7, 10, 14)
    np.testing.assert_array_equal(sums.sum_quantiles, engine_output.sum_quantiles)
    np.testing.assert_array_equal(sums.mean, engine_output.mean)
    assert sums.is_integer.all()
    assert sums.is_known.all()


def test_quantiles_over_an_interval_of_a_flat_demand(shop, filled_run):
    over = load_sums(filled_run(9).pk, shop.place.pk).over(7.0, levels=(0.5, 0.95))
    assert 12 <= over[0, 0] <= 16
    assert over[0, 1] >= over[0, 0]
    assert over[1].tolist() == [0, 0]


def test_a_shard_done_twice_leaves_what_it_left_once(filled_run):
    filled_run(9)
    filled_run(9)
    assert SeriesForecast.objects.count() == 2


def test_readers_see_nothing_before_publication_and_all_after(shop, filled_run):
    run = filled_run(9)
    assert published_run("Europe/Paris") is None
    assert series_forecast(sku_id=shop.skus[0].pk, location=shop.place) is None
    publish_run(run_id=run.pk, now=NOW)
    view = series_forecast(sku_id=shop.skus[0].pk, location=shop.place)
    assert len(view.days) == len(view.mean) == len(view.quantiles[0.95]) == 14
    assert view.days[0].isoformat() == "2026-03-10"
    assert sum(weight for _label, weight in view.methods) == pytest.approx(1, abs=0.2)


def test_an_older_run_never_replaces_a_newer_one(filled_run):
    newer, older = filled_run(9), filled_run(8)
    publish_run(run_id=newer.pk, now=NOW)
    publish_run(run_id=older.pk, now=NOW)
    assert PublishedForecast.objects.get().run == newer


def test_a_second_run_of_the_same_day_replaces_the_first(filled_run):
    first, second = filled_run(9), filled_run(9, slot="asked again")
    publish_run(run_id=first.pk, now=NOW)
    publish_run(run_id=second.pk, now=NOW)
    publish_run(run_id=first.pk, now=NOW)
    assert PublishedForecast.objects.get().run == second


def test_nothing_is_written_to_a_published_run(filled_run):
    publish_run(run_id=filled_run(9).pk, now=NOW)
    with pytest.raises(RunNotOpen):
        filled_run(9)


def test_rows_of_runs_beyond_the_kept_ones_are_dropped(filled_run):
    runs = [filled_run(9, slot=f"slot {number}") for number in range(NIGHTS_KEPT + 2)]
    publish_run(run_id=runs[-1].pk, now=NOW)
    kept = set(SeriesForecast.objects.values_list("run", flat=True))
    assert kept == {run.pk for run in runs[2:]}


def test_a_location_is_read_in_two_statements(shop, filled_run):
    run = filled_run(9)
    with CaptureQueriesContext(connection) as queries:
        load_sums(run.pk, shop.place.pk)
    assert len(queries) <= 2
