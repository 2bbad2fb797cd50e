"""The ledger bench: posting in the service and over HTTP beside hand-written SQL, and reading at size.

    python -m bench.ledger [--quick] [--json] [--only posting|http|size|pages]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. --quick takes smaller tables and
shorter runs; figures of tables and of seconds are then not those of the goals, ratios still are.
"""

import argparse
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME = "youhuo_bench_ledger"


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", choices=["", "posting", "http", "size", "pages"])
    parser.parse_args()
    base = os.environ["DATABASE_URL"]
    address = urlunsplit(urlsplit(base)._replace(path=f"/{NAME}"))
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
    }
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            command = [sys.executable, "-m", "bench.ledger_measures", *sys.argv[1:]]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
