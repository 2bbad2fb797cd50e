"""What people know better than the forecast: which override holds for a series on a day, and what it makes of it.

An override multiplies the demand of its days by a factor. One that names a quantity has the factor that spreads the
quantity over its series and days in proportion to their forecast. Where several hold, the most specific one rules
alone: factors of several people multiplied would be nobody's opinion. One for a category holds for all that lies in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from inventory.domain.category_tree import NO_TREE, CategoryTree

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
NOBODY = 0  # id of the override that rules where none does


@dataclass(frozen=True, slots=True)
class Override:
    """One opinion. None in `sku_id`, `category_id` or `location_id` means all. Days `first` to `last`, both included;
    `factor` is at least 0; of two that are equally specific the one with the greater `override_id` is newer and
    rules."""

    override_id: int
    sku_id: int | None
    category_id: int | None
    location_id: int | None
    first: date
    last: date
    factor: float


@dataclass(frozen=True)
class Series:
    """n series: int64 [n] each; a category of 0 is none."""

    sku_ids: I64
    category_ids: I64
    location_ids: I64


def rank(override: Override, tree: CategoryTree = NO_TREE) -> tuple[bool, int, bool, int]:
    """Greater is more specific: SKU before category, the nearest one first, before location, as rules of
    replenishment."""
    return (
        override.sku_id is not None,
        0 if override.category_id is None else len(tree.chain(override.category_id)),
        override.location_id is not None,
        override.override_id,
    )


def ruling(
    overrides: Iterable[Override], series: Series, first: date, days: int, tree: CategoryTree = NO_TREE
) -> tuple[F64, I64]:
    """float64 [n, days] factors from the day `first` on, 1 where nobody has an opinion, and int64 [n, days] the id of
    the override that each comes from, NOBODY where there is none.
    """
    factors = np.ones((len(series.sku_ids), days))
    rulers = np.full((len(series.sku_ids), days), NOBODY, dtype=np.int64)
    for override in sorted(overrides, key=lambda one: rank(one, tree)):
        begin = max((override.first - first).days, 0)
        end = min((override.last - first).days + 1, days)
        if begin < end:
            rows = np.flatnonzero(_holds(override, series, tree))
            factors[rows, begin:end] = override.factor
            rulers[rows, begin:end] = override.override_id
    return factors, rulers


def _holds(override: Override, series: Series, tree: CategoryTree) -> NDArray[np.bool_]:
    found = np.ones(len(series.sku_ids), dtype=np.bool_)
    for wanted, there in ((override.sku_id, series.sku_ids), (override.location_id, series.location_ids)):
        if wanted is not None:
            found &= there == wanted
    if override.category_id is not None:
        found &= np.isin(series.category_ids, sorted(tree.below(override.category_id)))
    return found


def lifted(
    mean: F32, sum_quantiles: F32, grid: Sequence[int], factors: F64, is_integer: NDArray[np.bool_]
) -> tuple[F32, F32]:
    """The forecast with its factors: mean [n, H] and quantiles [n, g, q] of the sums over the next grid[i] days.

    Of a sum whose expectation grows r-fold the distance of each quantile from it grows by the root of r, so that the
    variance stays the same multiple of the mean, as for demand of r times as many customers. Quantiles stay ascending
    in q, never fall in g, are never negative and whole where the series is counted; NaN stays NaN.
    """
    before = mean.astype(np.float64)
    after = before * factors
    ends = np.asarray(grid) - 1
    old, new = (np.cumsum(values, axis=1)[:, ends] for values in (before, after))
    growth = np.sqrt(np.divide(new, old, out=np.ones_like(new), where=old > 0))
    moved = new[:, :, None] + (sum_quantiles - old[:, :, None]) * growth[:, :, None]
    moved = np.where((new <= 0)[:, :, None], 0.0, np.maximum(moved, 0.0))
    moved = np.where(is_integer[:, None, None], np.floor(moved + 0.5), moved)
    # A sum whose days nobody touched keeps the very numbers it had.
    moved = np.where((growth == 1.0)[:, :, None] & (new == old)[:, :, None], sum_quantiles, moved)
    return after.astype(np.float32), np.maximum.accumulate(moved, axis=1).astype(np.float32)
