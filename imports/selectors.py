"""Reads for the import page."""

from dataclasses import dataclass

from django.utils.functional import Promise

from imports.domain.kinds import KINDS
from imports.models import ImportRecord
from imports.titles import HINTS, TITLES


@dataclass(frozen=True)
class KindCard:
    name: str
    title: Promise
    hint: Promise
    headings: list[str]


@dataclass(frozen=True)
class RecentImport:
    title: Promise
    record: ImportRecord


def kind_cards() -> list[KindCard]:
    return [KindCard(name, TITLES[name], HINTS[name], kind.headings) for name, kind in KINDS.items()]


def recent_imports(count: int = 10) -> list[RecentImport]:
    """The last imports, newest first."""
    records = ImportRecord.objects.select_related("imported_by").order_by("-pk")[:count]
    return [RecentImport(TITLES[record.kind], record) for record in records]
