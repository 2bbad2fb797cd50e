"""The API under load: granian with two processes, 32 clients that keep their connections, all on one machine."""

import http.client
import multiprocessing
import os
import random
import re
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
        client = LightClient(port, token)
        time.sleep(max(start - time.monotonic(), 0))
        while time.monotonic() < start + seconds:
            times.append(client.post(f"SHOP{thread + 1}", dice.sample(codes, size)))

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(CLIENTS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(times)


class LightClient:
    """One connection that says as little as HTTP asks: what a client computes is taken from the server beside it."""

    def __init__(self, port: int, token: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = (
            f"POST /api/v1/receipts/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Api-Key {token}\r\n"
            "Content-Type: application/json\r\n"
        )

    def post(self, shop: str, codes: list[str]) -> float:
        """Seconds of one receipt, from its first byte to the last of its answer."""
        lines = ",".join(f'{{"sku":"{code}","quantity":"1"}}' for code in codes)
        body = f'{{"location":"{shop}","lines":[{lines}]}}'
        key = uuid.uuid4()
        request = f"{self.head}Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        begun = time.perf_counter()
        self.socket.sendall(request)
        answer = self._answer()
        if not answer.startswith(b"HTTP/1.1 201 "):
            raise RuntimeError(repr(answer[:600]))
        return time.perf_counter() - begun

    def _answer(self) -> bytes:
        got = self.socket.recv(65536)
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _separator, _body = got.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        if length is None:
            raise RuntimeError(f"An answer without a length: {head!r}")
        whole = len(head) + 4 + int(length.group(1))
        while len(got) < whole:
            got += self._more()
        return got

    def _more(self) -> bytes:
        got = self.socket.recv(65536)
        if not got:
            raise RuntimeError("The server closed the connection in the middle of an answer.")
        return got
