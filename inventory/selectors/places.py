"""The counterparts that every firm has: suppliers, customers, loss, production, and the way between places."""

from accounts.statements import Statement

# The first "in transit" is the one that comes with the tables; a firm may add others below it.
COUNTERPARTS = Statement("""
SELECT kind, min(id) FROM inventory_location
WHERE kind IN ('supplier', 'customer', 'loss', 'production', 'in_transit') GROUP BY kind
""")


def counterpart_ids() -> dict[str, int]:
    """Ids by kind of the virtual locations and of "in transit"."""
    return dict(COUNTERPARTS.rows())
