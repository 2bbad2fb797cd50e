"""What the night bench measures; run by `bench.forecast_night` inside its own database."""

import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

import bench.django_ready  # noqa: F401  # sets Django up before anything that holds a model
from bench.forecast_night import options_of
from bench.forecast_night_layout import layouts
from bench.forecast_night_world import AS_OF, DAY, ZONE, fill, place_ids, supply
from bench.memory import peak_megabytes
from bench.report import Row, print_rows
from config.choosing import FORECAST_CONFIG
from config.night import NIGHT
from forecasting.engine.boosted.training import Training
from forecasting.services.choices import open_choice_run, publish_choice_run, save_learned, write_choice
from forecasting.services.shards import compute_choice, learn_from_sample, shard_parts
from inventory.binary_copy import Column, copy_in
from jobs.domain.slots import slot_of_night
from jobs.models import JobRun, JobShard, JobState
from jobs.services.runner import run_inline
from jobs.services.runs import get_or_create_run

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
# Seconds from demand to published forecast, and from there to proposals and alerts with the megabytes of a worker.
GOALS = {100_000: 180.0, 1_000_000: 1_800.0}
WHOLE_GOALS = {10_000: (10.0, 1_024.0)}
MOST_MEGABYTES = 2_048.0
FORECAST_STEPS = ("close_day", "price", "forecast", "publish")
DECIDING_STEPS = ("forecast", "publish", "spread", "plan", "warn")


@dataclass(frozen=True)
class Effort:
    """Processor seconds of a worker and its peak memory, its imports included."""

    processor: float
    megabytes: float


def work(run_offset: float, day: str) -> Effort:
    """A worker's part of the night: claims shards until the run is finished."""
    began = _processor()
    offset = timedelta(seconds=run_offset)
    slot = slot_of_night(datetime.fromisoformat(day).date(), ZONE)
    run = run_inline(job=NIGHT, slot=slot, clock=lambda: timezone.now() + offset)
    if run.state != JobState.DONE:
        raise RuntimeError(f"The night failed: {run.error}")
    return Effort(_processor() - began, peak_megabytes())


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def choose_one(run_id: int, arguments: dict[str, Any]) -> int:
    """One shard of the weekly choice, in a worker."""
    found = compute_choice(run_id=run_id, location_ids=place_ids(), part=arguments, config=FORECAST_CONFIG)
    if found.choice is None:
        return 0
    return write_choice(run_id=run_id, location_ids=found.location_ids, sku_ids=found.sku_ids, choice=found.choice)


def weekly(pool: ProcessPoolExecutor, count: int, training: Training) -> Iterator[Row]:
    """Trains, chooses, publishes: the fixed cost, and the growing one."""
    began = time.perf_counter()
    run = open_choice_run(slot=f"bench {count}", as_of=AS_OF, time_zone=ZONE, config=FORECAST_CONFIG, now=NOW)
    lesson = learn_from_sample(
        as_of=AS_OF, location_ids=place_ids(), seed="bench", config=FORECAST_CONFIG, training=training
    )
    save_learned(
        run_id=run.pk, learned=lesson.learned, series=lesson.series, effects=lesson.effects, kinds=lesson.kinds
    )
    yield Row(f"{count:,}: weekly, training on {lesson.series:,} series", time.perf_counter() - began, "s", None, 180.0)
    began = time.perf_counter()
    parts = shard_parts(location_ids=place_ids())
    list(pool.map(choose_one, [run.pk] * len(parts), parts))
    publish_choice_run(run_id=run.pk, now=NOW)
    yield Row(f"{count:,}: weekly, choice of methods", time.perf_counter() - began, "s")


def night(pool: ProcessPoolExecutor, count: int, workers: int, day_number: int) -> Iterator[Row]:
    """One night, whole and by parts."""
    day = DAY + timedelta(days=day_number)
    offset = (NOW + timedelta(days=day_number) - timezone.now()).total_seconds()
    run = get_or_create_run(job=NIGHT, slot=slot_of_night(day, ZONE), now=timezone.now() + timedelta(seconds=offset))
    efforts = list(pool.map(work, [offset] * workers, [day.isoformat()] * workers))
    run.refresh_from_db()
    floor, steps = copy_floor(count), _steps(run)
    result = run.result["forecast"]
    note = f"{result['shards']} shards, {workers} workers, floor {floor:.1f} s"
    took, peak = _took(steps, FORECAST_STEPS), max(effort.megabytes for effort in efforts)
    yield Row(f"{count:,}: the night, demand to published forecast", took, "s", floor, GOALS.get(count), note=note)
    for part in ("reading", "computing", "writing"):
        yield Row(f"{count:,}: of it {part}, summed over workers", result[f"{part}_seconds"], "s")
    goal, most = WHOLE_GOALS.get(count, (None, MOST_MEGABYTES))
    told = f"{run.result['plan']['created']:,} proposals"
    deciding = _took(steps, DECIDING_STEPS)
    yield Row(f"{count:,}: forecast to written proposals and alerts", deciding, "s", None, goal, note=told)
    for name, (began, ended) in steps.items():
        yield Row(f"{count:,}: step {name}", (ended - began).total_seconds(), "s")
    yield Row(f"{count:,}: processor time of the workers", sum(effort.processor for effort in efforts), "s")
    yield Row(f"{count:,}: peak memory of a worker", peak, "MB", None, most)


def _steps(run: JobRun) -> dict[str, tuple[datetime, datetime]]:
    """When the first shard of each step began and the last one ended, in the order of the night."""
    rows = JobShard.objects.filter(run=run).values("step_index", "step").order_by("step_index")
    timed = rows.annotate(began=Min("started_at"), ended=Max("finished_at"))
    return {row["step"]: (row["began"], row["ended"]) for row in timed}


def _took(steps: dict[str, tuple[datetime, datetime]], names: tuple[str, ...]) -> float:
    found = [steps[name] for name in names if name in steps]
    return (max(ended for _began, ended in found) - min(began for began, _ended in found)).total_seconds()


def copy_floor(count: int) -> float:
    """Seconds to bring in as many rows of 28 numbers by binary COPY, and nothing else."""
    rows: dict[str, np.ndarray] = {"id": np.arange(count), "mean": np.ones((count, 28), np.float32)}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_floor (id bigint, mean real[])")
        began = time.perf_counter()
        copy_in(cursor, "bench_floor", [Column("id", "int8"), Column("mean", "float4", 28)], rows)
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_floor")
    return took


def measures(sizes: list[int], workers: int, training: Training, with_layout: bool) -> Iterator[Row]:
    """All sizes, ascending; the tables grow from one to the next, and each has a night of its own."""
    call_command("migrate", verbosity=0)
    if with_layout:
        yield from layouts()
    for number, count in enumerate(sorted(sizes)):
        began = time.perf_counter()
        fill(count)
        supply(number)
        yield Row(f"{count:,}: making demand of 768 days", time.perf_counter() - began, "s")
        connection.close()
        # The weekly job has workers of its own, so that the memory of the night is the night's.
        with _pool(workers) as pool:
            yield from weekly(pool, count, training)
        with _pool(workers) as pool:
            yield from night(pool, count, workers, number)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ready)


def _ready() -> None:
    """Workers import this module, which sets Django up."""


def main() -> None:
    """Print what was measured."""
    options = options_of()
    sizes, rows = ([2_000], 10_000) if options.quick else (options.series, options.rows)
    print_rows(measures(sizes, options.workers, Training(rows=rows), not options.no_layout), options.json)


if __name__ == "__main__":
    main()
