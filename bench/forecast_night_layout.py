"""Three ways to keep daily demand, measured side by side: a row per day, an array per series, blocks of 128 days.

For each: room on the disk, reading two years of it into numpy, and what one more day costs in time and in log.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.backends.utils import CursorWrapper

from bench.report import Row
from inventory.binary_copy import Column, copy_out
from inventory.domain.blocks import BLOCK_DAYS

SERIES, DAYS = 2_000, 730
MILLION = 1_000_000
VALUES = ("sold", "lost", "in_stock")
DRAWN = "floor(random() * 5)::real AS sold, 0::real AS lost, 1::real AS in_stock"
GATHERED = ", ".join(f"array_agg({name} ORDER BY day) AS {name}" for name in VALUES)


@dataclass(frozen=True)
class Layout:
    """How it is made from the rows, read back whole, and grown by one day."""

    name: str
    make: str
    key: str
    read: str
    columns: tuple[Column, ...]
    append: str


def _padded(name: str) -> str:
    return f"({name} || array_fill(0::real, ARRAY[{BLOCK_DAYS}]))[1:{BLOCK_DAYS}]"


GROW = "UPDATE {table} SET sold = sold || 1::real, lost = lost || 0::real, in_stock = in_stock || 1::real"
LAYOUTS = (
    Layout(
        "a row per day",
        f"SELECT series, day, {DRAWN} FROM generate_series(1, {SERIES}) series, generate_series(1, {DAYS}) day",
        "series, day",
        "SELECT series, day, sold, lost, in_stock FROM {table} ORDER BY series, day",
        (Column("series", "int4"), Column("day", "int4"), *(Column(name, "float4") for name in VALUES)),
        f"INSERT INTO {{table}} SELECT series, {DAYS + 1}, 1, 0, 1 FROM generate_series(1, {SERIES}) series",
    ),
    Layout(
        "an array per series",
        f"SELECT series, {GATHERED} FROM bench_layout_0 WHERE day <= {DAYS} GROUP BY series",
        "series",
        "SELECT series, sold, lost, in_stock FROM {table} ORDER BY series",
        (Column("series", "int4"), *(Column(name, "float4", DAYS) for name in VALUES)),
        GROW,
    ),
    Layout(
        "blocks of 128 days",
        f"SELECT series, (day - 1) / {BLOCK_DAYS} AS block, {GATHERED} FROM bench_layout_0 WHERE day <= {DAYS}"
        " GROUP BY 1, 2",
        "series, block",
        f"SELECT series, block, {', '.join(_padded(name) for name in VALUES)} FROM {{table}} ORDER BY series, block",
        (Column("series", "int4"), Column("block", "int4"), *(Column(name, "float4", BLOCK_DAYS) for name in VALUES)),
        f"{GROW} WHERE block = {(DAYS - 1) // BLOCK_DAYS}",
    ),
)


def layouts() -> Iterator[Row]:
    """What each costs for a million series, reckoned from a few thousand."""
    with connection.cursor() as cursor:
        for number, layout in enumerate(LAYOUTS):
            yield from _measure(cursor, layout, f"bench_layout_{number}")
        for number in range(len(LAYOUTS)):
            cursor.execute(f"DROP TABLE bench_layout_{number}")


def _measure(cursor: CursorWrapper, layout: Layout, table: str) -> Iterator[Row]:
    times = MILLION / SERIES
    cursor.execute(f"CREATE TABLE {table} AS {layout.make}")
    cursor.execute(f"CREATE UNIQUE INDEX ON {table} ({layout.key})")
    cursor.execute(f"VACUUM ANALYZE {table}")
    cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
    yield Row(f"{layout.name}: disk of a million series", cursor.fetchone()[0] * times / 1e9, "GB")
    began = time.perf_counter()
    found = copy_out(cursor, layout.read.format(table=table), [], layout.columns)
    yield Row(f"{layout.name}: reading a million series", (time.perf_counter() - began) * times, "s")
    if float(np.sum(found["in_stock"])) != SERIES * DAYS:
        raise AssertionError(f"{layout.name} did not give back what was put in.")
    cursor.execute("CHECKPOINT")
    cursor.execute("SELECT pg_current_wal_insert_lsn()")
    before = cursor.fetchone()[0]
    began = time.perf_counter()
    cursor.execute(layout.append.format(table=table))
    took = time.perf_counter() - began
    cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before])
    log = float(cursor.fetchone()[0])
    yield Row(
        f"{layout.name}: one more day of a million series", took * times, "s", note=f"{log * times / 1e9:.1f} GB of log"
    )
