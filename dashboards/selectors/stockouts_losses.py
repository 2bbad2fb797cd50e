"""What empty shelves cost: units asked for in vain, and the sales value that went with them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from dashboards.selectors.stockouts_rates import Window


@dataclass(frozen=True)
class Loss:
    """Units not served, and their value at the selling price of the moment."""

    units: Decimal = Decimal(0)
    value: Decimal = Decimal(0)

    def __add__(self, other: "Loss") -> "Loss":
        return Loss(self.units + other.units, self.value + other.value)


@dataclass(frozen=True)
class Losses:
    """Losses of a window, cut three ways; `by_category` has None for SKUs without a category."""

    by_day: dict[date, Loss]
    by_location: dict[int, Loss]
    by_category: dict[int | None, Loss]

    @property
    def total(self) -> Loss:
        return sum(self.by_day.values(), Loss())


_LOSSES = """
SELECT CASE grouping(e.business_date, e.location_id, s.category_id)
           WHEN 3 THEN 'day' WHEN 5 THEN 'location' ELSE 'category' END,
       e.business_date, e.location_id, s.category_id, sum(e.quantity), sum(e.quantity * e.unit_price)
FROM inventory_lostsale e JOIN inventory_sku s ON s.id = e.sku_id
WHERE e.location_id = ANY(%s) AND e.business_date BETWEEN %s AND %s
GROUP BY GROUPING SETS ((e.business_date), (e.location_id), (s.category_id))
"""


def lost_sales(window: Window) -> Losses:
    """Lost sales of the window in one statement."""
    losses = Losses({}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(_LOSSES, [list(window.location_ids), window.first, window.last])
        for cut, day, location_id, category_id, units, value in cursor.fetchall():
            loss = Loss(units, value.quantize(Decimal("0.01")))
            if cut == "day":
                losses.by_day[day] = loss
            elif cut == "location":
                losses.by_location[location_id] = loss
            else:
                losses.by_category[category_id] = loss
    return losses
