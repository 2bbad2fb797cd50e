"""The calendar and the predecessors out of files: many entries in a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from accounts.models import User
from accounts.services.audit import record_audit
from forecasting.models import Predecessor, Promotion, PromotionCategory, PromotionScope, PromotionSku
from forecasting.services.promotions import Entry

BATCH = 2_000
FIELDS = ("kind", "scope", "share", "discount_percent")
Key = tuple[str, date, date, int | None]


@dataclass(frozen=True)
class Planned:
    """An entry whose SKUs have shares of their own. Its name, days and place say which one it is."""

    entry: Entry
    sku_shares: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return (self.entry.name, self.entry.starts_on, self.entry.ends_on, self.entry.location_id)


@transaction.atomic
def take_promotions(*, planned: Sequence[Planned], actor: User | None, now: datetime) -> int:
    """Adds the entries that are new and writes those anew that differ, with all their SKUs and categories; returns how
    many. The caller has checked them.
    """
    _wait_for_others()
    known = _known(planned)
    different = [one for one in planned if not _is_same(one, known.get(one.key))]
    rows = {one.key: _filled(known.get(one.key) or Promotion(), one.entry) for one in different}
    Promotion.objects.bulk_update([row for row in rows.values() if row.pk], FIELDS, batch_size=BATCH)
    Promotion.objects.bulk_create([row for row in rows.values() if not row.pk], batch_size=BATCH)
    ids = [row.pk for row in rows.values()]
    PromotionSku.objects.filter(promotion__in=ids).delete()
    PromotionCategory.objects.filter(promotion__in=ids).delete()
    PromotionSku.objects.bulk_create(
        [
            PromotionSku(promotion=rows[one.key], sku_id=sku_id, share=share)
            for one in different
            for sku_id, share in sorted(one.sku_shares.items())
        ],
        batch_size=BATCH,
    )
    PromotionCategory.objects.bulk_create(
        [
            PromotionCategory(promotion=rows[one.key], category_id=category_id)
            for one in different
            for category_id in sorted(set(one.entry.category_ids))
        ],
        batch_size=BATCH,
    )
    _note("promotion.taken_in", actor, now, len(different))
    return len(different)


@transaction.atomic
def take_occasions(*, planned: Sequence[Planned], actor: User | None, now: datetime) -> int:
    """The same for days of the whole assortment that come again under one name: entries of the same name and place that
    share a day with one of these give way to it.
    """
    _wait_for_others()
    wanted = {one.key for one in planned}
    rows = Promotion.objects.filter(scope=PromotionScope.ALL, name__in={one.entry.name for one in planned}).values_list(
        "pk", "name", "starts_on", "ends_on", "location"
    )
    days = {(name, place, day) for name, first, last, place in wanted for day in _days(first, last)}
    gone = [
        pk
        for pk, name, first, last, place in rows
        if (name, first, last, place) not in wanted and any((name, place, day) in days for day in _days(first, last))
    ]
    Promotion.objects.filter(pk__in=gone).delete()
    return len(gone) + take_promotions(planned=planned, actor=actor, now=now)


@transaction.atomic
def take_predecessors(*, pairs: Mapping[int, tuple[int, Decimal]], actor: User | None, now: datetime) -> int:
    """Predecessor and share by SKU; returns how many were new or differ. The caller has checked them."""
    known = {
        sku: (before, share)
        for sku, before, share in Predecessor.objects.filter(sku__in=list(pairs)).values_list(
            "sku", "predecessor", "share"
        )
    }
    rows = [
        Predecessor(sku_id=sku, predecessor_id=before, share=share)
        for sku, (before, share) in pairs.items()
        if known.get(sku) != (before, share)
    ]
    Predecessor.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["sku"], update_fields=["predecessor", "share"]
    )
    _note("predecessor.taken_in", actor, now, len(rows))
    return len(rows)


def _wait_for_others() -> None:
    """Nothing in the table says that a name, days and a place are there once, so two files are not taken in at once."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE forecasting_promotion IN SHARE ROW EXCLUSIVE MODE")


def _known(planned: Sequence[Planned]) -> dict[Key, Promotion]:
    """Entries by what says which one they are; of several the oldest."""
    rows = Promotion.objects.filter(
        name__in={one.entry.name for one in planned}, starts_on__in={one.entry.starts_on for one in planned}
    )
    found = rows.order_by("-pk").prefetch_related("skus", "categories")
    return {(row.name, row.starts_on, row.ends_on, row.location_id): row for row in found}


def _is_same(one: Planned, row: Promotion | None) -> bool:
    if row is None or any(getattr(row, name) != getattr(one.entry, name) for name in FIELDS):
        return False
    skus = {part.sku_id: part.share for part in row.skus.all()}
    categories = {part.category_id for part in row.categories.all()}
    return skus == dict(one.sku_shares) and categories == set(one.entry.category_ids)


def _filled(row: Promotion, entry: Entry) -> Promotion:
    row.name, row.starts_on, row.ends_on, row.location_id = (
        entry.name, entry.starts_on, entry.ends_on, entry.location_id,
    )  # fmt: skip
    for name in FIELDS:
        setattr(row, name, getattr(entry, name))
    return row


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def _note(action: str, actor: User | None, now: datetime, count: int) -> None:
    if count:
        record_audit(
            actor=actor, action=action, object_type="promotion", object_id="file", now=now, data={"count": count}
        )
