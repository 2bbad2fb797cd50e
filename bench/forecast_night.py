"""The forecast's night at size: demand of 730 days in PostgreSQL, forecast by several workers, written back.

    python -m bench.forecast_night [--series 10000 100000] [--workers 2] [--quick] [--json]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. For each size: blocks of demand
are made and brought in by COPY, the weekly job learns and chooses, then one night is taken apart into reading,
computing and writing, beside the floor: COPY of as many rows of 28 numbers. A million series take about 15 GB of disk.
"""

import argparse
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME = "youhuo_bench_forecast"


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--series", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.parse_args()
    base = os.environ["DATABASE_URL"]
    address = urlunsplit(urlsplit(base)._replace(path=f"/{NAME}"))
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR", "OMP_NUM_THREADS": "1"}
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            command = [sys.executable, "-m", "bench.forecast_night_measures", *sys.argv[1:]]
            environment = {**os.environ, **settings, "DATABASE_URL": address}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
