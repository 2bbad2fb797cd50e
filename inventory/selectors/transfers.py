"""Transfers that a user has to do with."""

from django.db.models import Q, QuerySet

from accounts.models import User
from inventory.models import Transfer
from inventory.selectors.scope import locations_for


def transfers_for(user: User) -> QuerySet[Transfer]:
    """From or to a place of the user."""
    places = locations_for(user).order_by().values("pk")
    related = Transfer.objects.select_related("source", "destination").prefetch_related(
        "lines__sku", "lines__lot", "differences__line__sku", "differences__reason"
    )
    return related.filter(Q(source__in=places) | Q(destination__in=places))


def transfers_from(user: User) -> QuerySet[Transfer]:
    """Those that the user may ship or cancel."""
    return Transfer.objects.filter(source__in=locations_for(user).order_by().values("pk"))


def transfers_to(user: User) -> QuerySet[Transfer]:
    """Those that the user may receive."""
    return Transfer.objects.filter(destination__in=locations_for(user).order_by().values("pk"))
