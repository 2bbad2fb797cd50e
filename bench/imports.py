"""The import bench: a file of a million movements in, whole or not at all, beside a plain COPY of the same rows.

    python -m bench.imports [--quick] [--json]

It makes a database of its own beside the one of DATABASE_URL and drops it at the end. --quick takes 50,000 rows.
"""

import argparse
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg

NAME = "youhuo_bench_imports"


def main() -> int:
    """Runs the measures in a process that knows only the bench's database."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
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
            command = [sys.executable, "-m", "bench.imports_measures", *sys.argv[1:]]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
