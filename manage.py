#!/usr/bin/env python
"""Command line entry point of the Django project."""

import os
import sys

from django.core.management import execute_from_command_line

# From files to files: these run where nothing has been set up, so what they never touch gets a placeholder.
FILE_COMMANDS = {"forecast_file", "vn2"}
PLACEHOLDERS = {
    "SECRET_KEY": "nothing is signed by a command that reads and writes files",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if FILE_COMMANDS & set(sys.argv[1:2]):
        for name, value in PLACEHOLDERS.items():
            os.environ.setdefault(name, value)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
