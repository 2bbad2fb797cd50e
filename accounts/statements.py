"""Statements that are said thousands of times an hour, prepared once per connection.

Django's cursor binds every value in Python and lets the server parse and plan the text anew; for a statement of a tenth
of a millisecond that costs more than its work. A `Statement` is parsed and planned once per connection, and its values
go through libpq as they are. It takes part in Django's transactions, error classes and query log like any other.

What belongs together goes in one journey: BEGIN with the first statement of a transaction, COMMIT with the last one
where it is known to be the last (`commit`). A journey costs both sides several times what a small statement does.

Behind a pooler that hands connections from transaction to transaction, the pooler must know prepared statements
(PgBouncer from 1.21 with `max_prepared_statements`).
"""

import itertools
import re
import time
from collections.abc import Generator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import pq
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.waiting import Ready, Wait

# Values as PostgreSQL reads them in text; arrays come as the text of `inventory.array_literals`.
Value = int | str | Decimal | date | None

GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
# Invalid statement name; cached plan of a table that changed meanwhile. The next try prepares anew.
STALE_STATES = ("26000", "0A000")
BEGIN, COMMIT = "BEGIN", "COMMIT"
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, Prepared]]" = WeakKeyDictionary()
_numbers = itertools.count()


class Prepared:
    """A statement as one connection knows it: its name, and how its columns are read, once that is known."""

    def __init__(self, name: bytes, adapters: AdaptersMap) -> None:
        self.name = name
        # It must not hold the connection, which would then never be let go of.
        self._reader = Transformer(adapters)
        self._is_reader_set = False

    def rows_of(self, result: pq.abc.PGresult) -> list[tuple[Any, ...]]:
        if not result.ntuples:
            return []
        self._reader.set_pgresult(result, set_loaders=not self._is_reader_set)
        self._is_reader_set = True
        rows = self._reader.load_rows(0, result.ntuples, tuple)
        self._reader.set_pgresult(None, set_loaders=False)
        return rows


# What one journey says: each statement with its values.
Words = tuple[Prepared, Sequence[bytes | None]]


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
        database = _database()
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

    def commit(self, *values: Value) -> None:
        """Runs it as the last statement of the transaction, which ends with it where no outer one is open.

        Nothing may be asked of the database before the block is left, which then finds its work done: what fails,
        COMMIT included, is raised here, and nothing of the transaction stays.
        """
        database = _database()
        # Inside of another block the owner commits; a block of Django's own that may not commit is one of those.
        is_ours = database.in_atomic_block and database.commit_on_exit and not database.savepoint_ids
        self._rows(database, values, then=COMMIT if is_ours else None)

    def _rows(
        self, database: BaseDatabaseWrapper, values: Sequence[Value], then: str | None = None
    ) -> list[tuple[Any, ...]]:
        if database.connection is None:
            database.ensure_connection()
        database.validate_no_broken_transaction()
        if database.queries_logged:
            return self._logged(database, values, then)
        with database.wrap_database_errors:
            return _run(database.connection, self.sql, values, then)

    def _logged(
        self, database: BaseDatabaseWrapper, values: Sequence[Value], then: str | None
    ) -> list[tuple[Any, ...]]:
        began = time.monotonic()
        try:
            with database.wrap_database_errors:
                return _run(database.connection, self.sql, values, then)
        finally:
            seconds = time.monotonic() - began
            database.queries_log.append({"sql": f"{self.sql} -- {values}", "time": f"{seconds:.3f}"})


def _database() -> Any:
    """The thread's connection; the proxy `django.db.connection` looks it up at every word. (The types know nothing of
    its health check.)"""
    return connections[DEFAULT_DB_ALIAS]


def _is_unchecked(database: Any) -> bool:
    """Whether the connection is one of an earlier request that may be lost by now. Django would ask it `SELECT 1`; a
    read that comes first is as good a question, since it can be repeated."""
    is_old = database.connection is not None and not database.health_check_done
    return is_old and database.health_check_enabled and not database.in_atomic_block


def _is_lost(database: BaseDatabaseWrapper) -> bool:
    return bool(database.connection.pgconn.status != pq.ConnStatus.OK)


def _run(
    link: "psycopg.Connection[Any]", sql: str, values: Sequence[Value], then: str | None = None
) -> list[tuple[Any, ...]]:
    texts = [_text(value) for value in values]
    words: list[Words] = [(_prepare(link, sql), texts)]
    # The driver would begin the transaction with the first statement of its own cursors.
    is_first = not link.autocommit and link.pgconn.transaction_status == pq.TransactionStatus.IDLE
    if is_first:
        words.insert(0, (_prepare(link, BEGIN), ()))
    if then:
        words.append((_prepare(link, then), ()))
    results = _say_all(link, words) if len(words) > 1 else [_say(link, words[0])]
    for result in results:
        _check(link, result)
    ours = int(is_first)
    return words[ours][0].rows_of(results[ours])


def _say(link: "psycopg.Connection[Any]", word: Words) -> pq.abc.PGresult:
    statement, texts = word
    return link.pgconn.exec_prepared(statement.name, texts)  # type: ignore[arg-type]  # libpq takes None for NULL


def _say_all(link: "psycopg.Connection[Any]", words: Sequence[Words]) -> "list[pq.abc.PGresult]":
    """The results of statements that travel together; after one that fails none is run."""
    server = link.pgconn
    server.enter_pipeline_mode()
    try:
        for statement, texts in words:
            server.send_query_prepared(statement.name, texts)
        server.pipeline_sync()
        results = link.wait(_fetch(server))
        server.exit_pipeline_mode()
    except BaseException:
        # Half of an answer is left on it, which the next one to ask would take for their own.
        link.close()
        raise
    return results


def _fetch(server: pq.abc.PGconn) -> "Generator[Wait, Ready | int, list[pq.abc.PGresult]]":
    """What the server says up to the end of the journey."""
    while server.flush():
        yield Wait.W
    found: list[pq.abc.PGresult] = []
    while True:
        while server.is_busy():
            yield Wait.R
            server.consume_input()
        result = server.get_result()
        if result is None and server.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError(server.get_error_message())
        if result is not None and result.status == pq.ExecStatus.PIPELINE_SYNC:
            return found
        if result is not None:
            found.append(result)


def _prepare(link: "psycopg.Connection[Any]", sql: str) -> Prepared:
    known = _prepared.setdefault(link, {})
    prepared = known.get(sql)
    if prepared is None:
        # A name is used once, so that one which turned out stale can simply be forgotten.
        name = f"youhuo_{next(_numbers)}".encode()
        _check(link, link.pgconn.prepare(name, sql.encode()))
        prepared = known[sql] = Prepared(name, link.adapters)
    return prepared


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
