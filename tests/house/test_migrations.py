"""Migrations are named, in one line for each app, and can be undone."""

import re

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.house.sources import APPS


@pytest.fixture(scope="module")
def migrations():
    loader = MigrationLoader(None)
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in APPS}


def test_each_app_has_one_chain(migrations):
    assert MigrationLoader(None).detect_conflicts() == {}


def test_names_say_what_they_do(migrations):
    unnamed = [key for key in migrations if re.search(r"_auto_|_merge|_\d{8}", key[1])]
    assert unnamed == []


def test_every_operation_can_be_undone(migrations):
    stuck = [
        (key, operation)
        for key, migration in migrations.items()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert stuck == []


def test_database_is_the_supported_postgresql(db):
    assert connection.pg_version >= 180000
