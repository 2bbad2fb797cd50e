"""What the plan bench measures; run by `bench.plan` inside its own database."""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context

from django.core.management import call_command
from django.db import connection

import bench.django_ready  # noqa: F401  # sets Django up before anything that holds a model
from bench.memory import peak_megabytes
from bench.plan_world import fill, place_ids
from bench.report import Row, print_rows
from forecasting.models import ForecastRun
from inventory.models import Location, Sku
from orders.domain.plan import decide
from orders.selectors.plan_inputs import load_plan_inputs
from orders.services.planning import plan_location

AS_OF = date(2026, 3, 8)
NOW = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)
GOAL_SECONDS, GOAL_POSITIONS = 300.0, 1_000_000
MOST_MEGABYTES = 2_048.0


def plan_one(run_id: int, location_id: int) -> tuple[int, float]:
    """Proposals of one location, and the peak memory of this worker in megabytes."""
    found = plan_location(location_id=location_id, run_id=run_id, as_of=AS_OF, now=NOW)
    return found.created, peak_megabytes()


def parts_of(run_id: int, location_id: int) -> tuple[float, float, float]:
    """Seconds of reading, of deciding, and of the whole plan with its writing, for one location in this process."""
    clock = [time.perf_counter()]
    place = Location.objects.select_related("supplied_by").get(pk=location_id)
    inputs = load_plan_inputs(location=place, run_id=run_id, as_of=AS_OF, today=AS_OF + timedelta(days=1))
    clock.append(time.perf_counter())
    decide(inputs.known, inputs.sums)
    clock.append(time.perf_counter())
    plan_location(location_id=location_id, run_id=run_id, as_of=AS_OF, now=NOW)
    clock.append(time.perf_counter())
    return clock[1] - clock[0], clock[2] - clock[1], clock[3] - clock[2]


def warm(run_id: int, location_id: int) -> None:
    """What a worker does once in its life: the kernels are loaded, or compiled on the very first machine."""
    place = Location.objects.select_related("supplied_by").get(pk=location_id)
    today, some = AS_OF + timedelta(days=1), list(Sku.objects.order_by("pk").values_list("pk", flat=True)[:20])
    inputs = load_plan_inputs(location=place, run_id=run_id, as_of=AS_OF, today=today, sku_ids=some)
    decide(inputs.known, inputs.sums)


def night(count: int, workers: int) -> Iterator[Row]:
    """The plans of all locations side by side, and the same again with nothing new."""
    run = ForecastRun.objects.get()
    places = place_ids()
    warm(run.pk, places[0])
    connection.close()
    goal = GOAL_SECONDS if count == GOAL_POSITIONS else None
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ready) as pool:
        list(pool.map(warm, [run.pk] * 2 * workers, places[: 2 * workers]))
        for words in ("first night", "second night, nothing new"):
            began = time.perf_counter()
            found = list(pool.map(plan_one, [run.pk] * len(places), places))
            note = f"{sum(made for made, _peak in found):,} proposals written, {workers} workers"
            yield Row(f"{count:,}: {words}", time.perf_counter() - began, "s", goal=goal, note=note)
        yield Row(f"{count:,}: peak memory of a worker", max(peak for _made, peak in found), "MB", goal=MOST_MEGABYTES)
    reading, deciding, whole = parts_of(run.pk, places[0])
    for name, took in (("reading", reading), ("deciding", deciding), ("writing", whole - reading - deciding)):
        yield Row(f"{count:,}: {name}, one of {len(places)} locations", took, "s")


def _ready() -> None:
    """Workers import this module, which sets Django up."""


def measures(count: int, workers: int) -> Iterator[Row]:
    """Makes the world, then plans it."""
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    fill(count, AS_OF)
    yield Row(f"{count:,}: making positions and forecasts", time.perf_counter() - began, "s")
    yield from night(count, workers)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--positions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print_rows(measures(2_000 if options.quick else options.positions, options.workers), options.json)


if __name__ == "__main__":
    main()
