"""The demand on a place that supplies others: what their customers will ask of all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orders.domain.curves import F64


class Part(Protocol):
    """The forecast of one place, such as forecasting.selectors.sums.PublishedSums; shapes as in Pooled."""

    @property
    def sku_ids(self) -> NDArray[np.int64]: ...
    @property
    def is_known(self) -> NDArray[np.bool_]: ...
    @property
    def mean(self) -> NDArray[np.float32]: ...
    @property
    def sum_quantiles(self) -> NDArray[np.float32]: ...
    @property
    def grid(self) -> tuple[int, ...]: ...


@dataclass(frozen=True)
class Pooled:
    """Of n SKUs, ascending: mean [n, H], sum_quantiles [n, g, q], is_known [n] where at least one place has a
    forecast."""

    sku_ids: NDArray[np.int64]
    mean: F64
    sum_quantiles: F64
    is_known: NDArray[np.bool_]


def pool(sku_ids: NDArray[np.int64], parts: Sequence[Part]) -> Pooled:
    """Adds up the demand of places that share horizon, grid and levels, taking it to be independent between them.

    Means add up. Distances of a quantile from the mean add up as standard deviations do (the root of the sum of
    squares), which is exact for normal demand; a quantile below the mean takes its distance down.
    """
    first = parts[0]
    mean = np.zeros((len(sku_ids), first.mean.shape[1]))
    spread = np.zeros((len(sku_ids), *first.sum_quantiles.shape[1:]))
    is_known = np.zeros(len(sku_ids), dtype=np.bool_)
    for part in parts:
        rows, found = _match(sku_ids, part)
        centre = _centres(part.mean[found], part.grid)
        away = part.sum_quantiles[found] - centre
        mean[rows] += part.mean[found]
        spread[rows] += np.sign(away) * away**2
        is_known[rows] = True
    away_all = np.sign(spread) * np.sqrt(np.abs(spread))
    quantiles = np.maximum.accumulate(np.maximum(_centres(mean, first.grid) + away_all, 0.0), axis=2)
    return Pooled(sku_ids, mean, quantiles, is_known)


def _match(sku_ids: NDArray[np.int64], part: Part) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of `sku_ids` and of `part` that are the same SKU with a forecast."""
    _both, rows, found = np.intersect1d(sku_ids, part.sku_ids, assume_unique=True, return_indices=True)
    known = part.is_known[found]
    return rows[known], found[known]


def _centres(mean: NDArray[np.floating], grid: tuple[int, ...]) -> F64:
    """[n, g, 1]: expected demand over the next grid[i] days."""
    total = np.cumsum(mean.astype(np.float64), axis=1)
    return total[:, np.array(grid) - 1][:, :, None]
