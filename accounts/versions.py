"""Which version of a row somebody has seen, so that two who edit it at once do not undo each other's work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

VERSION = """
SELECT substr(encode(sha256(convert_to(concat_ws('|', {pieces}), 'UTF8')), 'hex'), 1, 32)
FROM {table} whole WHERE whole.id = %s
"""
PART = """(SELECT jsonb_agg(to_jsonb(part) ORDER BY to_jsonb(part)) FROM {table} part WHERE part.{column} = whole.id)"""


@dataclass(frozen=True)
class Versioned:
    """A kind of row that is edited: its table, what hangs on it as (table, column that names it), and its lock."""

    table: str
    lock: Callable[[int], Any]
    parts: Sequence[tuple[str, str]] = ()
    # Columns that change without anybody editing the row.
    without: Sequence[str] = ()

    def version_of(self, pk: int) -> str:
        """A digest of everything that stands in the row and its parts; empty when there is no such row."""
        whole = "".join(["to_jsonb(whole)", *(f" - '{column}'" for column in self.without)])
        pieces = [whole, *(PART.format(table=table, column=column) for table, column in self.parts)]
        with connection.cursor() as cursor:
            cursor.execute(VERSION.format(pieces=", ".join(pieces), table=self.table), [pk])
            row = cursor.fetchone()
        return str(row[0]) if row else ""
