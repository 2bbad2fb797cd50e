"""What every test shares."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from hypothesis import HealthCheck, settings

from inventory.selectors import places
from tests.browsers import browser_type_launch_args, pytest_collection_modifyitems
from tests.network import only_loopback

# Fixtures and hooks count by being here.
__all__ = ["browser_type_launch_args", "only_loopback", "pytest_collection_modifyitems"]

# How fast the machine is says nothing about what a test shows.
settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any speed")

LEDGER = import_module("inventory.migrations.0002_append_only_ledger")
GUARDED_TABLES = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'"


@pytest.fixture(scope="session", autouse=True)
def ledger_can_be_emptied_between_tests():
    """Tests that commit are cleaned up by TRUNCATE, which the ledger refuses; afterwards the base data is back."""
    original = DatabaseOperations.execute_sql_flush

    def flush(operations, sql_list):
        with operations.connection.cursor() as cursor:
            cursor.execute(GUARDED_TABLES)
            tables = [table for (table,) in cursor.fetchall()]
        off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        original(operations, [*off, *sql_list, *on])
        LEDGER.add_base_data(apps, None)
        places.KNOWN.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        yield


@pytest.fixture(autouse=True)
def no_language_is_left_behind():
    """A request leaves its language in the thread, where the next test would find it."""
    yield
    translation.deactivate()
