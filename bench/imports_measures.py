"""Loads the files of the import bench, each in a process of its own, and prints what it took."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

import bench.django_ready  # noqa: F401  # the settings come first
from bench.imports_world import fill, write_file
from bench.report import Row, print_rows

ROWS, QUICK_ROWS = 1_000_000, 50_000
# Loads one file like a worker does, and says what it took; the modules are those that a worker has in memory.
LOAD = """
import json, resource, sys, time
import bench.django_ready
import config.celery, config.schedule
from django.utils import timezone
from imports.domain.errors import FileRefused
from imports.services.run_import import load_file

def memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024

base, began = memory(), time.monotonic()
with open(sys.argv[1], "rb") as file:
    try:
        report = load_file(kind_name="movements", file=file, file_name="m.csv", user=None, now=timezone.now(),
                           time_zone="Europe/Paris")
        changed, refused = report.changed_count, []
    except FileRefused as error:
        changed, refused = 0, [[one.row, one.code] for one in error.errors]
print(json.dumps({"seconds": time.monotonic() - began, "mb": memory(), "base": base, "changed": changed,
                  "refused": refused}))
"""
# The same facts in a bare table, which checks nothing and serves no question.
BARE = (
    "CREATE UNLOGGED TABLE bench_bare (moment text, kind text, sku text, place text, other text, quantity numeric, "
    "price numeric, reason text, reference text)"
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    fill()
    print_rows(measure(QUICK_ROWS if options.quick else ROWS), options.json)


def measure(count: int) -> Iterator[Row]:
    """Refusals first, while the ledger is empty; then the load, then the same file again."""
    with tempfile.TemporaryDirectory() as folder:
        good = Path(folder, "good.csv")
        write_file(good, count)
        bare = copy_bare(good)
        yield Row(f"plain COPY of {count:,} rows into a bare table", count / bare, "rows/s")
        for place in (1, count // 2, count):
            yield refused_row(Path(folder, "bad.csv"), count, place)
        yield from loaded_rows(good, count, count / bare)


def refused_row(path: Path, count: int, place: int) -> Row:
    write_file(path, count, bad_row=place)
    took = load(path)
    is_right = took["refused"] == [[place + 1, "unknown_sku"]] and movement_count() == 0
    note = f"{took['seconds']:.0f} s" + ("" if is_right else f": WRONG, {took['refused'][:3]}, {took['changed']} rows")
    return Row(f"rows written of a file with a fault in row {place:,}", movement_count(), "rows", goal=0, note=note)


def loaded_rows(path: Path, count: int, reference: float) -> Iterator[Row]:
    took = load(path)
    # The goal is that of a million rows; fewer cost more each.
    goal = 120.0 if count == ROWS else None
    seconds = float(took["seconds"])
    yield Row(f"seconds to load {count:,} movements", seconds, "s", goal=goal)
    yield Row(
        "movements a second", count / seconds, "rows/s", reference, note=f"{count / seconds / reference:.1%} of COPY"
    )
    yield Row(
        "peak memory of the process", took["mb"], "MB", took["base"], 300.0, note=f"{took['base']:.0f} at its start"
    )
    yield Row("movements written", movement_count(), "rows", goal=float(count), higher=True)
    again = load(path)
    yield Row(
        "movements written by the same file again",
        movement_count() - count,
        "rows",
        goal=0.0,
        note=f"{again['seconds']:.0f} s",
    )


def load(path: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", LOAD, str(path)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def copy_bare(path: Path) -> float:
    """Seconds for nothing but the bytes."""
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        began = time.monotonic()
        with path.open("rb") as file, cursor.copy("COPY bench_bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            while piece := file.read(1024 * 1024):
                copy.write(piece)
        took = time.monotonic() - began
        cursor.execute("DROP TABLE bench_bare")
    return took


def movement_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inventory_movement")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
