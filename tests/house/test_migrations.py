"""Migrations are named, in one line for each app, and can be undone."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.house.sources import APPS

# Foreign keys of models of ours with an index of their own although a wider one, of all rows, begins with the column.
DOUBLED = """
SELECT own.indexrelid::regclass::text
FROM pg_index own
JOIN pg_constraint key ON key.conrelid = own.indrelid AND key.contype = 'f' AND cardinality(key.conkey) = 1
    AND own.indnkeyatts = 1 AND own.indkey[0] = key.conkey[1]
JOIN pg_index wider ON wider.indrelid = own.indrelid AND wider.indexrelid <> own.indexrelid
    AND wider.indkey[0] = own.indkey[0] AND wider.indpred IS NULL
WHERE own.indpred IS NULL AND NOT own.indisunique AND own.indrelid = ANY(%s::regclass[])
"""


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


def test_no_foreign_key_has_an_index_that_a_wider_one_makes_needless(db):
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in APPS]
    with connection.cursor() as cursor:
        cursor.execute(DOUBLED, [tables])
        assert cursor.fetchall() == []
