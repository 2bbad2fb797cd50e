"""Statements that are said thousands of times an hour, prepared once per connection.

Django's cursor binds every value in Python and lets the server parse and plan the text anew; for a statement of a tenth
of a millisecond that costs more than its work. A `Statement` is parsed and planned once per connection, and its values
go through libpq as they are. It takes part in Django's transactions, error classes and query log like any other.

Behind a pooler that hands connections from transaction to transaction, the pooler must know prepared statements
(PgBouncer from 1.21 with `max_prepared_statements`).
"""

import itertools
import re
import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq
from psycopg.adapt import Transformer

# Values as PostgreSQL reads them in text; arrays come as the text of `inventory.array_literals`.
Value = int | str | Decimal | date | None

GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
# Invalid statement name; cached plan of a table that changed meanwhile. The next try prepares anew.
STALE_STATES = ("26000", "0A000")
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()
_numbers = itertools.count()


class Statement:
    """One SQL statement with `$1`, `$2`, ... (or `%s` in their order) in its text; say each type (`$1::bigint`)."""

    def __init__(self, sql: str) -> None:
        number = itertools.count(1)
        self.sql = re.sub("%s", lambda _found: f"${next(number)}", sql)
        self._only_reads = self.sql.lstrip().startswith("SELECT") and "FOR " not in self.sql

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """Runs it and gives its rows, which are none for a statement that returns nothing.

        Raises Django's database errors, as every other query does.
        """
        # The proxy `django.db.connection` looks the thread's connection up at every word.
        database: Any = connections[DEFAULT_DB_ALIAS]  # the types know nothing of its health check
        if self._only_reads and _is_unchecked(database):
            try:
                return self._rows(database, values)
            except OperationalError:
                if not _is_lost(database):
                    raise
            finally:
                database.health_check_done = True
            database.close()
        database.close_if_health_check_failed()
        return self._rows(database, values)

    def _rows(self, database: BaseDatabaseWrapper, values: Sequence[Value]) -> list[tuple[Any, ...]]:
        if database.connection is None:
            database.ensure_connection()
        database.validate_no_broken_transaction()
        if database.queries_logged:
            return self._logged(database, values)
        with database.wrap_database_errors:
            return _run(database.connection, self.sql, values)

    def _logged(self, database: BaseDatabaseWrapper, values: Sequence[Value]) -> list[tuple[Any, ...]]:
        began = time.monotonic()
        try:
            with database.wrap_database_errors:
                return _run(database.connection, self.sql, values)
        finally:
            seconds = time.monotonic() - began
            database.queries_log.append({"sql": f"{self.sql} -- {values}", "time": f"{seconds:.3f}"})


def _is_unchecked(database: Any) -> bool:
    """Whether the connection is one of an earlier request that may be lost by now. Django would ask it `SELECT 1`; a
    read that comes first is as good a question, since it can be repeated."""
    is_old = database.connection is not None and not database.health_check_done
    return is_old and database.health_check_enabled and not database.in_atomic_block


def _is_lost(database: BaseDatabaseWrapper) -> bool:
    return bool(database.connection.pgconn.status != pq.ConnStatus.OK)


def _run(link: "psycopg.Connection[Any]", sql: str, values: Sequence[Value]) -> list[tuple[Any, ...]]:
    if not link.autocommit and link.pgconn.transaction_status == pq.TransactionStatus.IDLE:
        # The driver would begin the transaction with the first statement of its own cursors.
        _check(link, link.pgconn.exec_(b"BEGIN"))
    name = _prepare(link, sql)
    result = link.pgconn.exec_prepared(name, [_text(value) for value in values])  # type: ignore[misc]  # libpq takes None for NULL
    _check(link, result)
    if not result.ntuples:
        return []
    reader = Transformer(link)
    reader.set_pgresult(result)
    return reader.load_rows(0, result.ntuples, tuple)


def _prepare(link: "psycopg.Connection[Any]", sql: str) -> bytes:
    names = _prepared.setdefault(link, {})
    name = names.get(sql)
    if name is None:
        # A name is used once, so that one which turned out stale can simply be forgotten.
        name = f"youhuo_{next(_numbers)}".encode()
        _check(link, link.pgconn.prepare(name, sql.encode()))
        names[sql] = name
    return name


def _check(link: "psycopg.Connection[Any]", result: pq.abc.PGresult) -> None:
    if result.status in GOOD:
        return
    if link.pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError(link.pgconn.get_error_message())
    error = psycopg.errors.error_from_result(result)
    if error.sqlstate in STALE_STATES:
        _prepared.pop(link, None)
    raise error


def _text(value: Value) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat().encode()
    return str(value).encode()
