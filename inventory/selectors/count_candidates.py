"""Which SKUs a count is about: what is on sale at a place or lies there, and which of it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from inventory.domain.days import local_date
from inventory.models import Category, CountPolicy, Location, ShelfPosition
from inventory.selectors.stock import category_tree, search_skus

# On sale there, or lying there although it should not.
CANDIDATES = """
SELECT listing.sku_id FROM inventory_listing listing JOIN inventory_sku sku ON sku.id = listing.sku_id
WHERE listing.location_id = %(location)s AND listing.listed_on <= %(today)s
  AND (listing.delisted_on IS NULL OR listing.delisted_on > %(today)s) AND sku.is_active
UNION
SELECT level.sku_id FROM inventory_stocklevel level
WHERE level.location_id = %(location)s AND level.on_hand <> 0
"""
OF_CLASS = """
SELECT candidate.sku_id FROM ({candidates}) candidate
LEFT JOIN inventory_countcycle cycle ON cycle.sku_id = candidate.sku_id AND cycle.location_id = %(location)s
WHERE COALESCE(cycle.count_class, 'C') = %(count_class)s
"""
OF_AISLE = """
SELECT candidate.sku_id FROM ({candidates}) candidate WHERE candidate.sku_id IN (
    SELECT shelf.sku_id FROM inventory_shelfposition shelf
    WHERE shelf.location_id = %(location)s AND shelf.aisle = %(aisle)s
)
"""
OF_LIST = "SELECT candidate.sku_id FROM ({candidates}) candidate WHERE candidate.sku_id = ANY(%(skus)s)"
OF_CATEGORY = """
SELECT candidate.sku_id FROM ({candidates}) candidate JOIN inventory_sku sku ON sku.id = candidate.sku_id
WHERE sku.category_id = ANY(%(categories)s)
"""
# The day on which a SKU is due; one that was never counted is due at once. What stands on a count already is not.
DUE = """
SELECT sku.id, sku.code, sku.name, COALESCE(cycle.count_class, 'C') AS count_class, cycle.last_counted_at,
       COALESCE(cycle.demand_value, 0) AS demand_value,
       (cycle.last_counted_at AT TIME ZONE %(zone)s)::date
       + CASE COALESCE(cycle.count_class, 'C') WHEN 'A' THEN %(a)s WHEN 'B' THEN %(b)s ELSE %(c)s END AS due_on
FROM ({candidates}) candidate
JOIN inventory_sku sku ON sku.id = candidate.sku_id
LEFT JOIN inventory_countcycle cycle ON cycle.sku_id = candidate.sku_id AND cycle.location_id = %(location)s
WHERE NOT EXISTS (
    SELECT FROM inventory_stockcountline line
    JOIN inventory_stockcount stock_count ON stock_count.id = line.stock_count_id
    WHERE line.sku_id = candidate.sku_id AND stock_count.location_id = %(location)s
      AND stock_count.state IN ('open', 'counting', 'submitted') AND line.state IN ('open', 'pending')
)
"""
DUE_LIST = """
SELECT id, code, name, count_class, last_counted_at, due_on, count(*) OVER () FROM ({due}) due
WHERE due_on IS NULL OR due_on <= %(today)s
ORDER BY count_class, last_counted_at NULLS FIRST, demand_value DESC, id
LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class DueSku:
    """A SKU that should be counted; `due_on` None means that it never was."""

    sku_id: int
    code: str
    name: str
    count_class: str
    last_counted_at: datetime | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class DueList:
    """The first rows, class A before C and the longest overdue first, and how many are due in all."""

    rows: list[DueSku]
    total: int


def due_skus(location: Location, policy: CountPolicy, *, now: datetime, limit: int) -> DueList:
    """What the classes and their rhythm say should be counted at the location by today."""
    given = _common(location, now) | {
        "zone": location.time_zone,
        "a": policy.a_days,
        "b": policy.b_days,
        "c": policy.c_days,
        "limit": limit,
    }
    statement = DUE_LIST.format(due=DUE.format(candidates=CANDIDATES))
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found = cursor.fetchall()
    return DueList([DueSku(*row[:6]) for row in found], found[0][6] if found else 0)


def skus_in_class(location: Location, count_class: str, *, now: datetime) -> list[int]:
    return _ids(OF_CLASS, _common(location, now) | {"count_class": count_class})


def skus_in_aisle(location: Location, aisle: str, *, now: datetime) -> list[int]:
    return _ids(OF_AISLE, _common(location, now) | {"aisle": aisle})


def skus_in_category(location: Location, category: Category, *, now: datetime) -> list[int]:
    """Of the category and all below it."""
    return _ids(OF_CATEGORY, _common(location, now) | {"categories": category_tree(category.pk)})


def skus_found(location: Location, search: str, *, now: datetime) -> list[int]:
    """Those whose code or name holds the words."""
    found = list(search_skus(search, is_active=None).values_list("pk", flat=True))
    return skus_of_list(location, found, now=now)


def skus_of_list(location: Location, sku_ids: Sequence[int], *, now: datetime) -> list[int]:
    return _ids(OF_LIST, _common(location, now) | {"skus": list(sku_ids)})


def all_skus(location: Location, *, now: datetime) -> list[int]:
    return _ids("{candidates}", _common(location, now))


def aisles_of(location: Location) -> list[str]:
    """Aisles of a location in the order of their names."""
    rows = ShelfPosition.objects.filter(location=location).order_by("aisle").values_list("aisle", flat=True)
    return list(rows.distinct())


def _common(location: Location, now: datetime) -> dict[str, Any]:
    return {"location": location.pk, "today": local_date(now, location.time_zone)}


def _ids(statement: str, given: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(candidates=CANDIDATES), given)
        return [row[0] for row in cursor.fetchall()]
