"""The weekly look at the past: trains one model for all series, chooses the methods of each, and publishes both.

The nights in between only read what it found. The first night finds nothing and makes a choice of its own, without the
model: training takes a minute, and the first morning should not wait for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from config.zones import business_date, forecast_zones, zone_locations
from forecasting.engine import Config
from forecasting.engine.boosted.training import Training
from forecasting.models import ChoiceRun
from forecasting.selectors.choices import newest_choice
from forecasting.services.choices import open_choice_run, publish_choice_run, save_learned, write_choice
from forecasting.services.shards import compute_choice, learn_from_sample, shard_parts
from jobs.domain.slots import Slot, night_slot
from jobs.models import JobRun
from jobs.registry import Job, ShardContext, Step, one_shard

FORECAST_CONFIG = Config(horizon_days=28)
HOURS_AFTER_NIGHT = 2
Shards = Callable[[JobRun, datetime], list[dict[str, Any]]]


def weekly_slot(now: datetime, time_zone: str, hour: int) -> Slot:
    """The ISO week of the last business date whose night is over, named once for the whole week."""
    night = night_slot(now, time_zone, hour)
    if night.business_date is None:
        raise ValueError(f"No night has a date in {time_zone}.")
    week = night.business_date.isocalendar()
    return Slot(f"{week.year}-W{week.week:02d} {time_zone}", night.business_date, time_zone)


def due_weeks(now: datetime) -> list[Slot]:
    """One slot for each zone that has had its first night: before it there is no past to look at."""
    hour = min(settings.NIGHT_STARTS_AT_HOUR + HOURS_AFTER_NIGHT, 23)
    return [weekly_slot(now, zone, hour) for zone in forecast_zones()]


def choice_run(run: JobRun, now: datetime) -> ChoiceRun:
    """The choice that belongs to this run of a job."""
    slot = f"{run.job} {run.slot}"
    return open_choice_run(
        slot=slot, as_of=business_date(run), time_zone=run.time_zone, config=FORECAST_CONFIG, now=now
    )


def learn(training: Training | None) -> Callable[[ShardContext], None]:
    """The work of learning from a sample, with or without the global model."""

    def work(context: ShardContext) -> None:
        run = choice_run(context.run, context.now)
        lesson = learn_from_sample(
            as_of=run.as_of, location_ids=zone_locations(context.run), seed=run.slot, config=FORECAST_CONFIG,
            training=training,
        )  # fmt: skip
        with context.finish() as result:
            save_learned(
                run_id=run.pk, learned=lesson.learned, series=lesson.series, effects=lesson.effects, kinds=lesson.kinds
            )
            result["series"] = lesson.series

    return work


def choose_shard(context: ShardContext) -> None:
    """The choice of one shard."""
    run = choice_run(context.run, context.now)
    places = zone_locations(context.run)
    found = compute_choice(run_id=run.pk, location_ids=places, part=context.arguments, config=FORECAST_CONFIG)
    with context.finish() as result:
        if found.choice is not None:
            result["series"] = write_choice(
                run_id=run.pk, location_ids=found.location_ids, sku_ids=found.sku_ids, choice=found.choice
            )


def publish_choice(context: ShardContext) -> dict[str, Any]:
    """From here on nights use it."""
    run = choice_run(context.run, context.now)
    return {"published": publish_choice_run(run_id=run.pk, now=context.now)}


def all_shards(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    """The series of the zone, cut into shards."""
    return shard_parts(location_ids=zone_locations(run))


def only_first(shards: Shards) -> Shards:
    """The same shards where the zone has no choice yet, otherwise none."""

    def cut(run: JobRun, now: datetime) -> list[dict[str, Any]]:
        chosen = newest_choice(run.time_zone)
        is_needed = chosen is None or chosen.slot == f"{run.job} {run.slot}"
        return shards(run, now) if is_needed else []

    return cut


FIRST_CHOICE_STEPS = (
    Step("learn", only_first(one_shard), learn(None)),
    Step("choose", only_first(all_shards), choose_shard),
    Step("use_choice", only_first(one_shard), publish_choice),
)
CHOOSE = Job(
    name="choose_methods",
    title=_("Weekly: train the model and choose forecast methods"),
    steps=(
        Step("train", one_shard, learn(Training())),
        Step("choose", all_shards, choose_shard),
        Step("publish", one_shard, publish_choice),
    ),
    due_slots=due_weeks,
    expected_every=timedelta(days=9),
    time_zones=forecast_zones,
)
