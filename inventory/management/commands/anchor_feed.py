"""`manage.py anchor_feed`: after a restore, before anything is posted."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inventory.services.feed_anchor import anchor_feed


class Command(BaseCommand):
    help = "Tell the feed of movements that the data stands on another database server now."

    def handle(self, *args: Any, **options: Any) -> None:
        if anchor_feed(now=timezone.now()):
            self.stdout.write("The feed of movements goes on from a new base.")
