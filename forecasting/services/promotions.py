"""The promotion calendar: entries made, changed, deleted, and packs loaded. The next night reads what stands here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from forecasting.domain.packs import PACKS, pack_entries
from forecasting.models import Promotion, PromotionCategory, PromotionScope, PromotionSku

LONGEST_DAYS = 92
FIRST_YEAR, LAST_YEAR = 2000, 2098
MOST_SKUS = 10_000


@dataclass(frozen=True)
class Entry:
    """What an entry says. `category_ids` and `sku_ids` count with their scope alone; `location_id` None: everywhere."""

    name: str
    starts_on: date
    ends_on: date
    kind: str = ""
    scope: str = PromotionScope.ALL
    share: Decimal = Decimal(1)
    discount_percent: Decimal | None = None
    location_id: int | None = None
    category_ids: Sequence[int] = field(default_factory=tuple)
    sku_ids: Sequence[int] = field(default_factory=tuple)


@dataclass(frozen=True)
class Loaded:
    """How many entries of a pack were added, and how many had been loaded before."""

    added: int
    known: int


@transaction.atomic
def save_promotion(*, promotion_id: int | None, entry: Entry, actor: User | None, now: datetime) -> Promotion:
    """Makes an entry, or writes another over it. Raises InvalidInput naming each wrong field, Promotion.DoesNotExist.

    SKUs that were in it keep the share they had, unless the share of the entry is another than before.
    """
    _check(entry)
    row = Promotion() if promotion_id is None else Promotion.objects.get(pk=promotion_id)
    is_other_share = row.share != entry.share
    row.name, row.kind = entry.name.strip(), entry.kind.strip()
    row.starts_on, row.ends_on, row.scope = entry.starts_on, entry.ends_on, entry.scope
    row.share, row.discount_percent, row.location_id = entry.share, entry.discount_percent, entry.location_id
    row.save()
    _write_skus(row, entry.sku_ids if entry.scope == PromotionScope.SKUS else [], is_other_share)
    _write_categories(row, entry.category_ids if entry.scope == PromotionScope.CATEGORIES else [])
    data = {"name": row.name, "kind": row.kind, "starts_on": f"{row.starts_on}", "ends_on": f"{row.ends_on}"}
    record_audit(
        actor=actor, action="promotion.made" if promotion_id is None else "promotion.changed",
        object_type="promotion", object_id=row.pk, now=now, data={**data, "scope": row.scope, "share": f"{row.share}"},
    )  # fmt: skip
    return row


@transaction.atomic
def delete_promotion(*, promotion_id: int, actor: User | None, now: datetime) -> None:
    """It never was, for the forecast. A repeat changes nothing."""
    row = Promotion.objects.filter(pk=promotion_id).first()
    if row is None:
        return
    record_audit(
        actor=actor, action="promotion.deleted", object_type="promotion", object_id=row.pk, now=now,
        data={"name": row.name, "starts_on": f"{row.starts_on}", "ends_on": f"{row.ends_on}"},
    )  # fmt: skip
    row.delete()


@transaction.atomic
def load_pack(
    *, pack: str, country: str, years: Sequence[int], names: Mapping[str, str], actor: User | None, now: datetime
) -> Loaded:
    """Adds the occasions of a pack for these years, for the whole assortment everywhere; `names` by kind. What was
    loaded before stays as it was edited; what was deleted since comes again. Raises InvalidInput.
    """
    if pack not in PACKS or not years or min(years) < FIRST_YEAR or max(years) > LAST_YEAR:
        message = _("Choose a pack, and a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise wrong_field("year", message)
    rows = [
        Promotion(
            name=names.get(entry.kind, entry.kind)[:120], kind=entry.kind, starts_on=entry.starts_on,
            ends_on=entry.ends_on, scope=PromotionScope.ALL, pack_entry=f"{pack} {country} {year} {entry.kind}",
        )
        for year in years
        for entry in pack_entries(pack, country, year)
    ]  # fmt: skip
    keys = [row.pack_entry for row in rows]
    known = Promotion.objects.filter(pack_entry__in=keys).count()
    Promotion.objects.bulk_create(rows, ignore_conflicts=True)
    added = Promotion.objects.filter(pack_entry__in=keys).count() - known
    record_audit(
        actor=actor, action="promotion.pack_loaded", object_type="promotion_pack", object_id=pack, now=now,
        data={"country": country, "years": list(years), "added": added},
    )  # fmt: skip
    return Loaded(added, known)


def _write_skus(row: Promotion, sku_ids: Sequence[int], is_other_share: bool) -> None:
    row.skus.exclude(sku__in=sku_ids).delete()
    if is_other_share:
        row.skus.update(share=row.share)
    rows = [PromotionSku(promotion=row, sku_id=sku_id, share=row.share) for sku_id in sorted(set(sku_ids))]
    PromotionSku.objects.bulk_create(rows, ignore_conflicts=True)


def _write_categories(row: Promotion, category_ids: Sequence[int]) -> None:
    row.categories.exclude(category__in=category_ids).delete()
    rows = [PromotionCategory(promotion=row, category_id=category_id) for category_id in sorted(set(category_ids))]
    PromotionCategory.objects.bulk_create(rows, ignore_conflicts=True)


def _check(entry: Entry) -> None:
    discount = entry.discount_percent
    rules = (
        ("name", bool(entry.name.strip()), _("Give it a name, for example Summer sale.")),
        (
            "starts_on",
            FIRST_YEAR <= entry.starts_on.year <= LAST_YEAR and entry.ends_on.year <= LAST_YEAR,
            _("It lies in the years %(first)d to %(last)d. Is the year right?")
            % {"first": FIRST_YEAR, "last": LAST_YEAR},
        ),
        ("ends_on", entry.ends_on >= entry.starts_on, _("The last day lies before the first one.")),
        (
            "ends_on",
            (entry.ends_on - entry.starts_on).days < LONGEST_DAYS,
            _("A promotion has at most %(days)d days: what lasts longer is no exception from the usual.")
            % {"days": LONGEST_DAYS},
        ),
        ("scope", entry.scope in PromotionScope.values, _("Choose what it is for.")),
        (
            "categories",
            entry.scope != PromotionScope.CATEGORIES or bool(entry.category_ids),
            _("Choose at least one category."),
        ),
        ("skus", entry.scope != PromotionScope.SKUS or bool(entry.sku_ids), _("Name at least one SKU.")),
        ("skus", len(entry.sku_ids) <= MOST_SKUS, _("At most %(most)d SKUs.") % {"most": MOST_SKUS}),
        ("share", 0 < entry.share <= 1, _("The share lies above 0 and is at most 1.")),
        (
            "discount_percent",
            discount is None or 0 < discount <= 100,
            _("The discount lies above 0 and is at most 100 per cent."),
        ),
    )
    problems = [{"field": name, "message": message} for name, is_fine, message in rules if not is_fine]
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)
