"""What may be offered instead of a SKU that is short."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import connection

from inventory.array_literals import array
from inventory.domain.movements import Pair, plain
from inventory.models import Location, Sku, Substitute
from inventory.selectors.by_code import skus_by_code
from inventory.selectors.reserved import AVAILABLE

OFFERS_SHOWN = 3
# A row of a refusal.
Row = Mapping[str, Any]

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


@dataclass(frozen=True, slots=True)
class Shortage:
    """A row of a refusal for people: what is short where, by name, and what may be had there instead."""

    sku: str
    code: str
    location: str
    asked: Decimal
    available: Decimal
    offers: Sequence[Offer]


def offers_of_rows(rows: Sequence[Row], asked_for: Mapping[int, str] = MappingProxyType({})) -> list[Sequence[Offer]]:
    """For each row of a refusal (`sku` and `location` by code) what may be had instead; three statements for all.

    `asked_for` names the SKU of a line where another one than the short one was asked for: a kit, not its part.
    """
    names = [(asked_for.get(row.get("line", 0), row.get("sku", "")), row.get("location", "")) for row in rows]
    skus = skus_by_code({sku for sku, _place in names})
    places = dict(Location.objects.filter(code__in={place for _sku, place in names}).values_list("code", "pk"))
    pairs = [(skus[sku][0], places[place]) if sku in skus and place in places else None for sku, place in names]
    offers = short_offers({pair for pair in pairs if pair is not None})
    return [offers.get(pair, ()) if pair is not None else () for pair in pairs]


def with_offers(rows: Sequence[Row], asked_for: Mapping[int, str] = MappingProxyType({})) -> list[dict[str, Any]]:
    """The rows, each with the codes of what may be had there instead."""
    return [
        {**row, "substitutes": [{"sku": offer.code, "available": plain(offer.available)} for offer in offers]}
        for row, offers in zip(rows, offers_of_rows(rows, asked_for), strict=True)
    ]


def shortages_of(rows: Sequence[Row]) -> list[Shortage]:
    """The same for a page; rows that tell of something else are left out."""
    short = [row for row in rows if "available" in row and "asked" in row]
    skus, places = _names(Sku, {row["sku"] for row in short}), _names(Location, {row["location"] for row in short})
    return [
        Shortage(
            skus.get(row["sku"], ""), row["sku"], places.get(row["location"], str(row["location"])),
            Decimal(row["asked"]), Decimal(row["available"]), offers,
        )
        for row, offers in zip(short, offers_of_rows(short), strict=True)
    ]  # fmt: skip


def _names(kind: type[Sku] | type[Location], codes: set[str]) -> dict[str, str]:
    """Names by code; one statement."""
    return {row.code: row.name for row in kind._default_manager.filter(code__in=codes).only("code", "name")}
