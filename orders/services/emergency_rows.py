"""Emergencies to the database: what was found travels as one JSON text, and is compared with what is open where it
lies, so that a row that would say the same is not written."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

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
_NAMES = ", ".join(COLUMNS)
_FOUND = f"""
FROM jsonb_to_recordset(%(found)s::jsonb)
    AS found (sku_id bigint, {", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
"""
_ADD = f"""
INSERT INTO orders_emergency (location_id, state, created_at, updated_at, sku_id, {_NAMES})
SELECT %(location)s, 'open', %(now)s, %(now)s, sku_id, {_NAMES} {_FOUND}
WHERE NOT EXISTS (
    SELECT FROM orders_emergency kept WHERE kept.sku_id = found.sku_id AND kept.id = ANY(%(locked)s)
)
"""  # noqa: S608 (only names of our own stand in it)
_CHANGE = f"""
UPDATE orders_emergency kept
SET {", ".join(f"{name} = found.{name}" for name in COLUMNS)}, updated_at = %(now)s
{_FOUND}
WHERE kept.sku_id = found.sku_id AND kept.id = ANY(%(locked)s)
  AND ({", ".join(f"kept.{name}" for name in COLUMNS)})
      IS DISTINCT FROM ({", ".join(f"found.{name}" for name in COLUMNS)})
"""  # noqa: S608 (only names of our own stand in it)
_WITHDRAW = """
UPDATE orders_emergency SET state = 'withdrawn', decided_at = %(now)s, updated_at = %(now)s
WHERE id = ANY(%(locked)s) AND sku_id <> ALL(%(skus)s)
"""


def write_emergencies(
    *, location_id: int, locked: Sequence[int], found: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """A statement each to add, change and withdraw; `locked` are the ids of the open ones that are looked at, `found`
    has the columns by name, and sku_id."""
    values: dict[str, Any] = {
        "location": location_id,
        "locked": list(locked),
        "found": json.dumps(found, default=str, ensure_ascii=False),
        "skus": [row["sku_id"] for row in found],
        "now": now,
    }
    with connection.cursor() as cursor:
        for statement, applies in ((_ADD, found), (_CHANGE, found and locked), (_WITHDRAW, locked)):
            if applies:
                cursor.execute(statement, values)
