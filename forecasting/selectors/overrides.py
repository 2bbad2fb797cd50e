"""Overrides: those that a user may see, those that hold, and what they are spread over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts.models import AuditEvent, User
from forecasting.domain.overrides import Override, Series, rank, ruling
from forecasting.models import ForecastOverride, SeriesState
from inventory.domain.category_tree import NO_TREE, CategoryTree
from inventory.models import Listing, Location, Sku
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.categories import WITHIN, load_tree
from inventory.selectors.scope import location_scope

# Published series in the scope of an override, and what they expect on the days of it that the forecast reaches.
REACHED = f"""
SELECT {{key}} count(*) AS series, coalesce(sum(days.units), 0) AS units,
       max(greatest(least(o.ends_on - r.as_of, r.horizon_days) - greatest(o.starts_on - r.as_of, 1) + 1, 0)) AS days
FROM ({{wanted}}) o
JOIN forecasting_publishedforecast p ON true
JOIN forecasting_forecastrun r ON r.id = p.run_id
JOIN inventory_location l ON l.time_zone = r.time_zone AND (o.location_id IS NULL OR l.id = o.location_id)
JOIN forecasting_seriesforecast f ON f.run_id = r.id AND f.location_id = l.id AND f.state <> %(unknown)s
     AND (o.sku_id IS NULL OR f.sku_id = o.sku_id)
JOIN inventory_sku s ON s.id = f.sku_id
     AND (o.category_id IS NULL OR (o.category_id, s.category_id) IN ({WITHIN}))
CROSS JOIN LATERAL (
    SELECT sum(unit) AS units
    FROM unnest(f.mean[greatest(o.starts_on - r.as_of, 1):least(o.ends_on - r.as_of, r.horizon_days)]) unit
) days
"""  # noqa: S608 (only texts of our own stand in it)
TYPED = """SELECT %(sku)s::bigint AS sku_id, %(category)s::bigint AS category_id, %(location)s::bigint AS location_id,
%(first)s::date AS starts_on, %(last)s::date AS ends_on"""


@dataclass(frozen=True)
class Level:
    """What an override is about; None means all."""

    sku_id: int | None = None
    category_id: int | None = None
    location_id: int | None = None


@dataclass(frozen=True)
class Reach:
    """`series` with a forecast in the scope; they expect `units` on the `days` of the period that it reaches, out of
    `period_days`."""

    series: int
    units: float
    days: int
    period_days: int

    def factor_of(self, wanted: Decimal) -> float | None:
        """What spreads `wanted` units of the whole period in proportion to the forecast; None where nothing of the
        period is in reach or nothing is expected in it."""
        if not self.days or self.units <= 0:
            return None
        return float(wanted) * self.days / self.period_days / self.units


def reach_of(level: Level, first: date, last: date) -> Reach:
    """What the published forecasts expect in this scope from `first` to `last`. One statement."""
    query = REACHED.replace("{key}", "").replace("{wanted}", TYPED)
    values = {
        "sku": level.sku_id, "category": level.category_id, "location": level.location_id, "first": first,
        "last": last, "unknown": int(SeriesState.NOT_ENOUGH_DATA),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        series, units, days = cursor.fetchone()
    return Reach(series, float(units), days or 0, (last - first).days + 1)


def overrides_for(user: User) -> QuerySet[ForecastOverride]:
    """Those of the user's places and those for all places, newest first."""
    # An empty Q would vanish beside another one, and with it everything of the user who sees all places.
    seen = Q() if user.sees_all_locations else location_scope(user) | Q(location=None)
    return (
        ForecastOverride.objects.filter(seen)
        .select_related("sku", "category", "location", "created_by", "ended_by")
        .order_by("-pk")
    )


STATES = ("now", "coming", "over")


def in_state(rows: QuerySet[ForecastOverride], state: str, today: date) -> QuerySet[ForecastOverride]:
    """Those that count `now`, are `coming`, either of both (`open`) or are `over`; any other word: all."""
    counts = Q(ended_at=None, expires_on__gte=today)
    wanted = {
        "open": counts,
        "now": counts & Q(starts_on__lte=today),
        "coming": counts & Q(starts_on__gt=today),
        "over": ~counts,
    }
    return rows.filter(wanted[state]) if state in wanted else rows


def state_of(row: ForecastOverride, today: date) -> str:
    """One of STATES."""
    if row.ended_at is not None or row.expires_on < today:
        return "over"
    return "now" if row.starts_on <= today else "coming"


def holding(location_id: int, first: date, days: int) -> list[Override]:
    """Overrides with a factor that touch a location on the `days` days from `first` on. One statement."""
    return [as_domain(row) for row in _touching([location_id], first, days)]


def tree_for(overrides: Iterable[Override]) -> CategoryTree:
    """The assortment tree where one of them names a category; one statement then, none otherwise."""
    return load_tree() if any(one.category_id is not None for one in overrides) else NO_TREE


def _touching(location_ids: Collection[int], first: date, days: int) -> QuerySet[ForecastOverride]:
    last = first + timedelta(days=days - 1)
    return ForecastOverride.objects.filter(
        Q(location__in=location_ids) | Q(location=None),
        ended_at=None, expires_on__gte=first, starts_on__lte=last, ends_on__gte=first, factor__isnull=False,
    )  # fmt: skip


def counted_for(*, sku: Sku, location_ids: Collection[int], first: date, days: int) -> list[ForecastOverride]:
    """Those that change what is expected of a SKU at any of the locations on any of the `days` days from `first` on; of
    several only the one that rules. One statement, and one for the tree where a category is named."""
    rows = {row.pk: row for row in _touching(location_ids, first, days).select_related("created_by", "location")}
    places = np.array(sorted(location_ids), dtype=np.int64)
    series = Series(np.full(len(places), sku.pk), np.full(len(places), sku.category_id or 0), places)
    said = [as_domain(row) for row in rows.values()]
    _factors, rulers = ruling(said, series, first, days, tree_for(said))
    counted = set(rulers.ravel().tolist())
    return [row for pk, row in sorted(rows.items()) if pk in counted]


def as_domain(row: ForecastOverride) -> Override:
    """The pure value of a row with a factor; it counts no longer than it holds."""
    return Override(
        row.pk, row.sku_id, row.category_id, row.location_id, row.starts_on, min(row.ends_on, row.expires_on),
        float(row.factor or 0.0),
    )  # fmt: skip


def about_series(*, sku: Sku, location: Location, today: date) -> list[ForecastOverride]:
    """Those that hold for a SKU at a location now or later, the ruling one first. Two statements."""
    tree = load_tree()
    above = tree.chain(sku.category_id) if sku.category_id else ()
    rows = ForecastOverride.objects.filter(
        Q(sku=sku) | Q(sku=None, category__in=above) | Q(sku=None, category=None),
        Q(location=location) | Q(location=None),
        ended_at=None, expires_on__gte=today,
    )  # fmt: skip
    found = rows.select_related("created_by", "location", "category")
    return sorted(found, key=lambda row: rank(as_domain(row), tree), reverse=True)


def unplanned() -> QuerySet[ForecastOverride]:
    """Made or ended since replenishment last took them up."""
    return ForecastOverride.objects.filter(Q(planned_at=None) | Q(planned_at__lt=F("changed_at"))).order_by("pk")


def touched_skus(rows: Iterable[ForecastOverride]) -> dict[int, list[int] | None]:
    """For each active place that these touch: the SKUs on sale there that they are about; None for all of them. Three
    statements.
    """
    about = list(rows)
    places = Location.objects.filter(kind__in=STOCKING_KINDS, is_active=True)
    whole = [row for row in about if row.sku_id is None and row.category_id is None]
    everywhere = {row.location_id for row in whole}
    found: dict[int, list[int] | None] = {
        place: None for place in places.values_list("pk", flat=True) if everywhere & {None, place}
    }
    wanted, tree = Q(pk__in=[]), load_tree()
    for row in about:
        if row not in whole:
            part = Q(sku=row.sku_id) if row.category_id is None else Q(sku__category__in=tree.below(row.category_id))
            wanted |= part if row.location_id is None else part & Q(location=row.location_id)
    pairs = Listing.objects.filter(wanted, location__in=places).order_by("location", "sku")
    for place, sku_id in pairs.values_list("location", "sku"):
        skus = found.setdefault(place, [])
        if skus is not None:
            skus.append(sku_id)
    return dict(sorted(found.items()))


def history_of(row: ForecastOverride) -> QuerySet[AuditEvent]:
    """What was done with it, newest first."""
    events = AuditEvent.objects.filter(object_type="forecast_override", object_id=str(row.pk))
    return events.select_related("actor").order_by("-at", "-pk")
