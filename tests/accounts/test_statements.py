"""Prepared statements behave as every other query does: in transactions, with errors, after changes of the tables."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, NotSupportedError, OperationalError, connection, transaction

from accounts.models import User
from accounts.statements import Statement

ECHO = Statement("SELECT $1::bigint, $2::text, $3::numeric, $4::timestamptz, $5::date, $6::boolean, $7::text")
NAMES = Statement("SELECT username FROM accounts_user WHERE username = $1::text")


@pytest.mark.django_db
def test_values_come_back_as_they_went():
    sent = (2**40, "it's ü\n{,}", Decimal("1.250"), datetime(2026, 3, 1, 12, tzinfo=UTC), date(2026, 3, 1), True, None)
    assert ECHO.rows(*sent) == [sent]


@pytest.mark.django_db(transaction=True)
def test_what_it_writes_is_undone_with_the_transaction():
    add = Statement("INSERT INTO inventory_category (code, name) VALUES ($1::text, $1::text) RETURNING code")
    count = Statement("SELECT count(*) FROM inventory_category WHERE code = 'made up'")
    with pytest.raises(RuntimeError), transaction.atomic():
        assert add.rows("made up") == [("made up",)]
        raise RuntimeError
    assert count.rows() == [(0,)]
    add.rows("made up")
    assert count.rows() == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_an_error_is_one_of_djangos_and_stops_the_transaction():
    with pytest.raises(DataError), transaction.atomic():
        Statement("SELECT 1 / $1::int").rows(0)
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        with pytest.raises(DataError), transaction.atomic(savepoint=False):
            Statement("SELECT 1 / $1::int").rows(0)
        NAMES.rows("x")


@pytest.mark.django_db
def test_it_is_in_the_query_log(django_assert_num_queries):
    User.objects.create_user("mia")
    with django_assert_num_queries(2) as captured:
        assert NAMES.rows("mia") == [("mia",)]
        assert NAMES.rows("ben") == []
    assert "accounts_user" in captured.captured_queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_a_table_that_changed_costs_one_error():
    columns = Statement("SELECT * FROM made_up")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_up (a int)")
        assert columns.rows() == []
        cursor.execute("ALTER TABLE made_up ADD b int")
        with pytest.raises(NotSupportedError):
            columns.rows()
        assert columns.rows() == []
        cursor.execute("DROP TABLE made_up")


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_an_error_once():
    NAMES.rows("x")
    _end_our_connection()
    with pytest.raises(OperationalError):
        NAMES.rows("x")
    connection.close()
    assert NAMES.rows("x") == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_lost_between_requests_is_made_anew():
    NAMES.rows("x")
    _end_our_connection()
    connection.health_check_done = False  # as at the beginning of a request
    assert NAMES.rows("x") == []
    assert connection.health_check_done


@pytest.mark.django_db(transaction=True)
def test_what_writes_is_not_said_twice():
    add = Statement("INSERT INTO inventory_category (code, name) VALUES ($1::text, $1::text) RETURNING code")
    NAMES.rows("x")
    _end_our_connection()
    connection.health_check_done = False
    assert add.rows("once") == [("once",)]  # the connection was asked first


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_first_read_is_no_lost_connection():
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 1")
    connection.health_check_done = False
    with pytest.raises(OperationalError):
        Statement("SELECT pg_sleep($1::float8)").rows("1")
    connection.close()


def _end_our_connection():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
