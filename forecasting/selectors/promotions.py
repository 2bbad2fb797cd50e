"""Promotions as a panel of days."""

from datetime import date, timedelta

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from forecasting.models import PromotionSku

I64 = NDArray[np.int64]


def promotion_shares(location_ids: I64, sku_ids: I64, start: date, days: int) -> NDArray[np.float32] | None:
    """float32 [n, days]: how much of SKU sku_ids[i] is promoted at location_ids[i] on day `start + j`; None where there
    is none at all.
    """
    end = start + timedelta(days=days - 1)
    rows = PromotionSku.objects.filter(
        Q(promotion__location__in=np.unique(location_ids).tolist()) | Q(promotion__location=None),
        promotion__starts_on__lte=end,
        promotion__ends_on__gte=start,
        sku_id__in=np.unique(sku_ids).tolist(),
    ).values_list("sku_id", "share", "promotion__starts_on", "promotion__ends_on", "promotion__location_id")
    shares = np.zeros((len(sku_ids), days), dtype=np.float32)
    order = np.argsort(sku_ids, kind="stable")
    by_sku = sku_ids[order]
    for sku_id, share, starts_on, ends_on, location_id in rows:
        here = order[np.searchsorted(by_sku, sku_id) : np.searchsorted(by_sku, sku_id, side="right")]
        here = here if location_id is None else here[location_ids[here] == location_id]
        first, last = max((starts_on - start).days, 0), (ends_on - start).days + 1
        shares[here, first:last] = np.maximum(shares[here, first:last], float(share))
    return shares if shares.any() else None
