"""Overrides that meet: those that hold for some of the same SKUs, at some of the same places and days."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from forecasting.domain.overrides import Override, rank
from forecasting.models import ForecastOverride
from forecasting.selectors.overrides import Level, as_domain, overrides_for
from inventory.domain.category_tree import CategoryTree
from inventory.models import Sku
from inventory.selectors.categories import load_tree

# Newer than all that there are.
NOT_MADE_YET = 2**62


@dataclass(frozen=True)
class Meeting:
    """Another override; `rules` where it is the more specific one, and so counts in place of the one that was asked
    about."""

    row: ForecastOverride
    rules: bool


@dataclass(frozen=True)
class _Goods:
    """A SKU with its category, or a category, or neither: all."""

    sku_id: int | None
    category_id: int | None


def meetings_of(user: User, level: Level, first: date, last: date, override_id: int = NOT_MADE_YET) -> list[Meeting]:
    """Those that the user may see and that count on a day from `first` to `last`, the more specific ones first. Three
    statements."""
    rows = overrides_for(user).filter(ended_at=None, expires_on__gte=first, starts_on__lte=last).exclude(pk=override_id)
    sku = Sku.objects.filter(pk=level.sku_id).only("category_id").first() if level.sku_id else None
    goods, tree = _Goods(level.sku_id, sku.category_id if sku else level.category_id), load_tree()
    asked = Override(override_id, level.sku_id, level.category_id, level.location_id, first, last, 1.0)
    found = [
        row for row in rows
        if _is_same_place(row.location_id, level.location_id) and _meet(_goods_of(row), goods, tree)
    ]  # fmt: skip
    ordered = sorted(found, key=lambda row: rank(as_domain(row), tree), reverse=True)
    return [Meeting(row, rank(as_domain(row), tree) > rank(asked, tree)) for row in ordered]


def _goods_of(row: ForecastOverride) -> _Goods:
    return _Goods(row.sku_id, row.sku.category_id if row.sku else row.category_id)


def _is_same_place(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def _meet(one: _Goods, other: _Goods, tree: CategoryTree) -> bool:
    if one.sku_id is not None and other.sku_id is not None:
        return one.sku_id == other.sku_id
    return _holds(one, other, tree) or _holds(other, one, tree)


def _holds(wide: _Goods, narrow: _Goods, tree: CategoryTree) -> bool:
    """Whether all that is `narrow` is of the category `wide`, or `wide` is everything."""
    if wide.sku_id is not None:
        return False
    if wide.category_id is None:
        return True
    return narrow.category_id is not None and wide.category_id in tree.chain(narrow.category_id)
