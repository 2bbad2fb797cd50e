"""What the night bench measures; run by `bench.forecast_night` inside its own database."""

import argparse
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import connection

import bench.django_ready  # noqa: F401  # sets Django up before anything that holds a model
from bench.forecast_night_world import AS_OF, ZONE, fill, place_ids
from bench.report import Row, print_rows
from config.choosing import FORECAST_CONFIG
from forecasting.engine.boosted.training import Training
from forecasting.services.choices import open_choice_run, publish_choice_run, save_learned, write_choice
from forecasting.services.runs import open_run, publish_run, write_series
from forecasting.services.shards import compute_choice, forecast_shard, learn_from_sample, read_shard, shard_parts
from inventory.binary_copy import Column, copy_in

NOW = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)
GOALS = {100_000: 180.0, 1_000_000: 1_800.0}  # seconds
MOST_MEGABYTES = 2_048.0


@dataclass(frozen=True)
class Parts:
    """Seconds of one shard and the peak memory of its process so far."""

    reading: float
    computing: float
    writing: float
    megabytes: float


def forecast_one(run_id: int, arguments: dict[str, Any]) -> Parts:
    """One shard of the night, in a worker."""
    clock = [time.perf_counter()]
    read = read_shard(run_id=run_id, location_ids=place_ids(), config=FORECAST_CONFIG, **arguments)
    clock.append(time.perf_counter())
    found = forecast_shard(read=read, config=FORECAST_CONFIG)
    clock.append(time.perf_counter())
    if found.forecast is not None:
        write_series(run_id=run_id, location_ids=found.location_ids, sku_ids=found.sku_ids, forecast=found.forecast)
    clock.append(time.perf_counter())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Parts(clock[1] - clock[0], clock[2] - clock[1], clock[3] - clock[2], peak)


def choose_one(run_id: int, arguments: dict[str, Any]) -> int:
    """One shard of the weekly choice, in a worker."""
    found = compute_choice(run_id=run_id, location_ids=place_ids(), config=FORECAST_CONFIG, **arguments)
    if found.choice is None:
        return 0
    return write_choice(run_id=run_id, location_ids=found.location_ids, sku_ids=found.sku_ids, choice=found.choice)


def weekly(pool: ProcessPoolExecutor, count: int, training: Training) -> Iterator[Row]:
    """Trains, chooses, publishes: the fixed cost, and the growing one."""
    began = time.perf_counter()
    run = open_choice_run(slot=f"bench {count}", as_of=AS_OF, time_zone=ZONE, config=FORECAST_CONFIG, now=NOW)
    learned, series = learn_from_sample(
        as_of=AS_OF, location_ids=place_ids(), seed="bench", config=FORECAST_CONFIG, training=training
    )
    save_learned(run_id=run.pk, learned=learned, series=series)
    yield Row(f"{count:,}: weekly, training on {series:,} series", time.perf_counter() - began, "s", None, 180.0)
    began = time.perf_counter()
    parts = shard_parts(location_ids=place_ids())
    list(pool.map(choose_one, [run.pk] * len(parts), parts))
    publish_choice_run(run_id=run.pk, now=NOW)
    yield Row(f"{count:,}: weekly, choice of methods", time.perf_counter() - began, "s")


def night(pool: ProcessPoolExecutor, count: int, workers: int) -> Iterator[Row]:
    """One night, whole and by parts."""
    choice = open_choice_run(slot=f"bench {count}", as_of=AS_OF, time_zone=ZONE, config=FORECAST_CONFIG, now=NOW)
    began = time.perf_counter()
    run = open_run(
        slot=f"bench {count}", as_of=AS_OF, time_zone=ZONE, config=FORECAST_CONFIG, now=NOW, choice_run_id=choice.pk
    )
    parts = shard_parts(location_ids=place_ids())
    found = list(pool.map(forecast_one, [run.pk] * len(parts), parts))
    publish_run(run_id=run.pk, now=NOW)
    took, floor = time.perf_counter() - began, copy_floor(count)
    note = f"{len(parts)} shards, {workers} workers, floor {floor:.1f} s"
    yield Row(f"{count:,}: the night, demand to published forecast", took, "s", floor, GOALS.get(count), note=note)
    for name in ("reading", "computing", "writing"):
        yield Row(f"{count:,}: of it {name}, summed over workers", sum(getattr(p, name) for p in found), "s")
    yield Row(f"{count:,}: peak memory of a worker", max(p.megabytes for p in found), "MB", None, MOST_MEGABYTES)


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


def measures(sizes: list[int], workers: int, training: Training) -> Iterator[Row]:
    """All sizes, ascending; the tables grow from one to the next."""
    call_command("migrate", verbosity=0)
    for count in sorted(sizes):
        began = time.perf_counter()
        fill(count)
        yield Row(f"{count:,}: making demand of 768 days", time.perf_counter() - began, "s")
        connection.close()
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ready) as pool:
            yield from weekly(pool, count, training)
            yield from night(pool, count, workers)


def _ready() -> None:
    """Workers import this module, which sets Django up."""


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sizes, training = ([2_000], Training(rows=10_000)) if options.quick else (options.series, Training())
    print_rows(measures(sizes, options.workers, training), options.json)


if __name__ == "__main__":
    main()
