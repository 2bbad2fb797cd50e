"""How often the shelf was empty: shares of listed SKU-days, weighed by opening hours, from the demand blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from inventory.models import DEMAND_BLOCK_DAYS
from inventory.models.demand import UNLISTED_SHARE


@dataclass(frozen=True)
class Window:
    """The days looked at, both ends included, and the places whose shelves count."""

    first: date
    last: date
    location_ids: tuple[int, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Window":
        """As many days, right before this window."""
        return Window(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.location_ids)


@dataclass(frozen=True)
class Rate:
    """`out` of `listed` SKU-days were spent without stock; an hour counts as its part of the opening hours."""

    listed: float
    out: float

    @property
    def share(self) -> float:
        """0..1; 0 where nothing was listed."""
        return self.out / self.listed if self.listed else 0.0

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.listed + other.listed, self.out + other.out)


@dataclass(frozen=True)
class Rates:
    """Rates of a window, cut three ways; `by_category` has None for SKUs without a category."""

    by_day: dict[date, Rate]
    by_location: dict[int, Rate]
    by_category: dict[int | None, Rate]

    @property
    def total(self) -> Rate:
        return sum(self.by_day.values(), Rate(0, 0.0))


# One pass over the blocks serves all three cuts. Arrays are sliced to the window before they are unnested, so that
# the other days of a block are never unfolded.
# Of its first day a SKU counts for the hours that were left when it was put on sale.
_RATES = """
WITH cell AS (
    SELECT b.location_id, s.category_id, greatest(b.starts_on, %(first)s::date) + (x.i - 1)::int AS day, x.in_stock,
           CASE WHEN l.listed_from IS NOT NULL
                 AND l.listed_on = greatest(b.starts_on, %(first)s::date) + (x.i - 1)::int
                THEN 1 - {unlisted} ELSE 1 END AS on_sale
    FROM inventory_demandblock b
    JOIN inventory_sku s ON s.id = b.sku_id
    JOIN inventory_listing l ON l.sku_id = b.sku_id AND l.location_id = b.location_id
    CROSS JOIN LATERAL unnest(
        b.in_stock[greatest(%(first)s::date - b.starts_on + 1, 1) : %(last)s::date - b.starts_on + 1]
    ) WITH ORDINALITY AS x(in_stock, i)
    WHERE b.location_id = ANY(%(locations)s)
      AND b.starts_on BETWEEN %(first)s::date - %(block)s + 1 AND %(last)s
      AND greatest(b.starts_on, %(first)s::date) + (x.i - 1)::int
          BETWEEN l.listed_on AND coalesce(l.delisted_on, 'infinity')
)
SELECT CASE grouping(day, location_id, category_id) WHEN 3 THEN 'day' WHEN 5 THEN 'location' ELSE 'category' END,
       day, location_id, category_id, sum(on_sale)::float8, sum(greatest(on_sale - greatest(in_stock, 0), 0))
FROM cell GROUP BY GROUPING SETS ((day), (location_id), (category_id))
"""
_RATES_STATEMENT = _RATES.format(unlisted=UNLISTED_SHARE)


def stockout_rates(window: Window) -> Rates:
    """Rates of the window in one statement. Days that are not closed yet are not counted."""
    rates = Rates({}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(
            _RATES_STATEMENT,
            {
                "locations": list(window.location_ids),
                "first": window.first,
                "last": window.last,
                "block": DEMAND_BLOCK_DAYS,
            },
        )
        for cut, day, location_id, category_id, listed, out in cursor.fetchall():
            rate = Rate(listed, float(out))
            if cut == "day":
                rates.by_day[day] = rate
            elif cut == "location":
                rates.by_location[location_id] = rate
            else:
                rates.by_category[category_id] = rate
    return rates


@dataclass(frozen=True)
class Now:
    """Listed SKUs without stock at this moment."""

    listed: int
    out: int

    @property
    def share(self) -> float:
        return self.out / self.listed if self.listed else 0.0


_NOW = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM inventory_stockoutevent e
    WHERE e.sku_id = l.sku_id AND e.location_id = l.location_id AND e.ended_at IS NULL))
FROM inventory_listing l JOIN inventory_sku s ON s.id = l.sku_id
WHERE l.location_id = ANY(%s) AND l.delisted_on IS NULL AND s.is_active
"""


def stockouts_now(location_ids: Sequence[int]) -> Now:
    """How many of the SKUs on sale at these places are out of stock now."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, [list(location_ids)])
        listed, out = cursor.fetchone()
    return Now(listed, out)
