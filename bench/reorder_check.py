"""The reorder check bench: seconds from a sale through the API until the proposal it makes due is seen through the API.

    python -m bench.reorder_check [--positions 20000] [--sales 50] [--quick] [--json]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end, and takes an empty database of
the server of REDIS_URL as broker. Web server, worker and beat are those of an installation, with their usual settings.
20 shops with published forecasts, all planned; each sale empties a shelf that held enough. First at rest, then while
two processes plan all shops again and again, as a night does.
"""

import argparse
import os
import sys
from urllib.parse import urlsplit, urlunsplit

import redis

from bench.own_database import measure_in

NAME = "youhuo_bench_reorder_check"
BROKERS = range(15, 0, -1)


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    """What may be asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--positions", type=int, default=20_000)
    parser.add_argument("--sales", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="2,000 positions, 5 sales")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def main() -> int:
    """Runs the measures in a process that knows only the bench's database and broker."""
    options_of()
    address = _empty_broker(os.environ["REDIS_URL"])
    try:
        return measure_in(NAME, "bench.reorder_check_measures", OMP_NUM_THREADS="1", REDIS_URL=address, DEMO="0")
    finally:
        redis.Redis.from_url(address).flushdb()


def _empty_broker(base: str) -> str:
    """An address of the same server, of a database in which there is nothing."""
    for number in BROKERS:
        address = urlunsplit(urlsplit(base)._replace(path=f"/{number}"))
        if not redis.Redis.from_url(address).dbsize():
            return address
    raise RuntimeError("The server of REDIS_URL has no empty database.")


if __name__ == "__main__":
    sys.exit(main())
