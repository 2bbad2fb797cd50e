"""Kinship read from names: "store-7/coffee" and "store-9/coffee" are the same item at two locations.

Tidy files name each series by one string. Where all names consist of as many parts, cut by anything that is neither a
letter nor a digit, the place to split them is the one that leaves both sides with the largest groups; the side with
more different values is the item, the other the location, and the item without its last part the category.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.engine.kernels import I32

PARTS = re.compile(r"[^0-9A-Za-z]+")
LEAST_GROUP = 2.0  # series per group, on average, for a split to say anything


@dataclass(frozen=True)
class Kinship:
    """int32 [n] each, as in `Panel`; None where the names do not say."""

    item: I32 | None = None
    location: I32 | None = None
    category: I32 | None = None

    def rows(self, part: np.ndarray) -> "Kinship":
        """That of some of the series."""
        return Kinship(*(None if ids is None else ids[part] for ids in (self.item, self.location, self.category)))


def kinship(names: Sequence[str]) -> Kinship:
    """Read item, location and category from the names of series."""
    parts = [tuple(PARTS.split(name.strip())) for name in names]
    width = len(parts[0]) if parts else 0
    if width < 2 or any(len(found) != width for found in parts):
        return Kinship()
    splits = [(_ids([p[:at] for p in parts]), _ids([p[at:] for p in parts]), at) for at in range(1, width)]
    left, right, at = max(splits, key=lambda split: min(_group_size(split[0]), _group_size(split[1])))
    if min(_group_size(left), _group_size(right)) < LEAST_GROUP:
        return Kinship()
    is_left = left.max() >= right.max()
    item, location = (left, right) if is_left else (right, left)
    own = [p[:at] if is_left else p[at:] for p in parts]
    category = _ids([p[:-1] for p in own]) if len(own[0]) > 1 else None
    if category is not None and (category.max() == 0 or category.max() == item.max()):
        category = None
    return Kinship(item, location, category)


def _ids(keys: list[tuple[str, ...]]) -> I32:
    known: dict[tuple[str, ...], int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int32)


def _group_size(ids: I32) -> float:
    """Series per group; 0 where all are in one group, which says nothing."""
    groups = int(ids.max()) + 1
    return len(ids) / groups if groups > 1 else 0.0
