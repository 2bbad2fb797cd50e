"""Transfers as the pages show them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, DateField, DateTimeField, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from accounts.models import AuditEvent, User
from accounts.text import format_quantity
from inventory.domain.days import local_date
from inventory.models import Transfer, TransferDifference, TransferLine, TransferState
from inventory.models.lot import Lot
from inventory.selectors.lot_levels import lots_on_the_way
from inventory.selectors.scope import location_scope

OPEN_TRANSFER_STATES = ("draft", "shipped")
OVERDUE = "overdue"


def transfers_for(user: User) -> QuerySet[Transfer]:
    """Transfers that leave or reach one of the user's places."""
    if user.sees_all_locations:
        return Transfer.objects.all()
    return Transfer.objects.filter(
        Q(pk__in=Transfer.objects.filter(location_scope(user, "source")).values("pk"))
        | Q(pk__in=Transfer.objects.filter(location_scope(user, "destination")).values("pk"))
    )


def list_transfers(
    user: User, *, now: datetime, state: str = "open", location_id: int | None = None, search: str = ""
) -> QuerySet[Transfer]:
    """Transfers with `line_count` and `units`, the newest first; `state` is "open", "overdue", "all" or one state.

    `search` is a part of the number, or of the code or name of a SKU on it.
    """
    transfers = transfers_for(user).select_related("source", "destination")
    if search:
        carrying = TransferLine.objects.filter(Q(sku__code__icontains=search) | Q(sku__name__icontains=search))
        transfers = transfers.filter(Q(number__icontains=search) | Q(pk__in=carrying.values("transfer_id")))
    if state == OVERDUE:
        transfers = overdue(transfers, now)
    elif state == "open":
        transfers = transfers.filter(state__in=OPEN_TRANSFER_STATES)
    elif state in TransferState.values:
        transfers = transfers.filter(state=state)
    if location_id is not None:
        transfers = transfers.filter(Q(source_id=location_id) | Q(destination_id=location_id))
    return transfers.annotate(line_count=Count("lines"), units=Sum("lines__quantity")).order_by("-created_at", "-pk")


def overdue(transfers: QuerySet[Transfer], now: datetime) -> QuerySet[Transfer]:
    """Those on the way whose day of arrival has passed on the calendar of the place that waits for them."""
    clock = Func(F("destination__time_zone"), Value(now), function="timezone", output_field=DateTimeField())
    return transfers.filter(state=TransferState.SHIPPED, expected_on__lt=Cast(clock, DateField()))


def is_overdue(transfer: Transfer, now: datetime) -> bool:
    """The same for one transfer with its destination."""
    if transfer.state != TransferState.SHIPPED or transfer.expected_on is None:
        return False
    return transfer.expected_on < local_date(now, transfer.destination.time_zone)


def transfer_lines(transfer: Transfer) -> QuerySet[TransferLine]:
    """Lines with their SKU, and the lot that they name."""
    return transfer.lines.select_related("sku", "lot").order_by("sku__name", "pk")


def transfer_differences(transfer: Transfer) -> QuerySet[TransferDifference]:
    """What did not arrive as it was sent, the newest first."""
    return transfer.differences.select_related("line__sku", "reason", "noted_by").order_by("-noted_at", "-pk")


def lots_of(transfer: Transfer, lines: Sequence[TransferLine]) -> dict[int, str]:
    """By line, the lot that it names, else those that are on the way: code and how many of it. Empty for others."""
    found = lots_on_the_way(transfer, [line.sku_id for line in lines if line.sku.is_lot_tracked])
    lot_ids = [lot_id for rows in found.values() for lot_id, _quantity in rows]
    codes = dict(Lot.objects.filter(pk__in=lot_ids).values_list("pk", "code"))
    named = {(line.sku_id, line.lot_id): line.open_quantity for line in lines if line.lot_id is not None}
    texts = {}
    for line in lines:
        if line.lot is not None:
            texts[line.pk] = line.lot.code
        elif line.sku_id in found:
            rest = [(lot_id, left - named.get((line.sku_id, lot_id), 0)) for lot_id, left in found[line.sku_id]]
            texts[line.pk] = ", ".join(
                f"{codes[lot_id]} ({format_quantity(left)})" for lot_id, left in rest if left > 0
            )
    return texts


def transfer_history(transfer: Transfer) -> QuerySet[AuditEvent]:
    """Who did what with the transfer, the newest first."""
    return (
        AuditEvent.objects.filter(object_type="transfer", object_id=str(transfer.pk))
        .select_related("actor")
        .order_by("-at", "-pk")
    )
