"""Many rows at once, by COPY: the documents of a whole year would take a minute through the ORM."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

import numpy as np
from django.db import connection, models

from demo.domain.grocery import IntArray


def take_ids(model: type[models.Model], count: int) -> IntArray:
    """Reserve `count` ids of the table, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return np.sort(np.array([row[0] for row in cursor.fetchall()], np.int64))


def copy_rows(model: type[models.Model], columns: Mapping[str, Sequence[object]]) -> int:
    """COPY equally long columns, named as in the table, in the current transaction. Returns the number of rows.

    What the model has a plain default for and nobody named is written as that default.
    """
    constants = _defaults(model, columns)
    names = ", ".join(f'"{name}"' for name in (*columns, *constants))
    rows = [(*row, *constants.values()) for row in zip(*columns.values(), strict=True)]
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows)


def _defaults(model: type[models.Model], columns: Mapping[str, Sequence[object]]) -> dict[str, object]:
    """By column. Left out: what may be empty, what the database fills in by itself, and defaults that are not plain."""
    values = {
        str(field.column): field.get_default()
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.null and field.has_default() and not field.has_db_default()
    }
    return {name: value for name, value in values.items() if isinstance(value, str | int | Decimal)}


FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
ORDER BY 1, 2
"""


@contextmanager
def references_checked_at_once(*tables: type[models.Model]) -> Iterator[None]:
    """Check the foreign keys of what is written to these tables in one join each at the end, instead of row by row.

    Row by row, the references of a year of movements take as long as everything else together. Needs a transaction; it
    locks the tables, which is no harm while nobody but the loader uses them.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOREIGN_KEYS, [[table._meta.db_table for table in tables]])
        keys = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        # Postgres alters no table that still has checks waiting; those of the other tables are few.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
