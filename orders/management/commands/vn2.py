"""The next order of the VN2 inventory planning challenge, from files alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from forecasting.engine import FileError
from forecasting.engine.boosted.training import train
from orders.domain.vn2 import CONFIG, TRAINING, foresee, next_order, smooth
from orders.domain.vn2_files import read_panel, read_state, write_orders


class Command(BaseCommand):
    """`manage.py vn2 --history HISTORY.parquet --state STATE.csv --out ORDERS.csv`."""

    help = (
        "Reads the weekly sales so far and the stock on hand and in transit, and writes what to order now for delivery "
        "three weeks later (columns Store, Product, quantity). Needs no database and uses nothing but the files named. "
        "Play it week by week: add the week's sales to the history, bring the state up to date, run it again."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--history", type=Path, required=True, help="Store, Product, week, sales, in_stock")
        parser.add_argument("--state", type=Path, required=True, help="End Inventory, In Transit W+1 and W+2")
        parser.add_argument("--out", type=Path, required=True, help="the CSV file to write")
        parser.add_argument("--master", type=Path, help="CSV of attributes; its Department lets series learn together")
        parser.add_argument("--no-model", action="store_true", help="leave out the global model: seconds, not a minute")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            state = read_state(options["state"])
            panel = read_panel(options["history"], state.keys, options["master"])
            asked = panel.rows(slice(0, len(state.keys)))
            model = None if options["no_model"] else train(smooth(panel), CONFIG, TRAINING)
            seen = foresee(panel, model).rows(len(state.keys))
            quantities = next_order(asked, seen, state.pipeline)
            write_orders(options["out"], state.keys, quantities)
        except FileError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['out']} cannot be written: {error}.") from None
        self.stdout.write(
            f"{len(state.keys):,} series after {panel.n_days} weeks: {int(np.sum(quantities)):,} units ordered "
            f"in {int((quantities > 0).sum()):,} lines."
        )
