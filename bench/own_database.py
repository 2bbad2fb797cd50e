"""Benches that need a database: one of their own, beside the one of DATABASE_URL, that is dropped at the end."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg


def measure_in(name: str, module: str, **settings: str) -> int:
    """Runs `module` with this process's arguments, in one that knows only the database `name`; its exit code."""
    base = os.environ["DATABASE_URL"]
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(urlsplit(base)._replace(path=f"/{name}")),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
        **settings,
    }
    with psycopg.connect(base, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            return subprocess.run(
                [sys.executable, "-m", module, *sys.argv[1:]], env=environment, check=False
            ).returncode
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
