"""Forecast a parquet file of demand into a parquet file of quantiles; no database needed."""

import signal
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forecasting.engine.config import DEFAULT_LEVELS
from forecasting.engine.errors import ConfigError, FileError, PanelError
from forecasting.engine.file import FileJob, forecast_file
from forecasting.management.progress import progress_bar

STOPPED = 130  # as shells report a program that Ctrl-C ended
LEAST_LEVEL = 0.0001


class Command(BaseCommand):
    """`manage.py forecast_file IN.parquet OUT.parquet --horizon 14`."""

    help = (
        "Forecast every series of IN (columns series, date, quantity; optional in_stock, promotion, price, x_...) and "
        "write mean and quantiles of the SUM of demand over the next N periods to OUT, one row per series."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="IN.parquet")
        parser.add_argument("target", type=Path, metavar="OUT.parquet")
        parser.add_argument("--horizon", type=int, required=True, help="periods to sum over")
        parser.add_argument("--freq", choices=("D", "W", "M"), help="length of a period; default: found from the dates")
        parser.add_argument("--quantiles", type=_levels, default=DEFAULT_LEVELS, help="for example 0.05,0.5,0.95,0.99")
        parser.add_argument(
            "--future",
            type=Path,
            metavar="FUTURE.parquet",
            help="series, date, and promotion, price or drivers known ahead",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job = FileJob(
            source=options["source"], target=options["target"], horizon=options["horizon"],
            levels=options["quantiles"], frequency=options["freq"], future=options["future"],
        )  # fmt: skip
        signal.signal(signal.SIGTERM, _stop)
        try:
            count = forecast_file(job, progress_bar(self.stderr, options["verbosity"]))
        except (FileError, PanelError, ConfigError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped; nothing was written.", returncode=STOPPED) from error
        self.stdout.write(f"{count} series written to {job.target}.")


def _stop(_number: int, _frame: object) -> None:
    """The end of the process goes the way of Ctrl-C, which clears up."""
    raise KeyboardInterrupt


def _levels(text: str) -> tuple[float, ...]:
    try:
        levels = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no list of levels like 0.05,0.5,0.95") from error
    if list(levels) != sorted(set(levels)) or not LEAST_LEVEL <= levels[0] <= levels[-1] <= 1 - LEAST_LEVEL:
        raise ArgumentTypeError(
            f"{text!r}: levels ascend and lie from {LEAST_LEVEL:g} to {1 - LEAST_LEVEL:g}, like 0.05,0.5,0.95"
        )
    return levels
