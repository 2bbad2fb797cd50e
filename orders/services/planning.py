"""The plan of one location: its reorder levels, and the proposals that follow from them."""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from forecasting.selectors.sums import published_run
from inventory.domain.days import local_date
from inventory.models import Location
from orders.domain.plan import decide
from orders.domain.without_forecast import without_forecast
from orders.locks import PLAN_LOCK, lock_open_emergencies, lock_open_proposals, wait_for_plans
from orders.selectors.order_calendars import calendars_at
from orders.selectors.plan_inputs import load_plan_inputs, with_order_mates
from orders.services.plan_turns import PlanFacts, write_plan


@dataclass(frozen=True)
class PlanResult:
    """What a plan did. A second run with the same facts has `created`, `changed` and `withdrawn` 0."""

    listings: int
    without_forecast: int
    created: int
    changed: int
    unchanged: int
    withdrawn: int


def plan_location(
    *,
    location_id: int,
    run_id: int,
    as_of: date,
    now: datetime,
    sku_ids: Collection[int] | None = None,
    is_check: bool = False,
) -> PlanResult:
    """Writes the reorder level of every listing and brings the open proposals in line with the need of today.

    `run_id` is the forecast to use and `as_of` the last day it saw. Everything happens in one transaction, in a number
    of statements that does not depend on the listings; the same call again, or five of them at once, leave the same
    rows.
    With `sku_ids` only these are looked at, and all others stay as they are. `is_check` says that it is no night, so
    that what changed since the last one is told from there.
    Raises Location.DoesNotExist and ForecastRun.DoesNotExist.
    """
    with _objects_kept(), transaction.atomic():
        location = Location.objects.select_related("supplied_by").get(pk=location_id)
        if sku_ids is None:
            wait_for_plans()
            _look_up_plainly()
        _lock_plans(location)
        today = max(local_date(now, location.time_zone), as_of + timedelta(days=1))
        # Locked before the positions are read: an approval under way is waited for, and what it ordered is then
        # counted.
        proposals, emergencies = lock_open_proposals(location_id, sku_ids), lock_open_emergencies(location_id, sku_ids)
        calendars = calendars_at(location, today=today, now=now)
        inputs = load_plan_inputs(
            location=location, run_id=run_id, as_of=as_of, today=today, sku_ids=sku_ids, calendars=calendars
        )
        unknown = without_forecast(inputs.unknown, calendars)
        decided = [*decide(inputs.known, inputs.sums, calendars), *unknown]
        facts = PlanFacts(
            location=location, run_id=run_id, as_of=as_of, today=today, now=now, is_check=is_check, sku_ids=sku_ids,
            open_proposals=proposals, open_emergencies=emergencies, calendars=calendars,
        )  # fmt: skip
        synced = write_plan(facts, decided)
    return PlanResult(len(decided), len(unknown), synced.created, synced.changed, synced.unchanged, synced.withdrawn)


def check_reorder(*, location_id: int, sku_ids: Collection[int] | None, now: datetime) -> PlanResult | None:
    """Plans again what has just changed, with the forecast that readers see; None before the first one is published.

    For the time between two nights: call it with the SKUs that were sold, received or ordered; None is all of them.
    """
    run = published_run(Location.objects.get(pk=location_id).time_zone)
    if run is None or (sku_ids is not None and not sku_ids):
        return None
    wanted = sku_ids if sku_ids is None else with_order_mates(location_id, sku_ids)
    return plan_location(
        location_id=location_id, run_id=run.pk, as_of=run.as_of, now=now, sku_ids=wanted, is_check=True
    )


@contextmanager
def _objects_kept() -> Iterator[None]:
    """A plan makes a hundred objects for each listing and needs nearly all of them until its end, none of them in a
    cycle: to look through them for cycles again and again took a sixth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _look_up_plainly() -> None:
    """What places have to spare is looked up by place and SKU, each once: the planner would keep what it found for the
    next time, which never comes and costs as much as the looking up."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_memoize = off")


def _lock_plans(location: Location) -> None:
    """One plan at a time of a location and of the place that supplies it, whose stock its stores share; in order of
    id."""
    places = sorted({location.pk, location.supplied_by_id or location.pk})
    with connection.cursor() as cursor:
        for place in places:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PLAN_LOCK, place])
