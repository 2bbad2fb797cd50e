"""The import bench: a file of a million movements in, whole or not at all, beside a plain COPY of the same rows.

    python -m bench.imports [--quick] [--json]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. --quick takes 50,000 rows.
"""

import argparse
import sys

from bench.own_database import measure_in

NAME = "youhuo_bench_imports"


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.parse_args()
    return measure_in(NAME, "bench.imports_measures")


if __name__ == "__main__":
    sys.exit(main())
