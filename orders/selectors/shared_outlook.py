"""What a supplier may see of the coming weeks: their own SKUs, all stores together, no prices, nothing of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from inventory.models import Sku
from orders.domain.outlook import DAYS, expected_orders
from orders.models import ReorderLevel, SharedOutlook
from orders.selectors.positions import NOTHING, load_positions
from orders.selectors.supplier_links import supplier_codes
from suppliers.models import SupplierTerms

MOST_WEEKS, MOST_SKUS = 4, 100


@dataclass(frozen=True)
class OutlookRow:
    """`weeks` are units expected to be ordered in each week; `cells` the same, each with the first day of the week."""

    sku: Sku
    code: str
    weeks: Sequence[Decimal]
    starts: Sequence[date]

    @property
    def cells(self) -> Sequence[tuple[date, Decimal]]:
        return list(zip(self.starts, self.weeks, strict=False))


@dataclass(frozen=True)
class Outlook:
    """`starts` are the first days of the weeks."""

    starts: Sequence[date]
    rows: Sequence[OutlookRow]


def shared_outlooks() -> QuerySet[SharedOutlook]:
    """Of all suppliers who see it, by their name."""
    return SharedOutlook.objects.select_related("supplier").order_by("supplier__name", "pk")


def is_shared(supplier_id: int) -> bool:
    return SharedOutlook.objects.filter(supplier_id=supplier_id).exists()


def outlook_of(supplier_id: int, today: date) -> Outlook | None:
    """The SKUs with most coming first, at most a hundred; None unless the firm shares it with this supplier. Six
    queries."""
    if not is_shared(supplier_id):
        return None
    levels = list(
        ReorderLevel.objects.filter(
            supplier_id=supplier_id, sku__is_active=True, location__is_active=True, reorder_point__isnull=False
        ).exclude(daily_mean=[])
    )
    units = _units(levels, supplier_id, today)
    skus = Sku.objects.in_bulk(list(units))
    codes = supplier_codes(supplier_id, list(units))
    starts = [today + timedelta(days=DAYS * week) for week in range(max(map(len, units.values()), default=0))]
    rows = [
        OutlookRow(skus[sku_id], codes.get(sku_id, skus[sku_id].code), weeks, starts)
        for sku_id, weeks in units.items()
        if any(weeks)
    ]
    rows.sort(key=lambda row: (-sum(row.weeks), row.sku.name))
    return Outlook(starts, rows[:MOST_SKUS])


def _units(levels: Sequence[ReorderLevel], supplier_id: int, today: date) -> Mapping[int, list[Decimal]]:
    """By SKU, what all places together are expected to order in each week."""
    sku_ids = {level.sku_id for level in levels}
    positions = load_positions({level.location_id for level in levels}, sku_ids, today=today)
    terms = SupplierTerms.objects.filter(supplier_id=supplier_id, sku__in=sku_ids)
    packs = {row.sku_id: (row.pack_size, row.minimum_quantity) for row in terms}
    found: dict[int, list[Decimal]] = {}
    for level in levels:
        if level.sku_id not in packs or level.reorder_point is None or level.order_up_to_level is None:
            continue
        # Demand of the days since the last night has happened already.
        passed = max((today - level.computed_on).days - 1, 0)
        pack, least = packs[level.sku_id]
        weeks = expected_orders(
            position=float(positions.get((level.location_id, level.sku_id), NOTHING).inventory_position),
            daily_mean=level.daily_mean[passed:], point=float(level.reorder_point),
            up_to=float(level.order_up_to_level), pack=float(pack), least=float(least),
        )[:MOST_WEEKS]  # fmt: skip
        known = found.setdefault(level.sku_id, [])
        known += [Decimal(0)] * (len(weeks) - len(known))
        for week, quantity in enumerate(weeks):
            known[week] += Decimal(str(round(quantity, 3)))
    return found
