"""The stock list: what is on sale where, how much is there, and how it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, overload

from django.core.cache import cache
from django.db.models import BooleanField, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from accounts.models import User
from alerts.models import Alert, AlertKind, AlertState, Severity
from inventory.domain.days import local_date
from inventory.models import Category, Listing, Sku, StockLevel, StockoutEvent
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.by_code import place_ids_of
from inventory.selectors.reserved import available_of_level
from inventory.selectors.stock import category_tree, few_matches, search_skus
from orders.selectors.risk import RiskRow, load_risk

_QUANTITY = DecimalField(max_digits=18, decimal_places=3)
STATUSES = ("out", "low", "ok")
# More rows than this nobody pages through; whoever looks for one of them searches.
MOST_COUNTED = 1_000
# That a list is longer than this is asked anew after so long, not with every page of it.
LENGTH_IS_KEPT_SECONDS = 30
SORTS = {
    "urgency": ("sku__name", "sku_id", "location__name", "location_id"),
    "name": ("sku__name", "sku_id", "location__name", "location_id"),
    "-name": ("-sku__name", "sku_id", "location__name", "location_id"),
    "available": ("available", "sku__name", "sku_id", "location_id"),
    "-available": ("-available", "sku__name", "sku_id", "location_id"),
}


@dataclass(frozen=True)
class StockFilter:
    """What to list; None and "" mean all. `status` is one of `STATUSES`, `sort` one of `SORTS`."""

    location_id: int | None = None
    category_id: int | None = None
    status: str = ""
    search: str = ""
    sort: str = "urgency"

    @property
    def is_narrow(self) -> bool:
        return bool(self.location_id or self.category_id or self.status or self.search)


@dataclass(frozen=True)
class StockRow:
    """A listing with today's reading of it; `risk` is None where the SKU is no longer on sale."""

    listing: Listing
    available: Decimal
    risk: RiskRow | None

    @property
    def coming(self) -> Decimal:
        """Units on order and on the way."""
        return self.risk.on_order + self.risk.in_transit if self.risk else Decimal(0)

    @property
    def days_left(self) -> float | None:
        """Days until the expected demand has used it up; None where it is gone, or no demand is known."""
        return self.risk.days_of_cover if self.risk and self.available > 0 else None

    @property
    def fill(self) -> Decimal | None:
        """Share of the order-up-to level that is there, at most 1; None without a forecast."""
        if self.risk is None or not self.risk.order_up_to_level:
            return None
        return max(Decimal(0), min(self.available / self.risk.order_up_to_level, Decimal(1)))


# (SKU id, location id)
Pair = tuple[int, int]


class StockTiers(Sequence[Listing]):
    """Listings in the order of their tiers; a page of them costs the same among a thousand as among millions.

    Stands in for a queryset under Django's paginator. A tier is a queryset with `sku` and `location`: open stockouts,
    alerts or listings. None is counted beyond `MOST_COUNTED`.
    """

    def __init__(self, tiers: Sequence[QuerySet[Any]], names: Sequence[str]) -> None:
        self.tiers = tiers
        self._names = names

    @cached_property
    def counts(self) -> list[int]:
        return [_count(tier, name) for tier, name in zip(self.tiers, self._names, strict=True)]

    def __len__(self) -> int:
        return sum(self.counts)

    @property
    def is_capped(self) -> bool:
        return any(count == MOST_COUNTED for count in self.counts)

    @overload
    def __getitem__(self, wanted: int) -> Listing: ...

    @overload
    def __getitem__(self, wanted: slice) -> Sequence[Listing]: ...

    def __getitem__(self, wanted: int | slice) -> Listing | Sequence[Listing]:
        if isinstance(wanted, int):
            return _listings_of(self._pairs(slice(wanted, wanted + 1)))[0]
        return _listings_of(self._pairs(wanted))

    def _pairs(self, wanted: slice) -> list[Pair]:
        first, end, _step = wanted.indices(len(self))
        found: list[Pair] = []
        for tier, count in zip(self.tiers, self.counts, strict=True):
            if first < count and end > 0:
                found += tier.values_list("sku_id", "location_id")[max(first, 0) : min(end, count)]
            first, end = first - count, end - count
        return found


def _count(tier: QuerySet[Any], name: str) -> int:
    """At most `MOST_COUNTED`. To know it takes as long as to show a page: a long list is believed to stay long."""
    if cache.get(name):
        return MOST_COUNTED
    count = tier.order_by()[:MOST_COUNTED].count()
    if count == MOST_COUNTED:
        cache.set(name, True, LENGTH_IS_KEPT_SECONDS)
    return count


def _listings_of(pairs: Sequence[Pair]) -> list[Listing]:
    """In the order of the pairs; what was delisted a moment ago is left out."""
    rows = Listing.objects.filter(sku_id__in={sku for sku, _ in pairs}, location_id__in={place for _, place in pairs})
    found = rows.select_related("sku", "sku__category", "location").annotate(available=_available())
    by_pair = {(row.sku_id, row.location_id): row for row in found}
    return [by_pair[pair] for pair in pairs if pair in by_pair]


def list_stock(user: User, wanted: StockFilter) -> StockTiers:
    """Listings of the user's places that match, with `available`: empty shelves, then what is low, then the rest.

    Which shelves are empty the ledger knows at every moment; what is low is as old as the last look of `watch`.
    """
    order = SORTS[wanted.sort if wanted.sort in SORTS else "urgency"]
    places = [pk for pk in place_ids_of(user) if wanted.location_id in (None, pk)]
    if wanted.status not in STATUSES and wanted.sort != "urgency":
        chosen = [_listed(places)]
    else:
        is_everywhere = user.sees_all_locations and wanted.location_id is None
        by_status = _tiers(places, is_everywhere=is_everywhere)
        chosen = [by_status[STATUSES.index(wanted.status)]] if wanted.status in STATUSES else by_status
    if order[0].endswith("available"):
        chosen = [tier.annotate(available=_available()) for tier in chosen]
    # Under a digest, since a key of the cache may hold no spaces.
    asked = sha256(repr((user.pk, wanted, MOST_COUNTED)).encode()).hexdigest()
    names = [f"stock/{asked}/{number}" for number in range(len(chosen))]
    skus = _wanted(wanted)
    return StockTiers([tier.filter(skus).order_by(*order) for tier in chosen], names)


def _wanted(wanted: StockFilter) -> Q:
    skus = Q(sku__is_active=True)
    if wanted.category_id is not None:
        skus &= Q(sku__category__in=category_tree(wanted.category_id))
    if wanted.search:
        few = few_matches(wanted.search)
        skus &= Q(sku__in=search_skus(wanted.search).values("pk")) if few is None else Q(sku_id__in=few)
    return skus


def _listed(places: Sequence[int]) -> QuerySet[Listing]:
    # What is no longer sold there is of interest only while some of it is left.
    left = StockLevel.objects.filter(sku=OuterRef("sku"), location=OuterRef("location")).exclude(on_hand=F("reserved"))
    return Listing.objects.filter(Q(delisted_on=None) | Exists(left), location_id__in=places)


def _tiers(places: Sequence[int], *, is_everywhere: bool) -> list[QuerySet[Any]]:
    """Out, low, and neither."""
    out = StockoutEvent.objects.filter(ended_at=None)
    low = Alert.objects.filter(~Q(state=AlertState.CLOSED), kind=AlertKind.STOCK_RISK, severity=Severity.LOW)
    is_out, is_low = _is_among(out), _is_among(low)
    out, low = out.filter(_here(places, is_everywhere=is_everywhere)), low.filter(location_id__in=places)
    return [out, low.filter(~is_out), _listed(places).filter(~is_low, ~is_out)]


def _here(places: Sequence[int], *, is_everywhere: bool) -> Q:
    """Named one by one, twenty places let the planner believe that it looks into an index twenty times for each SKU. It
    then sorted all empty shelves of the firm, for which ten times as many rows were read as on a walk by name."""
    if is_everywhere:
        return Q(location__kind__in=STOCKING_KINDS, location__is_active=True)
    return Q(location_id__in=places)


def _is_among(rows: QuerySet[Any]) -> Coalesce:
    """Whether there is a row for the same SKU and place, asked row by row while the list is walked.

    The planner would turn `Exists` into a join of everything, whose size it misjudges by a factor of a thousand.
    """
    here = rows.filter(sku=OuterRef("sku"), location=OuterRef("location")).order_by().annotate(yes=Value(True))
    return Coalesce(Subquery(here.values("yes")[:1]), Value(False), output_field=BooleanField())


def with_risk(listings: Iterable[Listing], *, now: datetime) -> list[StockRow]:
    """The rows of one page with status, cover and next delivery; as many queries for a hundred rows as for one."""
    shown = list(listings)
    risks: dict[tuple[int, int], RiskRow] = {}
    for zone_name, rows in _by_zone(shown).items():
        today: date = local_date(now, zone_name)
        found = load_risk(
            location_ids={row.location_id for row in rows}, sku_ids={row.sku_id for row in rows}, today=today
        )
        risks |= {(row.sku_id, row.location_id): row for row in found}
    return [StockRow(row, row.available, risks.get((row.sku_id, row.location_id))) for row in shown]  # type: ignore[attr-defined]  # annotated by list_stock


def categories_in_use() -> Sequence[Category]:
    """Categories that hold a SKU, by name."""
    return list(Category.objects.filter(Exists(Sku.objects.filter(category=OuterRef("pk")))).order_by("name"))


def _by_zone(rows: Iterable[Listing]) -> dict[str, list[Listing]]:
    zones: dict[str, list[Listing]] = {}
    for row in rows:
        zones.setdefault(row.location.time_zone, []).append(row)
    return zones


def _available() -> Coalesce:
    level = StockLevel.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"))
    return Coalesce(Subquery(level.values(left=available_of_level())[:1]), Decimal(0), output_field=_QUANTITY)
