"""`manage.py import_csv KIND FILE`: the same import as on the page, for servers; workbooks too."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imports.domain.errors import FileRefused
from imports.domain.kinds import KINDS
from imports.domain.template import template_csv
from imports.messages import message_of
from imports.services.run_import import load_file


class Command(BaseCommand):
    help = "Takes in a CSV or XLSX file, whole or not at all. The same file a second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path, nargs="?", help="leave it out to print a template")
        parser.add_argument("--time-zone", default=settings.TIME_ZONE, help="of new stores, for example Asia/Shanghai")

    def handle(self, *args: Any, kind: str, file: Path | None, time_zone: str, **options: Any) -> None:
        if file is None:
            self.stdout.write(template_csv(KINDS[kind]), ending="")
            return
        try:
            with file.open("rb") as opened:
                report = load_file(
                    kind_name=kind, file=opened, file_name=file.name, user=None, now=timezone.now(), time_zone=time_zone
                )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except FileRefused as refused:
            lines = [f"row {e.row}, column {e.shown_column or '-'}: {message_of(e)}" for e in refused.errors]
            raise CommandError("Nothing was imported.\n" + "\n".join(lines)) from None
        self.stdout.write(f"Rows read: {report.row_count}. Entries added or changed: {report.changed_count}.")
