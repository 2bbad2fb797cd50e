"""The night: closes the day, forecasts, publishes, plans and warns, once for each business date and time zone.

Each step is cut into shards by location. A shard may be done twice without harm, so a killed worker costs only time.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alerts.services.digests import send_digests
from alerts.services.evaluate import evaluate_location
from forecasting.engine import Config
from forecasting.models import ForecastRun
from forecasting.services.runs import open_run, publish_run, write_series
from forecasting.services.shards import compute_shard, shard_parts
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.services.demand import close_days
from jobs.domain.slots import Slot, night_slots
from jobs.models import JobRun
from jobs.registry import Job, ShardContext, Step, one_shard
from orders.services.planning import plan_location

FORECAST_CONFIG = Config(horizon_days=28)


def night_time_zones() -> list[str]:
    """The time zones in which we keep stock."""
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True)
    return list(places.order_by("time_zone").values_list("time_zone", flat=True).distinct())


def due_nights(now: datetime) -> list[Slot]:
    return night_slots(now, night_time_zones(), settings.NIGHT_STARTS_AT_HOUR)


def _locations(run: JobRun) -> list[int]:
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True, time_zone=run.time_zone)
    return list(places.order_by("pk").values_list("pk", flat=True))


def _one_per_location(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return [{"location_id": location_id} for location_id in _locations(run)]


def _business_date(run: JobRun) -> date:
    if run.business_date is None:
        raise ValueError(f"The night run {run.pk} has no business date.")
    return run.business_date


def _forecast_run(run: JobRun, now: datetime) -> ForecastRun:
    return open_run(slot=run.slot, as_of=_business_date(run), time_zone=run.time_zone, config=FORECAST_CONFIG, now=now)


def _close(context: ShardContext) -> dict[str, Any]:
    location_id = context.arguments["location_id"]
    closed = close_days(location_id=location_id, through=_business_date(context.run), now=context.now)
    return {"blocks": closed.block_count} if closed else {}


def _forecast_shards(run: JobRun, now: datetime) -> list[dict[str, Any]]:
    return list(shard_parts(location_ids=_locations(run)))


def _forecast(context: ShardContext) -> None:
    run = _forecast_run(context.run, context.now)
    found = compute_shard(run_id=run.pk, config=FORECAST_CONFIG, **context.arguments)
    with context.finish() as result:
        if found.forecast is not None:
            result["series"] = write_series(
                run_id=run.pk,
                location_id=context.arguments["location_id"],
                sku_ids=found.sku_ids,
                forecast=found.forecast,
            )


def _publish(context: ShardContext) -> dict[str, Any]:
    run = publish_run(run_id=_forecast_run(context.run, context.now).pk, now=context.now)
    return {"forecast_run": run.pk}


def _plan(context: ShardContext) -> dict[str, Any]:
    run = _forecast_run(context.run, context.now)
    location_id = context.arguments["location_id"]
    plan = plan_location(location_id=location_id, run_id=run.pk, as_of=run.as_of, now=context.now)
    return asdict(plan)


def _warn(context: ShardContext) -> dict[str, Any]:
    evaluate_location(location_id=context.arguments["location_id"], now=context.now)
    return {}


def _tell(context: ShardContext) -> dict[str, Any]:
    """One mail to each person about all that the night found, at once instead of at the next look."""
    return {"mails": send_digests(now=context.now)}


NIGHT = Job(
    name="nightly",
    title=_("Night: forecast, proposals and alerts"),
    steps=(
        Step("close_day", _one_per_location, _close),
        Step("forecast", _forecast_shards, _forecast),
        Step("publish", one_shard, _publish),
        Step("plan", _one_per_location, _plan),
        Step("warn", _one_per_location, _warn),
        Step("tell", one_shard, _tell),
    ),
    due_slots=due_nights,
    expected_every=timedelta(hours=26),
)
