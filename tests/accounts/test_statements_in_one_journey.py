"""BEGIN travels with the first statement and COMMIT with the last one; nothing else about a transaction changes."""

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from accounts.statements import Statement

pytestmark = pytest.mark.django_db(transaction=True)

ADD = Statement("INSERT INTO inventory_category (code, name) VALUES ($1::text, $1::text) RETURNING code")
ADD_BELOW = Statement("INSERT INTO inventory_category (code, name, parent_id) VALUES ($1::text, $1::text, $2::bigint)")
COUNT = Statement("SELECT count(*) FROM inventory_category WHERE code LIKE 'journey%'")


def test_the_last_statement_brings_the_end_of_the_transaction():
    told = []
    with transaction.atomic():
        transaction.on_commit(lambda: told.append("committed"))
        assert ADD.rows("journey 1") == [("journey 1",)]
        ADD.commit("journey 2")
        assert connection.connection.info.transaction_status == TransactionStatus.IDLE
        assert not told
    assert told == ["committed"]
    assert COUNT.rows() == [(2,)]


def test_inside_of_another_block_the_owner_decides():
    with pytest.raises(RuntimeError), transaction.atomic():
        with transaction.atomic():
            ADD.commit("journey 1")
        raise RuntimeError
    assert COUNT.rows() == [(0,)]


def test_a_last_statement_that_is_refused_leaves_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        ADD.rows("journey 1")
        ADD.commit("journey 1")
    assert COUNT.rows() == [(0,)]


def test_what_only_the_end_refuses_leaves_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        ADD.rows("journey 1")
        ADD_BELOW.commit("journey 2", 2**40)  # whether there is such a parent is asked at COMMIT
    assert COUNT.rows() == [(0,)]


def test_a_first_statement_that_is_refused_leaves_no_transaction_behind():
    ADD.rows("journey 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ADD.rows("journey 1")
    assert COUNT.rows() == [(1,)]


def test_a_connection_that_is_lost_before_the_end_leaves_nothing():
    with pytest.raises(OperationalError), transaction.atomic():
        ADD.rows("journey 1")
        _end_our_connection()
        ADD.commit("journey 2")
    connection.close()
    assert COUNT.rows() == [(0,)]


def test_values_of_any_length_travel():
    with transaction.atomic():
        assert Statement("SELECT length($1::text)").rows("x" * 5_000_000) == [(5_000_000,)]
        Statement("SELECT length($1::text)").commit("x" * 5_000_000)


def _end_our_connection():
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
