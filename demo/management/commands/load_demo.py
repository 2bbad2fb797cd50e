"""manage.py load_demo: a year of six shops and their warehouse, all of it or nothing."""

import json
import os
import secrets
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo.domain.grocery import DAYS
from demo.errors import NotEmpty
from demo.services.loading import load_demo
from demo.services.people import LOGINS
from inventory.domain.days import known_zones

# Where the source's shops are; used when the machine's clock tells no place.
HOME_TIME_ZONE = "America/New_York"
NO_PLACE = {"UTC", "Etc/UTC", "UCT", "Etc/UCT", "GMT", "Etc/GMT", "Universal", "Zulu"}


class Command(BaseCommand):
    help = "Loads the demo: real sales of 2017, replayed so that the last day is yesterday. Needs an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are SKUs already")
        parser.add_argument("--password", help="of all demo logins; default: DEMO_PASSWORD, else a new one")
        parser.add_argument("--time-zone", help="of the shops; default: the machine's, else New York")
        parser.add_argument("--last-day", type=date.fromisoformat, help="last day of sales; default: yesterday")
        parser.add_argument("--days", type=int, default=DAYS, help="length of the replay; default: a year")
        parser.add_argument("--seed", type=int, default=1, help="another number gives another year")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        zone = options["time_zone"] or local_time_zone()
        if zone not in known_zones():
            raise CommandError(f"--time-zone {zone} is not known: give a name such as Europe/Berlin.")
        yesterday = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        last_day = options["last_day"] or yesterday
        if last_day > yesterday:
            raise CommandError(f"--last-day must be {yesterday} or earlier: the demo's year lies in the past.")
        password = options["password"] or os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(12)
        try:
            load_demo(
                last_day=last_day,
                days=days_of(options["days"]),
                time_zone=zone,
                currency=settings.DEFAULT_CURRENCY,
                seed=options["seed"],
                password=password,
                now=now,
                say=self.stdout.write,
            )
        except NotEmpty as refusal:
            if not options["if_empty"]:
                raise CommandError(refusal.message) from refusal
            self.stdout.write(refusal.message)
            return
        note_logins(settings.STATE_DIR, password)


def days_of(value: int) -> int:
    """A replay needs a few weeks to fill the pipeline, and the source has one year."""
    if not 14 <= value <= DAYS:
        raise CommandError(f"--days must be from 14 to {DAYS}.")
    return value


def local_time_zone() -> str:
    """The zone of this machine's clock, if it names a place."""
    name = os.environ.get("TZ", "") or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return name if name in known_zones() and name not in NO_PLACE else HOME_TIME_ZONE


def note_logins(folder: Path, password: str) -> None:
    """Keep the logins where script/up finds them, readable only by the owner."""
    logins = [{"username": login.username, "password": password, "role": str(login.role.label)} for login in LOGINS]
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "demo_logins.json"
    note.unlink(missing_ok=True)
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump(logins, output, indent=1)
