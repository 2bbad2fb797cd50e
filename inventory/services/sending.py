"""Goods that leave for another place of ours: kept as a draft, or right now."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from inventory.models import Location, Transfer
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer, edit_transfer, ship_transfer


@transaction.atomic
def keep_draft(
    *,
    source: Location,
    destination: Location,
    lines: Sequence[GoodsLine],
    user: User | None,
    now: datetime,
    expected_on: date | None = None,
    transfer_id: int | None = None,
) -> Transfer:
    """A new draft, or the one named written anew. Raises what `create_transfer` and `edit_transfer` raise."""
    if transfer_id is None:
        return create_transfer(
            source=source, destination=destination, lines=lines, user=user, now=now, expected_on=expected_on
        )
    return edit_transfer(
        transfer_id=transfer_id,
        source=source,
        destination=destination,
        lines=lines,
        user=user,
        now=now,
        expected_on=expected_on,
    )


@transaction.atomic
def send_goods(
    *,
    source: Location,
    destination: Location,
    lines: Sequence[GoodsLine],
    user: User | None,
    now: datetime,
    expected_on: date | None = None,
    transfer_id: int | None = None,
) -> Transfer:
    """Makes a transfer (or writes its draft anew) and ships it, both or neither. Raises what these raise."""
    transfer = keep_draft(
        source=source,
        destination=destination,
        lines=lines,
        user=user,
        now=now,
        expected_on=expected_on,
        transfer_id=transfer_id,
    )
    return ship_transfer(transfer_id=transfer.pk, user=user, now=now)
