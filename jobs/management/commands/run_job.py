"""Runs a job here and now, or helps the worker that is already at it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobs.errors import UnknownJob
from jobs.management.inline import add_slot_arguments, chosen_slots, run_slots
from jobs.registry import find_job


class Command(BaseCommand):
    help = "Runs a job until its run is finished. Safe beside workers and beside itself: each piece is done once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        add_slot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = find_job(options["name"])
        except UnknownJob as error:
            raise CommandError(error.message) from None
        slots = chosen_slots(job, options, timezone.now())
        if not slots:
            raise CommandError(f"Nothing of {job.name} is due.")
        for run in run_slots(job, slots):
            self.stdout.write(f"{run}: {run.state} {json.dumps(run.result)}")
