"""The night: closes the day, forecasts, publishes, plans and warns, once for each business date and time zone.

Each step is cut into shards by location. A shard may be done twice without harm, so a killed worker costs only time.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alerts.mails import mail_digests
from alerts.services.evaluate import evaluate_location
from config.choosing import FIRST_CHOICE_STEPS, FORECAST_CONFIG, all_shards
from config.zones import business_date, one_per_location, stocking_zones, zone_locations
from forecasting.models import ForecastRun
from forecasting.selectors.choices import newest_choice
from forecasting.services.overrides import spread_overrides
from forecasting.services.runs import open_run, publish_run, write_series
from forecasting.services.shards import forecast_shard, read_shard
from inventory.services.demand import close_days
from inventory.services.prices import write_prices
from jobs.domain.slots import Slot, night_slots
from jobs.models import JobRun
from jobs.registry import Job, ShardContext, Step, one_shard
from orders.services.auto_run import approve_by_rules
from orders.services.budget_shares import share_budgets
from orders.services.planning import plan_location


def due_nights(now: datetime) -> list[Slot]:
    return night_slots(now, stocking_zones(), settings.NIGHT_STARTS_AT_HOUR)


def _forecast_run(run: JobRun, now: datetime) -> ForecastRun:
    chosen = newest_choice(run.time_zone)
    return open_run(
        slot=run.slot, as_of=business_date(run), time_zone=run.time_zone, config=FORECAST_CONFIG, now=now,
        choice_run_id=chosen.pk if chosen else None,
    )  # fmt: skip


def _close(context: ShardContext) -> dict[str, Any]:
    location_id = context.arguments["location_id"]
    closed = close_days(location_id=location_id, through=business_date(context.run), now=context.now)
    return {"blocks": closed.block_count} if closed else {}


def _price(context: ShardContext) -> dict[str, Any]:
    """What customers paid is told for the whole firm at once, of whatever days its places have closed."""
    priced = write_prices()
    return {"blocks": priced.block_count} if priced else {}


def _forecast(context: ShardContext) -> None:
    """The result says where the time went, so that a slow night can be explained from the page of the job."""
    run = _forecast_run(context.run, context.now)
    places = zone_locations(context.run)
    clock = [perf_counter()]
    read = read_shard(run_id=run.pk, location_ids=places, part=context.arguments, config=FORECAST_CONFIG)
    clock.append(perf_counter())
    found = forecast_shard(read=read, config=FORECAST_CONFIG)
    clock.append(perf_counter())
    with context.finish() as result:
        if found.forecast is not None:
            result["series"] = write_series(
                run_id=run.pk, location_ids=found.location_ids, sku_ids=found.sku_ids, forecast=found.forecast
            )
        clock.append(perf_counter())
        for name, begins, ends in zip(("reading", "computing", "writing"), clock, clock[1:], strict=False):
            result[f"{name}_seconds"] = round(ends - begins, 3)


def _publish(context: ShardContext) -> dict[str, Any]:
    run = publish_run(run_id=_forecast_run(context.run, context.now).pk, now=context.now)
    return {"forecast_run": run.pk}


def _spread(context: ShardContext) -> dict[str, Any]:
    """What planners said in units, over the forecast that was just published."""
    return {"overrides": spread_overrides(today=business_date(context.run) + timedelta(days=1))}


def _plan(context: ShardContext) -> dict[str, Any]:
    run = _forecast_run(context.run, context.now)
    location_id = context.arguments["location_id"]
    plan = plan_location(location_id=location_id, run_id=run.pk, as_of=run.as_of, now=context.now)
    return asdict(plan)


def _share_budgets(context: ShardContext) -> dict[str, Any]:
    """The new proposals of all places together, against what may be spent."""
    return {"changed": share_budgets(now=context.now)}


def _approve(context: ShardContext) -> dict[str, Any]:
    """What the firm's own rules approve of the new proposals, before anybody is warned of what is then on order."""
    done = approve_by_rules(location_ids=zone_locations(context.run), now=context.now)
    return {"orders": done.orders, "proposals": done.proposals}


def _warn(context: ShardContext) -> dict[str, Any]:
    evaluate_location(location_id=context.arguments["location_id"], now=context.now)
    return {}


def _tell(context: ShardContext) -> dict[str, Any]:
    """One mail to each person about all that the night found, at once instead of at the next look."""
    return {"mails": mail_digests(now=context.now)}


NIGHT = Job(
    name="nightly",
    title=_("Night: forecast, proposals and alerts"),
    steps=(
        Step("close_day", one_per_location, _close),
        Step("price", one_shard, _price),
        *FIRST_CHOICE_STEPS,
        Step("forecast", all_shards, _forecast),
        Step("publish", one_shard, _publish),
        Step("spread", one_shard, _spread),
        Step("plan", one_per_location, _plan),
        Step("budgets", one_shard, _share_budgets),
        Step("approve", one_shard, _approve),
        Step("warn", one_per_location, _warn),
        Step("tell", one_shard, _tell),
    ),
    due_slots=due_nights,
    expected_every=timedelta(hours=26),
    time_zones=stocking_zones,
)
