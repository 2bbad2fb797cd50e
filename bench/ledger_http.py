"""The API under load: granian with two processes, 32 clients that keep their connections, all on one machine."""

import http.client
import json
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from bench.ledger_world import World, percentile
from bench.report import Row
from inventory.models import Sku

CLIENTS, PROCESSES = 32, 2


def http_rows(world: World, seconds: float) -> Iterator[Row]:
    """Receipts of one line and of a thousand, and the lists."""
    codes = list(Sku.objects.order_by("pk").values_list("code", flat=True))
    connection.close()
    with serve() as port:
        load(port, world, codes, 1, 5.0)  # both processes have loaded everything after this
        single = load(port, world, codes, 1, seconds)
        yield Row("HTTP, 1 line a call, 32 clients", len(single) / seconds, "calls/s", 29, 500, higher=True)
        yield Row("HTTP, 1 line a call, 32 clients, p95", percentile(single, 0.95), "ms", 1421, 150)
        many = load(port, world, codes, 1000, seconds)
        yield Row("HTTP, 1000 lines a call, 32 clients", 1000 * len(many) / seconds, "lines/s", 25, 10_000, higher=True)
        for name, path in LISTS.items():
            times = [ask(port, world, path) for _call in range(30)]
            yield Row(f"HTTP, {name}, one client, p50", percentile(times, 0.5), "ms", 220, 40)


LISTS = {
    "levels of a shop, 100 rows": "stock-levels/?location=SHOP7",
    "SKU search, 100 rows": "skus/?search=article%20ab",
    "low stock of a shop, 100 rows": "stock-levels/?location=SHOP7&available_below=3",
}


@contextmanager
def serve() -> Iterator[int]:
    """The port of a server on the bench's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error"]
    server = subprocess.Popen([*command, "config.wsgi:application"], env=os.environ)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    for _attempt in range(300):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/api/v1/categories/")
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def ask(port: int, world: World, path: str) -> float:
    """Seconds of one GET, connection included."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.perf_counter()
    client.request("GET", f"/api/v1/{path}", headers={"Authorization": f"Api-Key {world.token}"})
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return time.perf_counter() - start


def load(port: int, world: World, codes: list[str], size: int, seconds: float) -> list[float]:
    """Seconds of every call that the clients got through."""
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[list[float]] = context.Queue()
    arguments = (port, world.token, codes, size, seconds, answers)
    workers = [context.Process(target=_work, args=(number, *arguments)) for number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    found = [time for _worker in workers for time in answers.get()]
    for worker in workers:
        worker.join()
    return found


def _work(
    number: int,
    port: int,
    token: str,
    codes: list[str],
    size: int,
    seconds: float,
    answers: "multiprocessing.Queue[list[float]]",
) -> None:
    times: list[float] = []
    start = time.monotonic() + 0.5

    def run(thread: int) -> None:
        dice = random.Random(number * 100 + thread)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(max(start - time.monotonic(), 0))
        while time.monotonic() < start + seconds:
            times.append(_post(client, token, f"SHOP{thread + 1}", dice.sample(codes, size)))

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(CLIENTS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(times)


def _post(client: http.client.HTTPConnection, token: str, shop: str, codes: list[str]) -> float:
    body = json.dumps({"location": shop, "lines": [{"sku": code, "quantity": "1"} for code in codes]})
    headers = {
        "Authorization": f"Api-Key {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    begun = time.perf_counter()
    client.request("POST", "/api/v1/receipts/", body, headers)
    answer = client.getresponse()
    text = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {text[:300]!r}")
    return time.perf_counter() - begun
