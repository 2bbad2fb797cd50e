"""R4: every writer of stock locks the levels in order before it writes: its SQL says so. An unknown writer fails."""

import ast
import re
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import DomainError
from inventory.domain.goods import LotName
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine
from tests.reliability.guards import take_locks_away
from tests.reliability.writers import OTHERS, WRITERS, here

SERVICES = Path(__file__).parents[2] / "inventory" / "services"
LOCKS = {"lock_levels", "lock_levels_of", "lock_levels_at"}
ORDERED_LOCK = re.compile(r"ORDER BY (level\.)?sku_id, (level\.)?location_id\s+FOR UPDATE")
WRITES = re.compile(r"UPDATE inventory_stocklevel|UPDATE \"inventory_stocklevel\"")


@cache
def calls():
    """(module, function) -> the (module, function) of the services that it calls, by the names it imports."""
    found = {}
    for path in SERVICES.glob("*.py"):
        tree = ast.parse(path.read_text())
        names = {node.name: (path.stem, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = node.module.rpartition(".")[2]
                names |= {alias.asname or alias.name: (module, alias.name) for alias in node.names}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                used = {call.id for call in ast.walk(node) if isinstance(call, ast.Name)}
                found[path.stem, node.name] = {names[name] for name in used if name in names}
    return found


def writers_in_the_source():
    reached = {("locks", name) for name in LOCKS}
    while True:
        more = {caller for caller, used in calls().items() if used & reached} - reached
        if not more:
            break
        reached |= more
    return {f"{module}.{name}" for module, name in reached if module != "locks" and not name.startswith("_")}


def test_every_writer_in_the_source_is_registered():
    covered = {name for writer in WRITERS.values() for name in writer.covers}
    assert writers_in_the_source() - covered - set(OTHERS) == set(), "register them in tests/reliability/writers.py"
    assert not {name for name in covered if name.split(".")[1] not in {name for _module, name in calls()}}


@pytest.fixture
def filled(house, stock, tools):
    def make(writer, quantity=20):
        sku = tools.make_sku("thing", is_lot_tracked=writer.is_of_lots)
        lot = LotName("L1") if writer.is_of_lots else None
        for place in (house.shop, house.other):
            receive_goods(**here(house, location=place), lines=[GoodsLine(sku.pk, Decimal(quantity), lot=lot)])
        return sku

    return make


def first_unlocked_write(queries):
    """The first statement that changes a level before the levels were locked in order; None is well."""
    is_locked = False
    for query in queries:
        is_locked = is_locked or bool(ORDERED_LOCK.search(query))
        if WRITES.search(query) and not is_locked:
            return query
    return None


@pytest.mark.parametrize("name", WRITERS)
def test_levels_are_locked_before_they_are_written(house, filled, name):
    sku = filled(WRITERS[name])
    with CaptureQueriesContext(connection) as captured:
        WRITERS[name].act(house, sku, 1)
    queries = [query["sql"] for query in captured.captured_queries]
    assert first_unlocked_write(queries) is None
    assert any(ORDERED_LOCK.search(query) for query in queries)
    assert any(WRITES.search(query) for query in queries) or name in ("relist", "extend", "track")


def test_a_write_without_a_lock_is_noticed(house, filled, monkeypatch):
    """The control."""
    take_locks_away(monkeypatch)
    sku = filled(WRITERS["sell"])
    with CaptureQueriesContext(connection) as captured, suppress(DomainError):
        WRITERS["sell"].act(house, sku, 1)
    assert first_unlocked_write([query["sql"] for query in captured.captured_queries])
