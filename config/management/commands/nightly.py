"""`manage.py nightly [--date] [--zone]`: the night of each time zone, here and now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from config.night import NIGHT
from jobs.management.inline import add_slot_arguments, chosen_slots, run_slots


class Command(BaseCommand):
    help = "Closes the day, forecasts, plans and warns. Safe beside workers and beside itself: each piece is done once."

    def add_arguments(self, parser: CommandParser) -> None:
        add_slot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        slots = chosen_slots(NIGHT, options, timezone.now())
        if not slots:
            self.stdout.write("There is no store or warehouse yet, so there is no night to run.")
            return
        for run in run_slots(NIGHT, slots):
            for step in NIGHT.steps:
                found = ", ".join(f"{name} {value}" for name, value in run.result.get(step.name, {}).items())
                self.stdout.write(f"{run} {step.name}: {found or 'nothing to do'}")
