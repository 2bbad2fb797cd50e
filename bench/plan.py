"""The plan bench: a night's proposals for every position, from published quantiles.

    python -m bench.plan [--positions 100000] [--workers 2] [--quick] [--json]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. 20 shops; each position has a
published forecast of 28 days and 9 sums x 11 quantiles, stock, and one of 20 suppliers with a learned lead time; the
locations are planned by several workers, as in the night. A million positions take about 3 GB of disk.
"""

import argparse
import sys

from bench.own_database import measure_in

NAME = "youhuo_bench_plan"


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--positions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="2,000 positions")
    parser.add_argument("--json", action="store_true")
    parser.parse_args()
    return measure_in(NAME, "bench.plan_measures", OMP_NUM_THREADS="1")


if __name__ == "__main__":
    sys.exit(main())
