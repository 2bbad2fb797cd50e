"""Rows of fixed width go into PostgreSQL and come back as they were."""

import numpy as np
import pytest
from django.db import connection

from inventory.binary_copy import Column, copy_in, copy_out

COLUMNS = [Column("id", "int8"), Column("small", "int2"), Column("share", "float4"), Column("days", "float4", 3)]


@pytest.fixture
def cursor(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE sample (id bigint, small smallint, share real, days real[]) ON COMMIT DROP")
        yield cursor


def rows(count):
    return {
        "id": np.arange(count),
        "small": np.arange(count) % 100,
        "share": np.linspace(0, 1, count, dtype=np.float32),
        "days": np.arange(3 * count, dtype=np.float32).reshape(count, 3),
    }


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_round_trip(cursor, count):
    sent = rows(count)
    copy_in(cursor, "sample", COLUMNS, sent)
    found = copy_out(cursor, "SELECT * FROM sample WHERE id >= %s ORDER BY id", [0], COLUMNS)
    for name, values in sent.items():
        np.testing.assert_array_equal(found[name], values)


def test_the_database_reads_the_values_as_they_are(cursor):
    copy_in(cursor, "sample", COLUMNS, rows(2))
    cursor.execute("SELECT * FROM sample ORDER BY id")
    assert cursor.fetchall() == [(0, 0, 0.0, [0.0, 1.0, 2.0]), (1, 1, 1.0, [3.0, 4.0, 5.0])]


@pytest.mark.parametrize("value", ["NULL", "'{1,2}'"])
def test_a_null_or_another_length_is_refused(cursor, value):
    copy_in(cursor, "sample", COLUMNS, rows(1))
    cursor.execute(f"INSERT INTO sample VALUES (2, 1, 0, {value})")
    with pytest.raises(ValueError, match=r"NULL|width"):
        copy_out(cursor, "SELECT * FROM sample ORDER BY id", [], COLUMNS)


def test_a_null_scalar_is_refused(cursor):
    cursor.execute("INSERT INTO sample VALUES (1, NULL, 0, '{1,2,3}')")
    with pytest.raises(ValueError, match=r"NULL|width"):
        copy_out(cursor, "SELECT * FROM sample", [], COLUMNS)
