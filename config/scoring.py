"""Each week the forecasts of the past are compared with what came, and alerts say where they drift away.

The week of a zone is due when the night that closed its Sunday is published, so all its demand is known. A shop that
begins has no past forecasts: the first run of its zone computes those of some weeks afterwards, so that there are
numbers on the first day; the page says so.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from alerts.services.drift import evaluate_drift
from config.choosing import FORECAST_CONFIG, all_shards
from config.zones import business_date, forecast_zones, one_per_location, zone_locations
from forecasting.domain.scores import WEEK, week_end
from forecasting.models import PublishedForecast, ScoreRun, ScoreState
from forecasting.services.scores import (
    open_score_run,
    publish_score_run,
    rebuilt_origins,
    score_shard,
    write_scores,
)
from jobs.domain.slots import Slot
from jobs.models import JobRun
from jobs.registry import Job, ShardContext, Step, one_shard

REBUILT_WEEKS = 4
# A larger firm would wait hours for weeks that are soon replaced by real ones; `manage.py score_past` does it if asked.
MOST_REBUILT_SHARDS = 20


def _due(now: datetime) -> list[Slot]:
    places = PublishedForecast.objects.filter(time_zone__in=forecast_zones())
    published = places.order_by("time_zone").values_list("time_zone", "run__as_of")
    return [Slot(f"{week_end(as_of)} {zone}", week_end(as_of), zone) for zone, as_of in published]


def _score_run(run: JobRun, now: datetime) -> ScoreRun:
    return open_score_run(
        slot=run.slot, week_ends_on=business_date(run), time_zone=run.time_zone, config=FORECAST_CONFIG, now=now
    )


def _score(context: ShardContext) -> None:
    run = _score_run(context.run, context.now)
    found = score_shard(run=run, location_ids=zone_locations(context.run), part=context.arguments)
    with context.finish() as result:
        if found is not None:
            result["series"] = write_scores(run=run, found=found)


def _publish(context: ShardContext) -> dict[str, Any]:
    publish_score_run(run_id=_score_run(context.run, context.now).pk, now=context.now)
    return {}


def _past_weeks(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    """Those to compute afterwards: none where anything was scored before, or where there is too much."""
    if ScoreRun.objects.filter(time_zone=run.time_zone, state=ScoreState.PUBLISHED).exists():
        return []
    is_small = len(all_shards(run, now)) <= MOST_REBUILT_SHARDS
    return [{"back": back} for back in range(REBUILT_WEEKS)] if is_small else []


def _past_shards(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return [{**week, **part} for week in _past_weeks(run, now) for part in all_shards(run, now)]


def _past_run(run: JobRun, back: int, now: datetime) -> ScoreRun:
    week = business_date(run) - timedelta(days=WEEK * back)
    return open_score_run(
        slot=f"rebuilt {week} {run.time_zone}", week_ends_on=week, time_zone=run.time_zone, config=FORECAST_CONFIG,
        now=now, is_rebuilt=True,
    )  # fmt: skip


def _rebuild(context: ShardContext) -> None:
    run, places = _past_run(context.run, context.arguments["back"], context.now), zone_locations(context.run)
    origins = rebuilt_origins(run, places, FORECAST_CONFIG)
    found = score_shard(run=run, location_ids=places, origin_of=origins, part=context.arguments)
    with context.finish() as result:
        if found is not None:
            result["series"] = write_scores(run=run, found=found)


def _publish_past(context: ShardContext) -> dict[str, Any]:
    publish_score_run(run_id=_past_run(context.run, context.arguments["back"], context.now).pk, now=context.now)
    return {}


def _warn(context: ShardContext) -> dict[str, Any]:
    counts = evaluate_drift(location_id=context.arguments["location_id"], now=context.now)
    return {"opened": counts.opened, "closed": counts.closed}


SCORE = Job(
    name="score_forecasts",
    title=_("Weekly: compare past forecasts with what came"),
    steps=(
        Step("score", all_shards, _score),
        Step("publish", one_shard, _publish),
        Step("rebuild", _past_shards, _rebuild),
        Step("publish_rebuilt", _past_weeks, _publish_past),
        Step("warn", one_per_location, _warn),
    ),
    due_slots=_due,
    expected_every=timedelta(days=9),
    time_zones=forecast_zones,
)
