"""What the reorder check bench measures; run by `bench.reorder_check` inside its own database."""

import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

import bench.django_ready  # noqa: F401  # sets Django up before anything that holds a model
from accounts.models import User
from accounts.services.api_keys import create_api_key
from alerts.watch import LOOK, WATCH
from bench.ledger_http import serve
from bench.ledger_world import percentile
from bench.plan_world import fill, place_ids
from bench.reorder_check import options_of
from bench.report import Row, print_rows
from forecasting.models import ForecastRun
from jobs.models import JobRun, JobShard, JobState
from jobs.services.runs import create_due_runs
from orders.models import Outcome, ReorderLevel
from orders.services.planning import plan_location

GOAL_MILLISECONDS = 5_000.0
MOST_SECONDS, POLL_SECONDS = 120.0, 0.05
PLANNERS = 2


@dataclass(frozen=True)
class Shelf:
    """Enough of a SKU at a place, so that no proposal is open; selling all of it makes one due."""

    sku_id: int
    sku: str
    location_id: int
    location: str
    on_hand: str


def plan_all(as_of: date) -> None:
    """Every shop once, in this process."""
    run = ForecastRun.objects.get()
    for place in place_ids():
        plan_location(location_id=place, run_id=run.pk, as_of=as_of, now=timezone.now())


def plan_for_ever(as_of: date, is_over: Event) -> None:
    """The plans of a night, again and again until it is over."""
    while not is_over.is_set():
        plan_all(as_of)


def world(positions: int) -> date:
    """Shops, stock and forecasts as of yesterday, all planned; what is due by the clock counts as done."""
    call_command("migrate", verbosity=0)
    as_of = timezone.now().date() - timedelta(days=1)
    fill(positions, as_of)
    create_due_runs(now=timezone.now())
    JobRun.objects.update(state=JobState.DONE, started_at=timezone.now(), finished_at=timezone.now())
    plan_all(as_of)
    return as_of


def shelves(count: int) -> list[Shelf]:
    """Well sold ones at all shops, in an order that is the same each time."""
    rows = ReorderLevel.objects.filter(
        outcome=Outcome.ENOUGH, reorder_point__gt=0, sku__levels__on_hand__gt=0, mean_daily_demand__gte=0.2
    ).extra(where=["inventory_stocklevel.location_id = orders_reorderlevel.location_id"])
    fields = ("sku_id", "sku__code", "location_id", "location__code", "sku__levels__on_hand")
    found = sorted(rows.values_list(*fields))
    chosen = random.Random(1).sample(found, min(count, len(found)))
    return [Shelf(sku_id, sku, place_id, place, str(left)) for sku_id, sku, place_id, place, left in chosen]


@contextmanager
def installation() -> Iterator[int]:
    """Web server, worker and beat; the port of the first."""
    celery = [sys.executable, "-m", "celery", "--app", "config.celery:app"]
    with tempfile.TemporaryDirectory() as state, serve() as port:
        parts = [
            [*celery, "worker", "--loglevel", "ERROR", "--concurrency", "2", "--without-gossip", "--without-mingle"],
            [*celery, "beat", "--loglevel", "ERROR", "--schedule", f"{state}/beat", "--pidfile="],
        ]
        running = [subprocess.Popen(part, env=os.environ) for part in parts]
        try:
            yield port
        finally:
            for part in running:
                part.terminate()
            for part in running:
                part.wait(60)


class Till:
    """Sells through the API, and asks it for the proposal."""

    def __init__(self, port: int, token: str) -> None:
        self._client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Api-Key {token}", "Content-Type": "application/json"}

    def seconds_until_seen(self, shelf: Shelf) -> float:
        """From the answer to the sale until a proposal is listed."""
        line = {"sku": shelf.sku, "quantity": shelf.on_hand}
        self._ask("POST", "sales/", 201, {"location": shelf.location, "lines": [line]})
        began = time.perf_counter()
        path = f"proposals/?state=open&sku={shelf.sku_id}&location={shelf.location_id}"
        while not self._ask("GET", path, 200)["results"]:
            if time.perf_counter() - began > MOST_SECONDS:
                raise RuntimeError(f"No proposal for {shelf} within {MOST_SECONDS:g} s.")
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - began

    def _ask(
        self, method: str, path: str, wanted: int, body: dict[str, object] | None = None
    ) -> dict[str, list[object]]:
        headers = {**self._headers, "Idempotency-Key": str(uuid.uuid4())}
        self._client.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
        answer = self._client.getresponse()
        text = answer.read()
        if answer.status != wanted:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        found: dict[str, list[object]] = json.loads(text)
        return found


def wait_for_looks_at_parts() -> None:
    """For its first minute and a half an installation has no look old enough to begin from, so each plans all shops."""
    while True:
        newest = JobShard.objects.filter(run__job=WATCH.name, step=LOOK, state=JobState.DONE).order_by("-pk").first()
        if newest is not None and all(place["sku_ids"] is not None for place in newest.result["places"]):
            return
        time.sleep(1)


@contextmanager
def night(as_of: date) -> Iterator[None]:
    """Two processes that plan all shops meanwhile."""
    context = get_context("spawn")
    is_over = context.Event()
    planners = [context.Process(target=plan_for_ever, args=(as_of, is_over)) for _number in range(PLANNERS)]
    for planner in planners:
        planner.start()
    try:
        yield
    finally:
        is_over.set()
        for planner in planners:
            planner.join()


def measures(positions: int, sales: int) -> Iterator[Row]:
    """At rest, then beside the plans of a night."""
    as_of = world(positions)
    user = User.objects.create_user("bench", role="administrator", sees_all_locations=True)
    _key, token = create_api_key(user=user, name="bench", now=timezone.now())
    chosen = shelves(2 * sales + 2)
    connection.close()
    with installation() as port:
        till = Till(port, token)
        for shelf in chosen[:2]:  # server and worker have loaded everything after these
            till.seconds_until_seen(shelf)
        wait_for_looks_at_parts()
        till = Till(port, token)  # the server closes a connection that says nothing for so long
        yield from _rows(positions, "at rest", [till.seconds_until_seen(shelf) for shelf in chosen[2 : sales + 2]])
        with night(as_of):
            found = [till.seconds_until_seen(shelf) for shelf in chosen[sales + 2 :]]
        yield from _rows(positions, "while a night plans all shops", found)


def _rows(positions: int, when: str, seconds: list[float]) -> Iterator[Row]:
    name = f"{positions:,}: sale to visible proposal, {when}"
    note = f"{len(seconds)} sales, at most {max(seconds):.1f} s"
    yield Row(f"{name}, p50", percentile(seconds, 0.5), "ms", None, GOAL_MILLISECONDS, note=note)
    yield Row(f"{name}, p95", percentile(seconds, 0.95), "ms", None, GOAL_MILLISECONDS)


def main() -> None:
    """Print what was measured."""
    options = options_of()
    positions, sales = (2_000, 5) if options.quick else (options.positions, options.sales)
    print_rows(measures(positions, sales), options.json)


if __name__ == "__main__":
    main()
