"""Methods are chosen once, kept with their reason, and read by every night until they are chosen anew."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from config.choosing import CHOOSE, due_weeks, weekly_slot
from config.night import NIGHT
from forecasting.errors import RunNotOpen
from forecasting.models import ChoiceRun, ForecastRun, Predecessor, SeriesChoice, SeriesForecast, SeriesState
from forecasting.selectors.choices import series_choice
from forecasting.services import shards
from forecasting.services.choices import publish_choice_run, write_choice
from inventory.models import Category, Listing, Sku
from inventory.models.style import AxisValue, Style, StyleAxis, Variant
from jobs.domain.slots import slot_of_night
from jobs.models import JobState
from jobs.services.runner import run_inline
from tests.forecasting.history import LAST, ZONE, fill
from tests.forecasting.history import MORNING as NOW

pytestmark = pytest.mark.django_db(transaction=True)


def night(day=LAST):
    run = run_inline(job=NIGHT, slot=slot_of_night(day, ZONE), clock=lambda: NOW)
    assert run.state == JobState.DONE, run.error
    return ForecastRun.objects.get(slot=run.slot)


def test_the_first_night_makes_a_choice_and_uses_it(firm):
    found = night()
    assert found.choice_run == ChoiceRun.objects.get() and found.choice_run.model_series == 0
    assert SeriesChoice.objects.count() == SeriesForecast.objects.count() == 12


def test_the_next_night_reads_the_choice_and_makes_none(firm, monkeypatch):
    night()
    monkeypatch.setattr(shards, "choose", lambda *_: pytest.fail("chosen again"))
    assert night(LAST + timedelta(days=1)).choice_run == ChoiceRun.objects.get()


def test_forecasts_speak_of_the_stored_methods(firm):
    run = night()
    stored = SeriesChoice.objects.order_by("location", "sku").values_list("candidates", flat=True)
    used = SeriesForecast.objects.filter(run=run).order_by("location", "sku").values_list("candidates", flat=True)
    assert list(stored) == list(used)


def test_the_weekly_job_trains_and_publishes_what_the_next_night_uses(firm):
    night()
    [slot] = due_weeks(NOW)
    assert run_inline(job=CHOOSE, slot=slot, clock=lambda: NOW).state == JobState.DONE
    newest = ChoiceRun.objects.latest("pk")
    assert ChoiceRun.objects.count() == 2 and bytes(newest.model) and newest.series.count() == 12
    assert night(LAST + timedelta(days=1)).choice_run == newest


def test_the_reason_stays_visible(firm):
    places, skus = firm
    night()
    view = series_choice(sku_id=skus[0].pk, location=places[0])
    assert view.chosen_on == LAST and view.origins > 3 and not view.has_global_model
    assert sum(weight for _label, weight in view.methods) == pytest.approx(1, abs=0.2)


def test_a_series_that_came_after_the_choice_does_as_its_peers(firm):
    places, skus = firm
    night()
    sku = Sku.objects.create(code="new", name="new", category=skus[0].category, created_at=NOW)
    Listing.objects.create(sku=sku, location=places[0], listed_on=LAST)
    fill(sku, places[0], [2.0] * 3)
    row = SeriesForecast.objects.get(run=night(LAST + timedelta(days=1)), sku=sku)
    assert row.state == SeriesState.BORROWED and row.origins == 0 and sum(row.weights) == pytest.approx(1, abs=1e-3)


def test_a_successor_begins_with_its_predecessor(firm):
    places, skus = firm
    other = Category.objects.create(code="other", name="Other")
    sku = Sku.objects.create(code="new", name="new", category=other, created_at=NOW)
    Predecessor.objects.create(sku=sku, predecessor=skus[0], share=2)
    Listing.objects.create(sku=sku, location=places[0], listed_on=LAST)
    fill(sku, places[0], [6.0])
    row = SeriesForecast.objects.get(run=night(), sku=sku)
    assert row.state == SeriesState.BORROWED_PREDECESSOR and 4.5 < sum(row.mean) / 28 < 7.5


def test_a_new_size_borrows_from_its_style(firm):
    places, skus = firm
    style = Style.objects.create(code="T", name="T", created_at=NOW)
    axis = StyleAxis.objects.create(style=style, position=1, name="size")
    sku = Sku.objects.create(code="new", name="new", created_at=NOW)
    for position, member in enumerate((skus[0], sku)):
        value = AxisValue.objects.create(axis=axis, name=str(position), position=position)
        Variant.objects.create(sku=member, style=style, first=value)
    Listing.objects.create(sku=sku, location=places[0], listed_on=LAST)
    fill(sku, places[0], [6.0])
    assert SeriesForecast.objects.get(run=night(), sku=sku).state == SeriesState.BORROWED_STYLE


def test_the_week_is_named_once(firm):
    monday, sunday = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (10, 15))
    assert weekly_slot(monday, ZONE, 3).key == weekly_slot(sunday, ZONE, 3).key == f"2026-W11 {ZONE}"
    assert weekly_slot(sunday + timedelta(days=2), ZONE, 3).key == f"2026-W12 {ZONE}"


def test_nothing_is_due_before_the_first_night(firm):
    assert due_weeks(NOW) == []


def test_an_empty_choice_is_not_published_and_a_published_one_is_closed(firm):
    night()
    run = ChoiceRun.objects.get()
    empty = ChoiceRun.objects.create(slot="x", as_of=LAST, time_zone=ZONE, sum_days=[1], started_at=NOW)
    assert not publish_choice_run(run_id=empty.pk, now=NOW)
    with pytest.raises(RunNotOpen):
        write_choice(run_id=run.pk, location_ids=np.array([]), sku_ids=np.array([]), choice=None)
