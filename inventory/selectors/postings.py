"""One posting as a whole."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from inventory.models import Movement, Posting
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.ledger import ledger_for
from inventory.selectors.scope import locations_for


def postings_for(user: User) -> QuerySet[Posting]:
    """Postings that touch a place of the user."""
    touched = Exists(ledger_for(user).filter(posting=OuterRef("pk")))
    return Posting.objects.filter(touched).select_related("posted_by")


def lines_of_posting(posting: Posting) -> list[Movement]:
    related = ("sku", "source", "destination", "reason")
    return list(Movement.objects.filter(posting=posting).select_related(*related).order_by("line"))


def is_all_ours(user: User, lines: Sequence[Movement]) -> bool:
    """Whether every store and warehouse of the lines is one of the user's."""
    places = {place for line in lines for place in (line.source, line.destination) if place.kind in STOCKING_KINDS}
    if user.sees_all_locations or not places:
        return True
    return places <= set(locations_for(user).filter(pk__in=[place.pk for place in places]))


def reversal_of(posting: Posting) -> Posting | None:
    """The posting that undid this one."""
    return Posting.objects.filter(movements__reverses__posting=posting).select_related("posted_by").first()
