"""`manage.py anchor_feed`: after a restore, before anything is posted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from inventory.services.feed_anchor import anchor_feed


class Command(BaseCommand):
    help = "Tell the feed of movements that the data stands on another database server now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--restored", action="store_true", help="The same server was set back to an earlier time.")

    def handle(self, *args: Any, **options: Any) -> None:
        if anchor_feed(now=timezone.now(), is_restored=options["restored"]):
            self.stdout.write("The feed of movements goes on from a new base.")
