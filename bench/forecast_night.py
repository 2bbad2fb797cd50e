"""The forecast's night at size: demand of 730 days in PostgreSQL, forecast by several workers, written back, planned.

    bench/run forecast_night [--series 10000 100000 1000000] [--workers 2] [--quick] [--no-layout] [--json]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. For each size: blocks of demand
are made and brought in by COPY, the weekly job learns and chooses, then one night is run by so many processes as
Celery workers would: each claims a shard, computes, writes once; the run is published by one pointer, planned, watched.
The night is taken apart into its steps, and the forecast into reading, computing and writing, beside the floor: COPY
of as many rows of 28 numbers. A million series take about 20 GB of disk.
"""

import argparse
import sys

from bench.own_database import measure_in

NAME = "youhuo_bench_forecast"


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """What may be asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--series", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=int, default=500_000, help="examples that the global model is trained on")
    parser.add_argument("--no-layout", action="store_true", help="leave out the comparison of ways to keep demand")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    options_of()
    return measure_in(NAME, "bench.forecast_night_measures", OMP_NUM_THREADS="1")


if __name__ == "__main__":
    sys.exit(main())
