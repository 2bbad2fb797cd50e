"""Where series, each a SKU at a location, stand among others: how arrays read apart are brought together."""

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
Ids = NDArray[np.generic]


def places_among(
    location_ids: Ids, sku_ids: Ids, wanted_locations: Ids, wanted_skus: Ids
) -> tuple[I64, NDArray[np.bool_]]:
    """int64 [m]: where each of the m wanted series stands among n, sorted by location and SKU; and bool [m], whether it
    is one of them."""
    places, skus = np.unique(location_ids), np.unique(sku_ids)
    mine = _number(location_ids, sku_ids, places, skus)
    theirs = _number(wanted_locations, wanted_skus, places, skus)
    at = np.minimum(np.searchsorted(mine, theirs), max(len(mine) - 1, 0))
    if not len(mine):
        return at, np.zeros(len(theirs), dtype=np.bool_)
    return at, np.isin(wanted_locations, places) & np.isin(wanted_skus, skus) & (mine[at] == theirs)


def _number(location_ids: Ids, sku_ids: Ids, places: Ids, skus: Ids) -> I64:
    number = np.searchsorted(places, location_ids) * (len(skus) + 1) + np.searchsorted(skus, sku_ids)
    return np.asarray(number, dtype=np.int64)
