"""How the shelves of many places stand, read in sets: the ledger's open stockouts and the alerts that `watch` keeps.

Nothing here walks over all listings, of which a firm may have millions. Who is out is known at every moment; what is
low, what will run out before its delivery and what that costs is as old as the last look of `watch`, which comes
every few seconds. The few rows that are shown are computed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Sum

from alerts.models import Alert, AlertKind, AlertState, Severity
from inventory.domain.days import local_date
from inventory.models import Listing, Location, StockoutEvent
from orders.selectors.risk import RiskRow, at_risk, load_risk

# Counting fewer listings than this is quick; the count of more of them is kept for some minutes.
MANY_LISTINGS = 50_000
COUNT_IS_KEPT_SECONDS = 600


@dataclass(frozen=True)
class RiskFigures:
    """Listings on sale by status, the money at stake, and the most urgent rows."""

    listings: int
    out: int
    low: int
    projected: int
    value_at_risk: Decimal
    rows: Sequence[RiskRow]

    @property
    def count(self) -> int:
        """Listings of which something is wrong or soon will be."""
        return self.out + self.low + self.projected


def read_risk(places: Sequence[Location], *, now: datetime, shown: int) -> RiskFigures:
    """How the shelves of these places stand, with the `shown` rows that cost most."""
    ids = [place.pk for place in places]
    out = empty_shelves(ids)
    alerts = open_risks(ids)
    sums = {
        row["severity"]: row for row in alerts.values("severity").annotate(n=Count("*"), value=Sum("value_at_risk"))
    }
    counts = {severity: sums[severity]["n"] if severity in sums else 0 for severity in Severity}
    return RiskFigures(
        listings=_listing_count(ids),
        out=out.count(),
        low=counts[Severity.LOW],
        projected=counts[Severity.PROJECTED],
        value_at_risk=sum((row["value"] for row in sums.values()), Decimal(0)),
        rows=_most_urgent(places, alerts, out, now=now, shown=shown),
    )


def empty_shelves(location_ids: Sequence[int]) -> QuerySet[StockoutEvent]:
    """Open stockouts at these places."""
    return StockoutEvent.objects.filter(ended_at=None, location_id__in=location_ids, sku__is_active=True)


def open_risks(location_ids: Sequence[int]) -> QuerySet[Alert]:
    """What the last look found at risk at these places."""
    unfinished = Alert.objects.filter(~Q(state=AlertState.CLOSED), location_id__in=location_ids)
    return unfinished.filter(kind=AlertKind.STOCK_RISK)


def _most_urgent(
    places: Sequence[Location],
    alerts: QuerySet[Alert],
    out: QuerySet[StockoutEvent],
    *,
    now: datetime,
    shown: int,
) -> list[RiskRow]:
    """As they are at this moment; empty shelves that nobody has looked at yet come last."""
    pairs = list(alerts.order_by("-value_at_risk", "pk").values_list("sku_id", "location_id")[:shown])
    if len(pairs) < shown:
        pairs += out.order_by("started_at", "pk").values_list("sku_id", "location_id")[:shown]
    rows: list[RiskRow] = []
    for zone_name in sorted({place.time_zone for place in places}):
        here = {place.pk for place in places if place.time_zone == zone_name}
        chosen = {(sku_id, place_id) for sku_id, place_id in pairs if place_id in here}
        if chosen:
            found = load_risk(
                location_ids={place_id for _sku, place_id in chosen},
                sku_ids={sku_id for sku_id, _place in chosen},
                today=local_date(now, zone_name),
            )
            rows += [row for row in at_risk(found) if (row.sku_id, row.location_id) in chosen]
    return sorted(rows, key=lambda row: -row.value_at_risk)[:shown]


def _listing_count(location_ids: Sequence[int]) -> int:
    key = "listings/" + ",".join(map(str, sorted(location_ids)))
    kept: int | None = cache.get(key)
    if kept is None:
        kept = Listing.objects.filter(location_id__in=location_ids, delisted_on=None).count()
        if kept >= MANY_LISTINGS:
            cache.set(key, kept, COUNT_IS_KEPT_SECONDS)
    return kept
