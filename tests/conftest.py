"""What every test shares."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management.commands import flush as flush_command
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from hypothesis import HealthCheck, settings

from inventory.selectors import places
from tests.browsers import browser_type_launch_args, skip_without_browser
from tests.emptying import empty_tables
from tests.network import only_loopback
from tests.order import longest_first
from tests.underway import wait_for_answers, wait_for_holders, watch_answers

# Fixtures and hooks count by being here.
__all__ = ["browser_type_launch_args", "only_loopback"]

# How fast the machine is says nothing about what a test shows.
settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any speed")

# What migrations put into the tables: places and reasons of every firm, and who may buy for how much.
BASE_DATA = (
    import_module("inventory.migrations.0002_append_only_ledger").add_base_data,
    import_module("orders.migrations.0008_guard_approval").add_limits,
)


def bring_base_data_back():
    for add in BASE_DATA:
        add(apps, None)
    places.KNOWN.clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """After the tests were shuffled."""
    skip_without_browser(items)
    longest_first(items)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A database kept from a run that was killed may lack the base data."""
    with django_db_blocker.unblock():
        bring_base_data_back()


@pytest.fixture(scope="session", autouse=True)
def ledger_can_be_emptied_between_tests():
    """Tests that commit are cleaned up by what the ledger refuses; afterwards the base data is back."""

    def flush(operations, sql_list):
        wait_for_answers()
        wait_for_holders(operations.connection)
        empty_tables(operations.connection)
        bring_base_data_back()

    with pytest.MonkeyPatch.context() as patch:
        watch_answers(patch)
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        # It would write again what is kept.
        patch.setattr(flush_command, "emit_post_migrate_signal", lambda *args, **options: None)
        yield


@pytest.fixture(autouse=True)
def no_language_is_left_behind():
    """A request leaves its language in the thread, where the next test would find it."""
    yield
    translation.deactivate()
