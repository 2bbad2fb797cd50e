"""`manage.py check_ledger`: exits 1 when anything that is kept beside the ledger differs from it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory.selectors.ledger_check import CheckResult, check_ledger


class Command(BaseCommand):
    help = "Compare levels, reservations and stockouts with the ledger; exit 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        results = check_ledger(now=timezone.now())
        for result in results:
            self._print(result)
        total = sum(result.count for result in results)
        if total:
            raise CommandError(f"{total} differences. The ledger is right: find what wrote past it before you mend it.")

    def _print(self, result: CheckResult) -> None:
        self.stdout.write(f"{result.title}: {result.count or 'no'} differences")
        for row in result.differences:
            where = f" at {row.location}" if row.location else ""
            self.stdout.write(f"  {row.subject}{where}: is {row.kept}, should be {row.expected}")
        if result.count > len(result.differences):
            self.stdout.write(f"  and {result.count - len(result.differences)} more")
