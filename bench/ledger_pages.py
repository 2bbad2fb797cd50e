"""Server time of the pages that read across everything, at the size of the bench's firm."""

from collections.abc import Callable, Iterator
from importlib import import_module
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from bench.ledger_world import World, percentile
from bench.report import Row

CALLS = 20
PAGES = {
    "home": ("/", 200),
    "stock list": ("/stock/", 100),
    "stock list, page 15": ("/stock/?page=15", 100),
    "stock list, out of stock": ("/stock/?status=out", 100),
    "stock list, low": ("/stock/?status=low", 100),
    "stock list, in stock": ("/stock/?status=ok", 100),
    "stock list, by name": ("/stock/?sort=name", 100),
    "stock list, search": ("/stock/?q=article+abc", 100),
    "stock list, one shop": ("/stock/?location={shop}", 100),
}


def page_rows(world: World) -> Iterator[Row]:
    """Whole pages through the middleware and templates, without the network."""
    settings.ALLOWED_HOSTS = ["testserver"]
    import_module("config.wsgi")  # a web server has settings of its own for its connections
    connection.close()
    client = Client()
    client.force_login(world.user)
    for name, (path, goal) in PAGES.items():
        address = path.format(shop=world.shop_ids[6])
        statements = _count_statements(lambda address=address: _get(client, address))  # type: ignore[misc]  # the default binds the loop's value
        times = [_get(client, address) for _call in range(CALLS)]
        yield Row(f"page: {name}, p50", percentile(times, 0.5), "ms", goal=goal, note=f"{statements} statements")


def _get(client: Client, address: str) -> float:
    begun = perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return perf_counter() - begun


def _count_statements(act: Callable[[], object]) -> int:
    """Those that go through cursors; prepared ones are not among them."""
    seen: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        act()
    return len(seen)
