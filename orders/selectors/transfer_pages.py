"""Transfers as the pages show them."""

from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.models import AuditEvent, User
from inventory.models import Transfer, TransferLine, TransferState
from inventory.selectors.scope import location_scope

OPEN_TRANSFER_STATES = ("draft", "shipped")


def transfers_for(user: User) -> QuerySet[Transfer]:
    """Transfers that leave or reach one of the user's places."""
    if user.sees_all_locations:
        return Transfer.objects.all()
    return Transfer.objects.filter(
        Q(pk__in=Transfer.objects.filter(location_scope(user, "source")).values("pk"))
        | Q(pk__in=Transfer.objects.filter(location_scope(user, "destination")).values("pk"))
    )


def list_transfers(user: User, *, state: str = "open", location_id: int | None = None) -> QuerySet[Transfer]:
    """Transfers with `line_count` and `units`, the newest first; `state` is "open", "all" or one state."""
    transfers = transfers_for(user).select_related("source", "destination")
    if state == "open":
        transfers = transfers.filter(state__in=OPEN_TRANSFER_STATES)
    elif state in TransferState.values:
        transfers = transfers.filter(state=state)
    if location_id is not None:
        transfers = transfers.filter(Q(source_id=location_id) | Q(destination_id=location_id))
    return transfers.annotate(line_count=Count("lines"), units=Sum("lines__quantity")).order_by("-created_at", "-pk")


def transfer_lines(transfer: Transfer) -> QuerySet[TransferLine]:
    """Lines with their SKU; `open_quantity` is what may still arrive."""
    lines = transfer.lines.select_related("sku").annotate(open_quantity=F("quantity") - F("received"))
    return lines.order_by("sku__name", "pk")


def transfer_history(transfer: Transfer) -> QuerySet[AuditEvent]:
    """Who did what with the transfer, the newest first."""
    return (
        AuditEvent.objects.filter(object_type="transfer", object_id=str(transfer.pk))
        .select_related("actor")
        .order_by("-at", "-pk")
    )
