"""The whole card of a SKU in one act: its fields, what hangs on it, and where it is on sale."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from inventory.models import Listing, Sku
from inventory.services.card_parts import CardParts
from inventory.services.catalogue import create_sku, update_sku
from inventory.services.listings import delist_skus, list_skus, places_by_day


@transaction.atomic
def save_card(
    *,
    sku_id: int | None,
    values: Mapping[str, Any],
    parts: CardParts,
    on_sale: Collection[int],
    among: Collection[int],
    user: User | None,
    now: datetime,
) -> Sku:
    """Makes a SKU (`sku_id` None) or changes it. Of the places `among` it is on sale at `on_sale` afterwards.

    Raises what `create_sku` and `update_sku` raise; then nothing is changed.
    """
    if sku_id is None:
        sku = create_sku(values=values, parts=parts, user=user, now=now)
    else:
        sku = update_sku(sku_id=sku_id, values=values, parts=parts, user=user, now=now)
    listed = Listing.objects.filter(sku=sku, delisted_on=None, location__in=among)
    before = set(listed.values_list("location_id", flat=True))
    for day, places in places_by_day(set(on_sale) - before, now).items():
        list_skus(sku_ids=[sku.pk], location_ids=places, listed_on=day, now=now)
    for day, places in places_by_day(before - set(on_sale), now).items():
        delist_skus(sku_ids=[sku.pk], location_ids=places, delisted_on=day, now=now)
    return sku
