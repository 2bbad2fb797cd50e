"""Promotions as a panel of days."""

from datetime import date, timedelta

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from forecasting.models import PromotionSku


def promotion_shares(
    location_id: int, sku_ids: NDArray[np.int64], start: date, days: int
) -> NDArray[np.float32] | None:
    """float32 [n, days]: how much of each SKU (sorted ids) is promoted on day `start + i`; None where there is
    none at all.
    """
    end = start + timedelta(days=days - 1)
    rows = PromotionSku.objects.filter(
        Q(promotion__location=location_id) | Q(promotion__location=None),
        promotion__starts_on__lte=end,
        promotion__ends_on__gte=start,
        sku_id__in=sku_ids.tolist(),
    ).values_list("sku_id", "share", "promotion__starts_on", "promotion__ends_on")
    shares = np.zeros((len(sku_ids), days), dtype=np.float32)
    for sku_id, share, starts_on, ends_on in rows:
        row = int(np.searchsorted(sku_ids, sku_id))
        first, last = max((starts_on - start).days, 0), (ends_on - start).days + 1
        shares[row, first:last] = np.maximum(shares[row, first:last], float(share))
    return shares if shares.any() else None
