"""Promotions of a part of the assortment as a panel of days."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from numpy.typing import NDArray

from forecasting.domain.occasions import PROMOTION, key_of
from forecasting.models import Promotion, PromotionCategory, PromotionScope, PromotionSku
from inventory.domain.category_tree import NO_TREE
from inventory.models import Location, Sku
from inventory.selectors.categories import load_tree

I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
# What comes again: the kind, or the name of one that has none.
KIND = Coalesce(NullIf(F("kind"), Value("")), F("name"))
KIND_OF_PART = Coalesce(NullIf(F("promotion__kind"), Value("")), F("promotion__name"))


@dataclass(frozen=True, slots=True)
class PromotedPart:
    """One SKU, or all that stand in one category, or all, at one location or at all; `share` of it on these days."""

    kind: str
    share: float
    starts_on: date
    ends_on: date
    location_id: int | None
    sku_id: int | None = None
    category_id: int | None = None

    @property
    def key(self) -> str:
        return key_of(PROMOTION, self.kind)


@dataclass(frozen=True)
class Rows:
    """The series that a panel has: SKU, category and location of each row."""

    sku_ids: I64
    category_ids: I64
    location_ids: I64


def promoted_parts(rows: Rows, start: date, days: int) -> list[PromotedPart]:
    """What was and will be promoted in these days for these series. Three statements, and one for the tree where a
    category is promoted: what lies in it is too.

    Promotions of the whole assortment everywhere are occasions of all series and stand in `selectors.occasions`.
    """
    end = start + timedelta(days=days - 1)
    places = np.unique(rows.location_ids).tolist()
    here = Q(promotion__location__in=places) | Q(promotion__location=None)
    then = Q(promotion__starts_on__lte=end, promotion__ends_on__gte=start)
    fields = ("promotion__starts_on", "promotion__ends_on", "promotion__location_id")
    skus = PromotionSku.objects.filter(
        here, then, promotion__scope=PromotionScope.SKUS, sku_id__in=np.unique(rows.sku_ids).tolist()
    ).values_list(KIND_OF_PART, "share", *fields, "sku_id")
    categories = list(
        PromotionCategory.objects.filter(here, then, promotion__scope=PromotionScope.CATEGORIES).values_list(
            KIND_OF_PART, "promotion__share", *fields, "category_id"
        )
    )
    tree = load_tree() if categories else NO_TREE
    chains = {one: tree.chain(one) for one in np.unique(rows.category_ids).tolist()}
    # Years of promotions name the same few categories again and again.
    named = {above for *_rest, above in categories}
    inside = {above: [one for one, chain in chains.items() if above in chain] for above in named}
    whole = Promotion.objects.filter(
        scope=PromotionScope.ALL, location__in=places, starts_on__lte=end, ends_on__gte=start
    ).values_list(KIND, "share", "starts_on", "ends_on", "location_id")
    return [
        *(
            PromotedPart(kind, float(share), first, last, place, sku_id=sku)
            for kind, share, first, last, place, sku in skus
        ),
        *(
            PromotedPart(kind, float(share), first, last, place, category_id=category)
            for kind, share, first, last, place, above in categories
            for category in inside[above]
        ),
        *(PromotedPart(kind, float(share), first, last, place) for kind, share, first, last, place in whole),
    ]


@dataclass(frozen=True, slots=True)
class Promoted:
    """Days on which a SKU is promoted, and how much of it (0..1). `is_occasion`: everything is, everywhere, which the
    forecast learns as it learns a holiday, apart from promotions."""

    name: str
    starts_on: date
    ends_on: date
    share: float
    is_occasion: bool


def promotions_about(sku: Sku, location: Location, first: date, last: date) -> list[Promoted]:
    """What was, is and will be promoted of a SKU at a place on these days: itself, what it lies in, the whole place or
    everything. One statement, and one for the tree.
    """
    above = load_tree().chain(sku.category_id) if sku.category_id else ()
    own = PromotionSku.objects.filter(promotion=OuterRef("pk"), sku=sku)
    rows = (
        Promotion.objects.filter(Q(location=location) | Q(location=None), ends_on__gte=first, starts_on__lte=last)
        .filter(
            Q(scope=PromotionScope.ALL)
            | Q(scope=PromotionScope.CATEGORIES, categories__category__in=above)
            | Q(scope=PromotionScope.SKUS, skus__sku=sku)
        )
        .annotate(much=Case(When(scope=PromotionScope.SKUS, then=Subquery(own.values("share"))), default=F("share")))
        .order_by("starts_on", "pk")
        .distinct()
    )
    found = rows.values_list("name", "starts_on", "ends_on", "much", "scope", "location")
    return [
        Promoted(name, max(begin, first), min(end, last), float(much), scope == PromotionScope.ALL and not place)
        for name, begin, end, much, scope, place in found
    ]


def promotion_shares(
    parts: Iterable[PromotedPart], rows: Rows, start: date, days: int, ignored: Collection[str] = ()
) -> F32 | None:
    """float32 [n, days]: how much of each row is promoted on day `start + j`; where several are, the largest counts.
    None where there is none at all.
    """
    shares = np.zeros((len(rows.sku_ids), days), dtype=np.float32)
    for part, here, on in _cells(parts, rows, start):
        if part.key not in ignored:
            shares[here, on] = np.maximum(shares[here, on], part.share)
    return shares if shares.any() else None


def kind_shares(parts: Iterable[PromotedPart], rows: Rows, start: date, days: int, kinds: Sequence[str]) -> F32 | None:
    """float32 [n, days, m]: the same for each of the m kinds alone, in the order of their keys; zeros of one that is in
    no promotion any more, for a model counts its drivers. None without kinds.
    """
    if not kinds:
        return None
    shape = (len(rows.sku_ids), days, len(kinds))
    own = [part for part in parts if part.key in kinds]
    if not own:
        # A shard without any such promotion needs the numbers, but no memory for them.
        return np.broadcast_to(np.float32(0), shape)
    drivers = np.zeros(shape, dtype=np.float32)
    shares_of = {key: drivers[:, :, place] for place, key in enumerate(kinds)}
    for part, here, on in _cells(own, rows, start):
        shares = shares_of[part.key]
        shares[here, on] = np.maximum(shares[here, on], part.share)
    return drivers


def _cells(parts: Iterable[PromotedPart], rows: Rows, start: date) -> Iterator[tuple[PromotedPart, I64, slice]]:
    """Each part with its rows and its days, counted from `start`."""
    order = np.argsort(rows.sku_ids, kind="stable")
    by_sku = rows.sku_ids[order]
    for part in parts:
        if part.sku_id is not None:
            here = order[np.searchsorted(by_sku, part.sku_id) : np.searchsorted(by_sku, part.sku_id, side="right")]
        elif part.category_id is not None:
            here = np.flatnonzero(rows.category_ids == part.category_id)
        else:
            here = np.arange(len(rows.sku_ids))
        here = here if part.location_id is None else here[rows.location_ids[here] == part.location_id]
        yield part, here, slice(max((part.starts_on - start).days, 0), (part.ends_on - start).days + 1)
