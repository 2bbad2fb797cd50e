"""A way to import text as if it were a file."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from imports.domain.errors import FileRefused
from imports.services.run_import import import_file

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def take_in(db):
    def take(kind, text, user=None):
        data = text if isinstance(text, bytes) else text.encode()
        return import_file(
            kind_name=kind, data=data, file_name=f"{kind}.csv", user=user, now=NOW, time_zone="Asia/Shanghai"
        )

    return take


@pytest.fixture
def refusals(take_in):
    """The (row, column, code) of each error; the import must be refused."""

    def collect(kind, text, user=None):
        with pytest.raises(FileRefused) as refused:
            take_in(kind, text, user)
        return [(error.row, error.column, error.code) for error in refused.value.errors]

    return collect


@pytest.fixture
def empty_ledger(db):
    """empty_ledger() forgets every movement, which only a test may do."""

    def forget():
        tables = ("inventory_movement", "inventory_posting")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
            cursor.execute("DELETE FROM inventory_movement; DELETE FROM inventory_posting")
            cursor.execute("DELETE FROM inventory_stockoutevent; DELETE FROM inventory_listing")
            cursor.execute("DELETE FROM inventory_stocklevel; DELETE FROM imports_fileimport")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")

    return forget
