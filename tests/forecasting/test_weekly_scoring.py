"""The weekly comparison of what was forecast with what came, from stored runs to the numbers of the page."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from alerts.models import Alert, AlertKind, AlertState
from alerts.services.drift import evaluate_drift
from config.scoring import SCORE
from forecasting.domain.scores import SUMS, WEEK
from forecasting.models import ScoreRun, ScoreSummary, SeriesScore
from forecasting.selectors.override_scores import Unscored, score_of
from forecasting.selectors.overrides import Level
from forecasting.selectors.scores import Question, read_accuracy, score_runs
from forecasting.services.overrides import Change, make_override
from forecasting.services.runs import open_run, publish_run, write_series
from forecasting.services.shards import forecast_shard, read_shard
from jobs.models import JobState
from jobs.services.runner import run_inline
from tests.forecasting.conftest import CONFIG
from tests.forecasting.history import LAST, MORNING, ZONE

pytestmark = pytest.mark.django_db
# LAST is a Sunday.
WINDOWED = (7, 14)


@pytest.fixture
def scored(firm):
    """Forecasts of the last three Sundays, the last one published; scored() compares them with what came."""
    places, _skus = firm
    ids = [place.pk for place in places]
    for back in (14, 7, 0):
        as_of = LAST - timedelta(days=back)
        run = open_run(slot=str(as_of), as_of=as_of, time_zone=ZONE, config=CONFIG, now=MORNING)
        read = read_shard(run_id=run.pk, location_ids=ids, config=CONFIG, part={"after": None, "until": None})
        found = forecast_shard(read=read, config=CONFIG)
        write_series(run_id=run.pk, location_ids=found.location_ids, sku_ids=found.sku_ids, forecast=found.forecast)
        publish_run(run_id=run.pk, now=MORNING)

    def score():
        (slot,) = SCORE.due_slots(MORNING)
        run = run_inline(job=SCORE, slot=slot, clock=lambda: MORNING)
        assert run.state == JobState.DONE, run.error
        return ScoreRun.objects.get()

    return score


def ask(places, window=7, **narrowed):
    question = Question(window, [place.pk for place in places], **narrowed)
    return read_accuracy(question, score_runs(question.location_ids))


def test_each_series_and_each_category_of_a_store_is_scored_once(firm, scored):
    run = scored()
    assert (run.week_ends_on, SeriesScore.objects.count()) == (LAST, 12)
    assert set(ScoreSummary.objects.values_list("window_days", "location__code")) == {
        (window, code) for window in WINDOWED for code in ("S0", "S1")
    }
    scored()
    assert (SeriesScore.objects.count(), ScoreSummary.objects.count()) == (12, 4)


def test_the_sums_of_the_page_are_those_of_its_series(firm, scored, django_assert_num_queries):
    places, skus = firm
    scored()
    with django_assert_num_queries(5):
        found = ask(places)
    assert found.total.sums["windows"] == 12 and found.total.has_enough
    # Demand of three a day was foreseen well, and better than by repeating a week.
    assert abs(found.total.bias) < 0.2 and found.total.wape < found.total.naive_wape
    alone = [ask(places, sku_id=sku.pk).total for sku in skus]
    for name in SUMS:
        assert sum(one.sums[name] for one in alone) == pytest.approx(found.total.sums[name], rel=1e-4)
    assert sum(one.at_or_below.sum() for one in alone) == found.total.at_or_below.sum()
    one_store = ask(places[:1])
    assert one_store.total.sums["windows"] == 6 and list(one_store.by_location) == [places[0].pk]


def test_too_few_windows_give_no_number(firm, scored):
    places, skus = firm
    scored()
    one = ask(places, sku_id=skus[0].pk)
    assert one.total.bias is one.total.wape is None and one.total.coverage() == []
    assert ask(places, window=28).total.bias is None


def test_only_what_was_said_before_a_day_is_scored(firm, scored):
    places, skus = firm
    first = LAST - timedelta(days=6)
    for sku, said_on in ((skus[0], first - timedelta(days=1)), (skus[1], LAST + timedelta(days=1))):
        now = datetime.combine(min(said_on, first), MORNING.time(), MORNING.tzinfo)
        row = make_override(
            level=Level(sku_id=sku.pk), change=Change(first, LAST, percent=Decimal(100)), reason="x", actor=None,
            now=now,
        )  # fmt: skip
        type(row).objects.filter(pk=row.pk).update(created_at=datetime.combine(said_on, MORNING.time(), MORNING.tzinfo))
    scored()
    total = ask(places).total
    assert total.sums["touched"] == 2
    # Doubling a right forecast makes it wrong.
    assert total.override_gain < 0 and total.saved_units < 0


def test_an_override_that_has_expired_is_scored_by_itself(firm, scored, django_assert_num_queries):
    places, skus = firm
    first, ids = LAST - timedelta(days=6), [place.pk for place in places]
    change = Change(first, LAST, percent=Decimal(100))
    said = MORNING - timedelta(days=9)
    row = make_override(level=Level(sku_id=skus[0].pk), change=change, reason="x", actor=None, now=said)
    other = make_override(level=Level(sku_id=skus[1].pk), change=change, reason="x", actor=None, now=said)
    scored()
    with django_assert_num_queries(3):
        found = score_of(row, ids)
    assert (found.weeks, found.windows) == (1, 2)
    assert found.saved_units < 0 and found.share_with > found.share_without
    assert score_of(row, ids[:1]).windows == 1
    # Neither can claim what came while both held.
    type(other).objects.filter(pk=other.pk).update(sku=skus[0])
    assert score_of(row, ids) == Unscored.NOT_ALONE


def test_a_forecast_that_demand_runs_away_from_raises_one_alert(firm, scored):
    places, skus = firm
    run = scored()
    for back in range(1, 5):
        earlier = ScoreRun.objects.create(
            slot=f"earlier {back}", week_ends_on=LAST - timedelta(days=WEEK * back), time_zone=ZONE, windows=[7],
            levels=run.levels, state="published", started_at=MORNING,
        )  # fmt: skip
        figures = [1.0, 90.0, 20.0, 20.0, 20.0, 5.0, 1.0, 1.0, 0.0]
        SeriesScore.objects.create(run=earlier, sku=skus[0], location=places[0], figures=figures, ranks=[3, 0], drift=0)
    evaluate_drift(location_id=places[0].pk, now=MORNING)
    assert not Alert.objects.filter(kind=AlertKind.DRIFT).exists()
    SeriesScore.objects.filter(run=run, sku=skus[0], location=places[0]).update(drift=1)
    for _ in range(2):
        evaluate_drift(location_id=places[0].pk, now=MORNING)
    alert = Alert.objects.get(kind=AlertKind.DRIFT)
    assert (alert.sku, alert.facts["drift_weeks"]) == (skus[0], 5)
    assert alert.facts["came_units"] > 3 * alert.facts["expected_units"]
    SeriesScore.objects.filter(run=run).update(drift=0)
    evaluate_drift(location_id=places[0].pk, now=MORNING)
    assert Alert.objects.get().state == AlertState.CLOSED


def test_a_shop_that_begins_has_weeks_that_were_computed_afterwards(firm):
    places, _skus = firm
    publish_run(run_id=open_run(slot="first", as_of=LAST, time_zone=ZONE, config=CONFIG, now=MORNING).pk, now=MORNING)
    (slot,) = SCORE.due_slots(MORNING)
    assert run_inline(job=SCORE, slot=slot, clock=lambda: MORNING).state == JobState.DONE
    found = ask(places)
    assert len(found.rebuilt) == 4 and found.total.sums["windows"] == 48


def test_past_weeks_are_rebuilt_once_and_say_so(firm):
    places, _skus = firm
    for _ in range(2):
        call_command("score_past", weeks=2)
    runs = ScoreRun.objects.order_by("week_ends_on")
    assert [(run.week_ends_on, run.is_rebuilt) for run in runs] == [(LAST - timedelta(days=7), True), (LAST, True)]
    found = ask(places, window=28)
    assert found.total.sums["windows"] == 24 and found.rebuilt == {run.week_ends_on for run in runs}
    with pytest.raises(CommandError, match="between 1 and 26"):
        call_command("score_past", weeks=0)
