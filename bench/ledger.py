"""The ledger bench: posting in the service and over HTTP beside hand-written SQL, and reading at size.

    python -m bench.ledger [--quick] [--json] [--only posting|http|size|pages]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. --quick takes smaller tables and
shorter runs; figures of tables and of seconds are then not those of the goals, ratios still are.
"""

import argparse
import sys

from bench.own_database import measure_in

NAME = "youhuo_bench_ledger"


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", choices=["", "posting", "http", "size", "pages"])
    parser.parse_args()
    return measure_in(NAME, "bench.ledger_measures")


if __name__ == "__main__":
    sys.exit(main())
