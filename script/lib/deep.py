"""Runs the tests of reliability at their large sizes, one after the other, and keeps what they showed.

The tests are those of every submission; only their sizes differ (`tests/sizes.py`). A budget of minutes makes a test
smaller in proportion, and the report says the size that was really run.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "reliability-report.md"
HEAD = """# What the tests of reliability showed at the size of a release

Written by `script/deep`; the same tests run small at every change. A random test is played once more by its seed:
`script/deep --only R6 --seed 123`.

| id | what | size | figure | seconds | seed | on |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Deep:
    """`sizes` replace those of `tests/sizes.py`; the one named `scaled` shrinks when the budget is below `minutes`."""

    id: str
    node: str
    minutes: float
    sizes: Mapping[str, int] = field(default_factory=dict)
    scaled: str = ""

    def sizes_within(self, minutes: float | None) -> dict[str, int]:
        chosen = dict(self.sizes)
        if minutes is not None and minutes < self.minutes and self.scaled:
            chosen[self.scaled] = max(1, int(chosen[self.scaled] * minutes / self.minutes))
        return chosen


# Minutes on two quiet cores.
TESTS = (
    Deep("R1", "tests/inventory/test_races_over_http.py::test_the_last_units_are_sold_once_each", 60,
         {"race_buyers": 200, "race_units": 10, "race_rounds": 500}, "race_rounds"),
    Deep("R2", "tests/reliability/test_pairs_of_writers.py", 8, {"pair_rounds": 20}, "pair_rounds"),
    Deep("R3", "tests/inventory/test_deadlocks.py::test_baskets_in_opposite_orders", 10,
         {"storm_clients": 32, "storm_baskets": 3_000}, "storm_baskets"),
    Deep("R4", "tests/reliability/test_writers_lock.py", 1),
    Deep("R5", "tests/reliability/test_interleaving.py", 1),
    Deep("R6", "tests/reliability/test_state_machine.py::test_acts_in_any_order", 40,
         {"machine_examples": 2_000, "machine_steps": 100}, "machine_examples"),
    Deep("R7", "tests/inventory/test_ledger_refuses_change.py", 1),
    Deep("R8", "tests/reliability/test_rebuild.py", 12, {"rebuild_movements": 10_000_000}, "rebuild_movements"),
    Deep("I1-I4", "tests/imports", 30, {"fuzz_files": 20_000, "import_kills": 10}, "fuzz_files"),
    Deep("T1-T2", "tests/reliability/test_days.py", 2, {"day_movements": 500_000}, "day_movements"),
    Deep("S3", "tests/access/test_writable_fields.py", 2),
    Deep("S4", "tests/access/test_schema_fuzz.py", 60, {"schema_examples": 1_000}, "schema_examples"),
    Deep("S5", "tests/reliability/test_repeats.py", 10, {"repeat_keys": 100, "repeat_calls": 50}, "repeat_keys"),
    Deep("feed", "tests/inventory/test_feed.py", 5, {"feed_writers": 16, "feed_postings": 500}, "feed_postings"),
)  # fmt: skip
Row = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    chosen = [test for test in TESTS if not options.only or test.id in options.only]
    if options.list:
        for test in chosen:
            print(f"{test.id:6} about {test.minutes:3.0f} min  {test.node}  {dict(test.sizes) or 'as at every change'}")
        return 0
    failed = []
    for test in chosen:
        if not (ROOT / test.node.partition("::")[0]).exists():
            print(f"{test.id}: {test.node} is not there")
            continue
        rows, is_well = _run(test, options.minutes, options.seed)
        _keep(test.id, rows)
        failed += [] if is_well else [test.id]
    print(f"script/deep: failed: {', '.join(failed)}" if failed else f"script/deep: all is well; see {REPORT.name}")
    return 1 if failed else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/deep", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="ID", choices=[test.id for test in TESTS])
    parser.add_argument("--minutes", type=float, help="at most about so many minutes for each test")
    parser.add_argument("--seed", type=int, help="the seed of an earlier run")
    parser.add_argument("--list", action="store_true", help="the tests, their sizes and how long they take")
    return parser.parse_args(arguments)


def _run(test: Deep, minutes: float | None, seed: int | None) -> tuple[list[Row], bool]:
    """What the test told, with its seconds, and whether it passed."""
    sizes = test.sizes_within(minutes)
    print(f"== {test.id}: {test.node} {sizes or ''}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "report")
        variables = {**os.environ, "DEEP": json.dumps(sizes), "DEEP_REPORT": str(told)}
        variables |= {"DEEP_SEED": str(seed)} if seed is not None else {}
        began = time.monotonic()
        command = [sys.executable, "-m", "pytest", test.node, "-q", "-s", "-p", "no:randomly"]
        is_well = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode == 0
        seconds = time.monotonic() - began
        rows = [json.loads(line) for line in told.read_text().splitlines()] if told.exists() else []
    rows = rows or [{"id": test.id, "what": test.node, "size": sizes or "as at every change", "figure": "passed"}]
    if not is_well:
        rows = [{**row, "figure": "FAILED"} for row in rows]
    return [{**row, "seconds": round(seconds)} for row in rows], is_well


def _keep(test_id: str, rows: Sequence[Row]) -> None:
    """Replaces the lines of one test in the report; those of the others stay."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    new = [_line({**row, "id": test_id, "on": f"{today}, {machine}"}) for row in rows]
    old = REPORT.read_text().splitlines() if REPORT.exists() else []
    kept = [line for line in old if line.startswith("| ") and not line.startswith((f"| {test_id} |", "| id |"))]
    order = {test.id: number for number, test in enumerate(TESTS)}
    lines = sorted([*kept, *new], key=lambda line: order.get(line.split("|")[1].strip(), len(order)))
    REPORT.write_text(HEAD + "\n".join(lines) + "\n")


def _line(row: Row) -> str:
    cells = [row["id"], row["what"], row["size"], row["figure"], row["seconds"], row.get("seed"), row["on"]]
    return "| " + " | ".join("" if cell is None else str(cell).replace("|", "/") for cell in cells) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
