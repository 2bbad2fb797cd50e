"""What the calls of other programs name by code: the reads that come with every one of them, each prepared."""

import json
from collections.abc import Iterable

from accounts.models import User
from accounts.statements import Statement
from inventory.models import Location

PLACE = Statement(
    """
SELECT {columns} FROM inventory_location place
WHERE place.code = $1::text AND place.kind IN ('store', 'warehouse') AND place.is_active
  AND ($2::bigint IS NULL OR EXISTS (
      SELECT FROM inventory_locationaccess access WHERE access.location_id = place.id AND access.user_id = $2::bigint
  ))
""".replace("{columns}", ", ".join(f'place."{field.column}"' for field in Location._meta.concrete_fields))
)
PLACE_FIELDS = [field.attname for field in Location._meta.concrete_fields]
PLACES_OF = Statement("""
SELECT place.id FROM inventory_location place
WHERE place.kind IN ('store', 'warehouse') AND place.is_active
  AND ($1::bigint IS NULL OR EXISTS (
      SELECT FROM inventory_locationaccess access WHERE access.location_id = place.id AND access.user_id = $1::bigint
  ))
ORDER BY place.id
""")
SKUS = Statement("""
SELECT sku.code, sku.id, sku.unit
FROM jsonb_array_elements_text($1::jsonb) AS wanted (code) JOIN inventory_sku sku ON sku.code = wanted.code
""")


def place_by_code(code: str, *, user: User | None) -> Location | None:
    """The store or warehouse with this code; with a `user` only one of theirs, as in `locations_for`."""
    scope = None if user is None or user.sees_all_locations else user.pk
    rows = PLACE.rows(code, scope)
    return Location.from_db("default", PLACE_FIELDS, rows[0]) if rows else None


def place_ids_of(user: User) -> list[int]:
    """Ids of `locations_for`, so that a statement on millions of rows is planned for these and no others."""
    return [pk for (pk,) in PLACES_OF.rows(None if user.sees_all_locations else user.pk)]


def skus_by_code(codes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """code -> (id, unit) of those that there are, active or not."""
    return {code: (pk, unit) for code, pk, unit in SKUS.rows(json.dumps(list(codes)))}
