"""Goods that leave for another place of ours right now."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from inventory.models import Location, Transfer
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer, ship_transfer


@transaction.atomic
def send_goods(
    *,
    source: Location,
    destination: Location,
    lines: Sequence[GoodsLine],
    user: User | None,
    now: datetime,
    expected_on: date | None = None,
) -> Transfer:
    """Makes a transfer and ships it, both or neither. Raises what `create_transfer` and `ship_transfer` raise."""
    transfer = create_transfer(
        source=source, destination=destination, lines=lines, user=user, now=now, expected_on=expected_on
    )
    return ship_transfer(transfer_id=transfer.pk, user=user, now=now)
