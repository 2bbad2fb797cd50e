"""Test the forecast on the shop's own past, beside simple methods."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from forecasting.engine.backtest import Score, run_backtest
from forecasting.engine.boosted.training import Training
from forecasting.engine.rivals import has_statsforecast
from forecasting.engine.trial import SCORED, Trial
from forecasting.management.progress import progress_bar
from forecasting.selectors.choices import kinds_told_apart
from forecasting.selectors.panels import closed_zones, load_panel, sampled_skus

LEAST_DAYS = 56


class Command(BaseCommand):
    """`manage.py backtest --horizon 14 --origins 4`."""

    help = (
        "Forecast the past as it stood at several origins and compare with what came: pinball loss of the sum over the "
        "horizon, coverage, bias and WAPE, beside seasonal naive, the 28-day average and, where it is installed, "
        "statsforecast's methods. Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--horizon", type=int, default=14, help="days of the sum (default 14)")
        parser.add_argument("--origins", type=int, default=4, help="how many, one horizon apart (default 4)")
        parser.add_argument("--series", type=int, default=500, help="at most so many series, drawn by chance")
        parser.add_argument("--zone", help="time zone of the locations; default: the one with most of them")
        parser.add_argument("--no-model", action="store_true", help="leave out the global model")
        parser.add_argument("--no-statsforecast", action="store_true", help="leave out statsforecast's methods")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        trial = self._trial(options)
        training = None if options["no_model"] else Training()
        theirs = has_statsforecast() and not options["no_statsforecast"]
        if not options["json"]:
            self.stdout.write(f"{trial.name}; loss is pinball / usual change of the sum, mean of {SCORED}.")
            self.stdout.write(
                f"{'method':24s} {'loss':>8s} {'coverage .90/.95/.98':>22s} {'bias':>8s} {'WAPE':>7s}  gain"
            )
        naive: Score | None = None
        for found in run_backtest(trial, training, theirs, progress_bar(self.stderr, options["verbosity"])):
            naive = naive or found
            self._show(found, naive, options["json"])
        if not theirs and not options["no_statsforecast"]:
            self.stderr.write("statsforecast is not installed: pip install statsforecast to see its methods too.")

    def _trial(self, options: dict[str, Any]) -> Trial:
        horizon, origins = options["horizon"], options["origins"]
        if min(horizon, origins, options["series"]) < 1:
            raise CommandError("--horizon, --origins and --series must be at least 1.")
        zones = closed_zones()
        zone = options["zone"] or next(iter(zones), None)
        if zone not in zones:
            known = ", ".join(zones) or "none yet: the first night has to close a day before there is a past to test on"
            raise CommandError(f"No closed days of demand in the time zone {zone!r}. Zones with demand: {known}.")
        location_ids, as_of = zones[zone]
        skus = sampled_skus(location_ids, options["series"], "backtest")
        kinds = () if options["no_model"] else kinds_told_apart(location_ids)
        series = load_panel(location_ids=location_ids, sku_ids=skus, as_of=as_of, horizon_days=horizon, kinds=kinds)
        days = series.panel.n_days if series.count else 0
        if days - horizon * origins < LEAST_DAYS:
            raise CommandError(
                f"There are {days} days of demand; {origins} origins of {horizon} days need at least "
                f"{LEAST_DAYS + horizon * origins}. Ask for fewer origins or a shorter horizon."
            )
        starts = tuple(days - horizon * k for k in range(origins, 0, -1))
        name = f"{series.count} series of {zone} through {as_of}, {origins} origins, sums of {horizon} days"
        return Trial(name, series.asked(), starts, horizon)

    def _show(self, found: Score, naive: Score, as_json: bool) -> None:
        gain, low, high = found.gain_over(naive)
        if as_json:
            values = {"name": found.name, "loss": found.pinball, "bias": found.bias, "wape": found.wape}
            values |= {"coverage": dict(zip(map(str, SCORED), found.coverage.tolist(), strict=True))}
            self.stdout.write(json.dumps(values | {"gain": gain, "gain_interval": [low, high]}))
            return
        covered = "/".join(f"{100 * c:.1f}" for c in found.coverage[2:])
        told = "" if found is naive else f"{gain:.1%} [{low:.1%}, {high:.1%}] under {naive.name}"
        self.stdout.write(
            f"{found.name:24s} {found.pinball:8.4f} {covered:>22s} {found.bias:+8.1%} {found.wape:7.3f}  {told}"
        )
