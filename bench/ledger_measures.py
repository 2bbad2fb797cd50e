"""Runs the measures of the ledger bench; `bench.ledger` starts it on a database of its own."""

import bench.django_ready  # noqa: F401, I001 (first, before anything that holds a model)
import argparse
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.ledger_http import http_rows
from bench.ledger_pages import page_rows
from bench.ledger_posting import posting_rows
from bench.ledger_world import World, fill, percentile
from bench.memory import peak_megabytes
from bench.report import Row, print_rows
from inventory.selectors.ledger import ledger_rows, level_as_of
from inventory.selectors.ledger_check import check_ledger


def main() -> None:
    """Fills, measures, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    skus, movements, seconds = (10_000, 100_000, 5.0) if options.quick else (100_000, 10_000_000, 20.0)
    start = time.perf_counter()
    world = fill(skus, 20, movements)
    filled = Row(f"filled: {skus} SKUs x 20 shops, {movements} movements", time.perf_counter() - start, "s")
    print_rows([filled], options.json)
    measures: dict[str, Callable[[], Iterator[Row]]] = {
        "size": lambda: size_rows(world, movements),
        "posting": lambda: posting_rows(world, seconds),
        "http": lambda: http_rows(world, seconds),
        "pages": lambda: page_rows(world),
    }
    for name, rows in measures.items():
        if options.only in ("", name):
            print_rows(rows(), options.json)


def size_rows(world: World, movements: int) -> Iterator[Row]:
    """Questions to a big ledger."""
    start = time.perf_counter()
    results = check_ledger(now=datetime(2026, 6, 1, tzinfo=UTC))
    yield Row(f"check_ledger, {movements} movements", time.perf_counter() - start, "s", goal=300)
    yield Row("check_ledger, differences", sum(result.count for result in results), "", goal=0)
    dice = random.Random(1)
    at = datetime(2025, 3, 1, tzinfo=UTC)
    chosen = dice.sample(world.sku_ids, 200)
    times = [timed(lambda sku=sku: level_as_of(sku_id=sku, location_id=world.shop_ids[0], at=at)) for sku in chosen]  # type: ignore[misc]  # the default binds the loop's value
    yield Row("level as of any time, p95", percentile(times, 0.95), "ms", goal=50)
    pages: dict[str, Callable[[], object]] = {
        "movements, newest": lambda: ledger_rows(world.user),
        "movements of a SKU": lambda: ledger_rows(world.user, sku_id=dice.choice(world.sku_ids)),
        "movements of a rare kind": lambda: ledger_rows(world.user, kind="count"),
        "movements of a day": lambda: ledger_rows(world.user, since=date(2025, 1, 20), until=date(2025, 1, 20)),
        "movements of a shop": lambda: ledger_rows(world.user, location_id=dice.choice(world.shop_ids)),
    }
    for name, page in pages.items():
        with CaptureQueriesContext(connection) as captured:
            page()
        times = [timed(page) for _call in range(30)]
        note = f"{len(captured)} statements"
        yield Row(f"{name}, p50", percentile(times, 0.5), "ms", goal=100, note=note)
    yield Row("memory at most", peak_megabytes(), "MB", goal=1024)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
