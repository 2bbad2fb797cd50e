"""SKUs, categories, barcodes and locations in sets, for imports and first set-ups."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from inventory.models import Barcode, Category, Location, Sku, Unit
from inventory.services.bulk_upsert import Upserted, upsert

Rows = Mapping[str, Mapping[str, Any]]
# Equal rows are one in a UNION, so a tree that was tied into a knot by hand comes to an end too.
BINS_FOLLOW = """
WITH RECURSIVE tree AS (
    SELECT id, time_zone FROM inventory_location WHERE id = ANY(%s)
    UNION
    SELECT bin.id, tree.time_zone FROM inventory_location bin JOIN tree ON bin.parent_id = tree.id
    WHERE bin.kind = 'bin'
)
UPDATE inventory_location bin SET time_zone = tree.time_zone FROM tree
WHERE bin.id = tree.id AND bin.kind = 'bin' AND bin.time_zone <> tree.time_zone
"""


@transaction.atomic
def upsert_categories(*, names: Sequence[str]) -> Upserted:
    """Categories by their code or name; a new one has its name as its code."""
    known = _known_categories(names)
    rows = {name: {"code": name[:60], "name": name} for name in names if name and name not in known}
    by_code = upsert(
        Category,
        key_fields=["code"],
        rows={row["code"]: row for row in rows.values()},
        defaults={},
        scope={"code__in": [row["code"] for row in rows.values()]},
    )
    made = {name: by_code.ids[row["code"]] for name, row in rows.items()}
    return Upserted({**known, **made}, by_code.changed)


def _known_categories(names: Sequence[str]) -> dict[str, int]:
    """Ids of those that exist, by the word that was used for them: their code, else their name."""
    found = Category.objects.filter(Q(code__in=names) | Q(name__in=names)).order_by("-pk")
    rows = list(found.values_list("pk", "code", "name"))
    wanted = set(names)
    by_name = {name: pk for pk, _code, name in rows if name in wanted}
    return {**by_name, **{code: pk for pk, code, _name in rows if code in wanted}}


@transaction.atomic
def upsert_skus(*, rows: Rows, now: datetime) -> Upserted:
    """SKUs by code; values: code, name, category (name), unit, cost, price, shelf_life_days. None keeps the old one."""
    categories = upsert_categories(names=[str(row["category"]) for row in rows.values() if row.get("category")])
    prepared = {code: _with_category(row, categories.ids) for code, row in rows.items()}
    defaults = {"created_at": now, "cost": 0, "price": 0, "unit": Unit.EACH}
    return upsert(Sku, key_fields=["code"], rows=prepared, defaults=defaults, scope={"code__in": list(rows)})


def _with_category(row: Mapping[str, Any], category_ids: Mapping[str, int]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name != "category"}
    values["category_id"] = category_ids.get(str(row.get("category") or ""))
    return values


@transaction.atomic
def upsert_barcodes(*, sku_ids_by_barcode: Mapping[str, int]) -> Upserted:
    """Barcodes by code; a barcode that belongs to another SKU moves."""
    rows = {code: {"code": code, "sku_id": sku_id} for code, sku_id in sku_ids_by_barcode.items()}
    return upsert(Barcode, key_fields=["code"], rows=rows, defaults={}, scope={"code__in": list(rows)})


@transaction.atomic
def upsert_locations(*, rows: Rows, time_zone: str) -> Upserted:
    """Stores and warehouses by code; values: code, name, kind, time_zone, country, region, address, contact,
    supplied_by (code).

    `time_zone` serves where none is said. Bins keep the clock of the place they are in.
    """
    plain = {code: {name: value for name, value in row.items() if name != "supplied_by"} for code, row in rows.items()}
    defaults = {"time_zone": time_zone, "kind": "store"}
    found = upsert(Location, key_fields=["code"], rows=plain, defaults=defaults, scope={"code__in": list(rows)})
    wanted = {code: str(row["supplied_by"]) for code, row in rows.items() if row.get("supplied_by")}
    ids = dict(Location.objects.filter(code__in=set(wanted.values())).values_list("code", "pk"))
    links = {code: {"supplied_by_id": ids.get(supplier)} for code, supplier in wanted.items()}
    linked = upsert(Location, key_fields=["code"], rows=links, defaults={}, scope={"code__in": list(links)})
    with connection.cursor() as cursor:
        cursor.execute(BINS_FOLLOW, [list(found.ids.values())])
    return Upserted(found.ids, found.changed + linked.changed)
