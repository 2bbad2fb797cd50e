"""The counterparts that every firm has: suppliers, customers, loss, production, and the way between places."""

from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

from accounts.statements import Statement

# The first "in transit" is the one that comes with the tables; a firm may add others below it.
COUNTERPARTS = Statement("""
SELECT kind, min(id) FROM inventory_location
WHERE kind IN ('supplier', 'customer', 'loss', 'production', 'in_transit') GROUP BY kind
""")
# They come with the tables and stay, since movements point at them: a connection, which lives for a minute, asks once.
KNOWN: "WeakKeyDictionary[Any, dict[str, int]]" = WeakKeyDictionary()


def counterpart_ids() -> dict[str, int]:
    """Ids by kind of the virtual locations and of "in transit"."""
    link = connection.connection
    found = KNOWN.get(link) if link is not None else None
    if found is None:
        found = dict(COUNTERPARTS.rows())
        KNOWN[connection.connection] = found
    return found
