"""Demand panels of many series out of the database, and how the series of a zone are cut into shards.

A shard is a range of SKUs, in the order of their categories, at all locations of the zone: so what an item does at
other locations, and what its category does, is seen whole inside one shard.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from forecasting.engine import Panel
from forecasting.engine.last_known import last_known
from forecasting.models import Predecessor
from forecasting.selectors.occasions import events, occasion_columns
from forecasting.selectors.promotions import Rows, kind_shares, promoted_parts, promotion_shares
from inventory.models import ClosedDay, Sku, Unit
from inventory.models.location import STOCKING_KINDS
from inventory.models.style import Variant
from inventory.selectors.demand import Demand, load_demand
from inventory.selectors.prices import load_prices

I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
HISTORY_DAYS = 730
Border = tuple[int, int] | None  # (category, SKU), or no border
ENDS = """
WITH counted AS (
    SELECT coalesce(s.category_id, 0) AS category, s.id, count(*) AS many
    FROM inventory_listing l JOIN inventory_sku s ON s.id = l.sku_id
    WHERE l.location_id = ANY(%s) GROUP BY s.id
), cut AS (
    SELECT category, id, div(sum(many) OVER (ORDER BY category, id) - many, %s) AS part FROM counted
)
SELECT DISTINCT ON (part) category, id FROM cut ORDER BY part, category DESC, id DESC
"""
SKUS = """
SELECT id FROM inventory_sku
WHERE (%(after)s::bigint[] IS NULL OR ARRAY[coalesce(category_id, 0), id] > %(after)s::bigint[])
  AND (%(until)s::bigint[] IS NULL OR ARRAY[coalesce(category_id, 0), id] <= %(until)s::bigint[])
ORDER BY id
"""
SAMPLE = """
WITH counted AS (
    SELECT sku_id, count(*) AS many FROM inventory_listing WHERE location_id = ANY(%s) GROUP BY sku_id
), mixed AS (
    SELECT sku_id, sum(many) OVER (ORDER BY md5(sku_id || %s)) AS so_far FROM counted
)
SELECT sku_id FROM mixed WHERE so_far <= %s ORDER BY sku_id
"""


@dataclass(frozen=True)
class SeriesPanel:
    """The first `count` rows of `panel` are the series asked for: SKU sku_ids[i] at location_ids[i], sorted by location
    and SKU. The rows after them are predecessors that lend to them.
    """

    location_ids: I64
    sku_ids: I64
    panel: Panel

    @property
    def count(self) -> int:
        return len(self.sku_ids)

    def asked(self) -> Panel:
        """The panel of the series asked for alone."""
        return self.panel.rows(slice(0, self.count))


def sku_ranges(location_ids: Sequence[int], size: int) -> list[tuple[Border, Border]]:
    """Ranges (after, until] of SKUs with about `size` series each, that together hold every SKU there may be."""
    with connection.cursor() as cursor:
        cursor.execute(ENDS, [list(location_ids), size])
        ends: list[Border] = [(category, sku_id) for category, sku_id in cursor.fetchall()]
    if not ends:
        return []
    return list(zip([None, *ends[:-1]], [*ends[:-1], None], strict=True))


def skus_of(after: Border, until: Border) -> list[int]:
    """The SKUs of a range, ascending."""
    borders = {"after": after and list(after), "until": until and list(until)}
    return _ids(SKUS, borders)


def sampled_skus(location_ids: Sequence[int], series: int, seed: str) -> list[int]:
    """SKUs drawn by chance, always the same for the same seed, with at most about `series` series together."""
    return _ids(SAMPLE, [list(location_ids), seed, series])


def _ids(query: str, parameters: list[Any] | dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [row[0] for row in cursor.fetchall()]


def load_panel(
    *,
    location_ids: Sequence[int],
    sku_ids: Sequence[int],
    as_of: date,
    horizon_days: int,
    ignored: Collection[str] = (),
    kinds: Sequence[str] = (),
) -> SeriesPanel:
    """The demand of these SKUs at these locations through `as_of`, with all that is known about them: also the calendar
    of the `horizon_days` days ahead. Occasions whose key is `ignored` are left out; promotions whose key is one of
    `kinds` are drivers too, in that order.
    """
    before = dict(Predecessor.objects.filter(sku__in=sku_ids).values_list("sku", "predecessor"))
    lenders = sorted(set(before.values()) - set(sku_ids))
    history = load_demand(location_ids, as_of, HISTORY_DAYS, [*sku_ids, *lenders])
    lends = np.isin(history.sku_ids, np.array(lenders, dtype=np.int64))
    order = np.argsort(lends, kind="stable")
    count = int((~lends).sum())
    panel = _panel(history, order, before)
    rows = rows_of(panel, history.location_ids[order], history.sku_ids[order])
    panel = _with_calendar(panel, rows, location_ids, horizon_days, ignored, kinds)
    return SeriesPanel(rows.location_ids[:count], rows.sku_ids[:count], panel)


def _panel(history: Demand, order: I64, before: dict[int, int]) -> Panel:
    seen = (history.in_stock[order] > 0) | (history.sold[order] > 0)
    days = seen.shape[1]
    first_day = np.where(seen.any(axis=1), seen.argmax(axis=1), days - 1)
    first = int(first_day.min(initial=days - 1))
    locations, skus = history.location_ids[order], history.sku_ids[order]
    category, style, is_integer = _attributes(skus)
    start = history.first_day + timedelta(days=first)
    predecessor, share = _predecessors(locations, skus, before)
    return Panel(
        demand=history.sold[order, first:] + history.lost[order, first:],
        start=start,
        in_stock_share=history.in_stock[order, first:],
        price=_prices(skus, start, days - first),
        first_day=(first_day - first).astype(np.int32),
        is_integer=is_integer,
        category=category,
        location=np.unique(locations, return_inverse=True)[1].astype(np.int32),
        item=np.unique(skus, return_inverse=True)[1].astype(np.int32),
        style=style,
        predecessor=predecessor,
        predecessor_share=share,
    )


def _with_calendar(
    panel: Panel,
    rows: Rows,
    location_ids: Sequence[int],
    horizon_days: int,
    ignored: Collection[str],
    kinds: Sequence[str],
) -> Panel:
    days = panel.n_days + horizon_days
    parts = promoted_parts(rows, panel.start, days)
    return replace(
        panel,
        promotion=promotion_shares(parts, rows, panel.start, days, ignored),
        drivers=kind_shares(parts, rows, panel.start, days, kinds),
        events=events(occasion_columns(location_ids, panel.start, days), ignored),
    )


def rows_of(panel: Panel, location_ids: I64, sku_ids: I64) -> Rows:
    """Who the rows of a panel are."""
    category = np.zeros(len(sku_ids)) if panel.category is None else panel.category
    return Rows(sku_ids, category.astype(np.int64), location_ids)


def _attributes(sku_ids: I64) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Category (0 for none), style (-1 for none) and whether counted, of each row."""
    skus, place = np.unique(sku_ids, return_inverse=True)
    rows = Sku.objects.filter(pk__in=skus.tolist()).order_by("pk").values_list("category_id", "unit")
    styles = dict(Variant.objects.filter(sku__in=skus.tolist()).values_list("sku", "style"))
    found = [(category or 0, unit == Unit.EACH) for category, unit in rows]
    category = np.array([c for c, _ in found], dtype=np.int32)
    style = np.array([styles.get(sku, -1) for sku in skus.tolist()], dtype=np.int32)
    return category[place], style[place], np.array([each for _, each in found], dtype=np.bool_)[place]


def _prices(sku_ids: I64, start: date, days: int) -> F32 | None:
    """What customers paid on these days, by row; a SKU without any price has 1 throughout, which tells nothing."""
    skus, place = np.unique(sku_ids, return_inverse=True)
    paid = load_prices(skus.tolist(), start, days)
    if not paid.any():
        return None
    return last_known(paid)[place]


def _predecessors(
    location_ids: I64, sku_ids: I64, before: dict[int, int]
) -> tuple[NDArray[np.int32] | None, NDArray[np.float32] | None]:
    """Row of each series' predecessor at the same location (-1 for none), and the share of it that is expected."""
    if not before:
        return None, None
    shares = dict(Predecessor.objects.filter(sku__in=before).values_list("sku", "share"))
    pairs = list(zip(location_ids.tolist(), sku_ids.tolist(), strict=True))
    row_of = {pair: row for row, pair in enumerate(pairs)}
    rows = [row_of.get((place, before.get(sku, 0)), -1) for place, sku in pairs]
    return np.array(rows, dtype=np.int32), np.array([float(shares.get(sku, 1)) for _, sku in pairs], dtype=np.float32)


def closed_zones() -> dict[str, tuple[list[int], date]]:
    """For each time zone with closed days: its stocking locations and the last day that all of them have closed; the
    zone with most locations first.
    """
    zones: dict[str, tuple[list[int], date]] = {}
    rows = ClosedDay.objects.begun().filter(location__is_active=True, location__kind__in=STOCKING_KINDS)
    for zone, pk, closed in rows.values_list("location__time_zone", "location", "closed_through").order_by("location"):
        ids, last = zones.get(zone, ([], closed))
        zones[zone] = ([*ids, pk], min(last, closed))
    return dict(sorted(zones.items(), key=lambda item: -len(item[1][0])))
