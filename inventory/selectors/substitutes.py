"""What may be offered instead of a SKU that is short."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.array_literals import array
from inventory.domain.movements import Pair, plain
from inventory.models import Location, Sku, Substitute
from inventory.selectors.reserved import AVAILABLE

OFFERS_SHOWN = 3

TEMPLATE = """
SELECT pair.sku_id, pair.location_id, instead.id, instead.code, instead.name, instead.unit,
       coalesce({available}, 0)
FROM unnest(%s::bigint[], %s::bigint[]) AS pair (sku_id, location_id)
JOIN inventory_substitute offer ON offer.sku_id = pair.sku_id
JOIN inventory_sku instead ON instead.id = offer.substitute_id AND instead.is_active
LEFT JOIN inventory_stocklevel level ON level.sku_id = instead.id AND level.location_id = pair.location_id
WHERE NOT %s OR {available} > 0
ORDER BY pair.sku_id, pair.location_id, coalesce({available} > 0, false) DESC, offer.rank, offer.id
"""
OFFERS = TEMPLATE.format(available=AVAILABLE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A substitute and what is available of it at the place in question."""

    sku_id: int
    code: str
    name: str
    unit: str
    available: Decimal


def offers_for(pairs: Collection[Pair], *, in_stock_only: bool = True) -> dict[Pair, list[Offer]]:
    """Substitutes by (SKU, location): those in stock there first, then by rank; in one statement.

    With `in_stock_only` the others are left out, and a pair without any is missing.
    """
    if not pairs:
        return {}
    found: dict[Pair, list[Offer]] = {}
    columns = array(sku for sku, _place in pairs), array(place for _sku, place in pairs)
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, (*columns, in_stock_only))
        for sku_id, place_id, *offer in cursor.fetchall():
            found.setdefault((sku_id, place_id), []).append(Offer(*offer))
    return found


def short_offers(pairs: Collection[Pair]) -> dict[Pair, list[Offer]]:
    """The first few of those in stock, for lists where a SKU is short."""
    return {pair: offers[:OFFERS_SHOWN] for pair, offers in offers_for(pairs).items()}


def substitutes_of(sku: Sku) -> list[Sku]:
    """Its substitutes by rank, in stock or not."""
    rows = Substitute.objects.filter(sku=sku).select_related("substitute").order_by("rank", "pk")
    return [row.substitute for row in rows]


def with_offers(
    details: Iterable[Mapping[str, Any]], location: Location, sku_ids: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Rows of a refusal, each with the codes of what may be had there instead; `sku_ids` by the line they name."""
    rows = [dict(row) for row in details]
    wanted = {sku_ids[row["line"]] for row in rows if row.get("line") in sku_ids}
    offers = short_offers([(sku_id, location.pk) for sku_id in wanted])
    for row in rows:
        found = offers.get((sku_ids.get(row.get("line", 0), 0), location.pk), ())
        row["substitutes"] = [{"sku": offer.code, "available": plain(offer.available)} for offer in found]
    return rows
