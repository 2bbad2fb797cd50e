"""Emergencies to the database: what was found travels as one JSON text into a temporary table, and is compared with
what is open where it lies, so that a row that would say the same is not written."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from inventory.array_literals import numbers

COLUMNS = {
    "runs_out_on": "date",
    "relief_on": "date",
    "kind": "text",
    "supplier_id": "bigint",
    "source_id": "bigint",
    "quantity": "numeric",
    "expected_on": "date",
    "stockout_cost": "numeric",
    "saving": "numeric",
    "ways": "jsonb",
    "reason": "jsonb",
}
TABLE = "found_emergency"
_NAMES = ", ".join(COLUMNS)
# The text is taken apart once, not in each statement; and of a table the planner sees how long it is.
_CREATE = f"""
CREATE TEMPORARY TABLE {TABLE} ON COMMIT DROP AS SELECT found.* FROM jsonb_to_recordset(%(found)s::jsonb)
    AS found (sku_id bigint, {", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
"""  # noqa: S608 (only names of our own stand in it)
_ADD = f"""
INSERT INTO orders_emergency (location_id, state, created_at, updated_at, sku_id, {_NAMES})
SELECT %(location)s, 'open', %(now)s, %(now)s, sku_id, {_NAMES} FROM {TABLE} found
WHERE NOT EXISTS (
    SELECT FROM orders_emergency kept WHERE kept.sku_id = found.sku_id AND kept.id = ANY(%(locked)s)
)
"""  # noqa: S608 (only names of our own stand in it)
_CHANGE = f"""
UPDATE orders_emergency kept
SET {", ".join(f"{name} = found.{name}" for name in COLUMNS)}, updated_at = %(now)s
FROM {TABLE} found
WHERE kept.sku_id = found.sku_id AND kept.id = ANY(%(locked)s)
  AND ({", ".join(f"kept.{name}" for name in COLUMNS)})
      IS DISTINCT FROM ({", ".join(f"found.{name}" for name in COLUMNS)})
"""  # noqa: S608 (only names of our own stand in it)
_WITHDRAW = f"""
UPDATE orders_emergency kept SET state = 'withdrawn', decided_at = %(now)s, updated_at = %(now)s
WHERE id = ANY(%(locked)s) AND NOT EXISTS (SELECT FROM {TABLE} found WHERE found.sku_id = kept.sku_id)
"""  # noqa: S608 (only names of our own stand in it)


def write_emergencies(
    *, location_id: int, locked: Sequence[int], found: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """At most five statements, none when nothing was found and nothing is open; `locked` are the ids of the open ones
    that are looked at, `found` has the columns by name, and sku_id."""
    if not found and not locked:
        return
    values: dict[str, Any] = {
        "location": location_id,
        "locked": numbers(locked),
        "found": json.dumps(found, default=str, ensure_ascii=False),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CREATE, values)
        for statement, applies in ((_ADD, found), (_CHANGE, found and locked), (_WITHDRAW, locked)):
            if applies:
                cursor.execute(statement, values)
        cursor.execute(f"DROP TABLE {TABLE}")
