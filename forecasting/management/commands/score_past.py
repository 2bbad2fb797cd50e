"""Score the past weeks as they would have been forecast."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from forecasting.domain.scores import WEEK, week_end
from forecasting.engine import Config
from forecasting.management.progress import progress_bar
from forecasting.models import ScoreRun, ScoreState
from forecasting.selectors.panels import closed_zones
from forecasting.services.scores import (
    WEEKS_KEPT,
    open_score_run,
    publish_score_run,
    rebuilt_origins,
    score_shard,
    write_scores,
)
from forecasting.services.shards import shard_parts

CONFIG = Config(horizon_days=28)


class Command(BaseCommand):
    """`manage.py score_past --weeks 8`."""

    help = (
        "Fill the accuracy page for weeks before the first night: every series is forecast from what was known then, "
        "with the methods chosen then and without the global model, and compared with what came. Weeks that have "
        "scores are left alone, so it may be broken off and started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--weeks", type=int, default=8, help="how many of the last closed weeks (default 8)")

    def handle(self, *args: Any, **options: Any) -> None:
        weeks = options["weeks"]
        if not 1 <= weeks <= WEEKS_KEPT:
            raise CommandError(f"--weeks must lie between 1 and {WEEKS_KEPT}, not {weeks}.")
        zones = closed_zones()
        if not zones:
            raise CommandError("No day of demand is closed yet. The first night closes one: manage.py nightly.")
        jobs = [
            (zone, places, week_end(closed) - timedelta(days=WEEK * back))
            for zone, (places, closed) in zones.items()
            for back in reversed(range(weeks))
        ]
        show = progress_bar(self.stderr, options["verbosity"])
        for done, (zone, places, week) in enumerate(jobs):
            show("weeks", done, len(jobs))
            self._score(zone, places, week)
        show("weeks", len(jobs), len(jobs))

    def _score(self, zone: str, places: list[int], week: date) -> None:
        if ScoreRun.objects.filter(time_zone=zone, week_ends_on=week, state=ScoreState.PUBLISHED).exists():
            return
        now = timezone.now()
        run = open_score_run(
            slot=f"rebuilt {week} {zone}", week_ends_on=week, time_zone=zone, config=CONFIG, now=now, is_rebuilt=True
        )
        origins = rebuilt_origins(run, places, CONFIG)
        for part in shard_parts(location_ids=places):
            found = score_shard(run=run, location_ids=places, origin_of=origins, part=part)
            if found is not None:
                write_scores(run=run, found=found)
        publish_score_run(run_id=run.pk, now=timezone.now())
