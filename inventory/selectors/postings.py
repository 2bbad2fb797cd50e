"""One posting as a whole."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from inventory.models import Location, Movement, Posting
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.ledger import ledger_for
from inventory.selectors.scope import locations_for


def postings_for(user: User) -> QuerySet[Posting]:
    """Postings that touch a place of the user."""
    touched = Exists(ledger_for(user).filter(posting=OuterRef("pk")))
    return Posting.objects.filter(touched).select_related("posted_by")


def lines_of_posting(posting: Posting) -> QuerySet[Movement]:
    """In the order in which they were posted. An imported file is one posting a place: a hundred thousand lines."""
    related = ("sku", "source", "destination", "reason")
    return Movement.objects.filter(posting=posting).select_related(*related).order_by("line")


def is_all_ours(user: User, posting: Posting) -> bool:
    """Whether every store and warehouse that it touches is one of the user's."""
    if user.sees_all_locations:
        return True
    ours = locations_for(user).order_by().values("pk")
    others = Location.objects.filter(kind__in=STOCKING_KINDS).exclude(pk__in=ours).values("pk")
    lines = Movement.objects.filter(posting=posting)
    return not lines.filter(Q(source__in=others) | Q(destination__in=others)).exists()


def reversal_of(posting: Posting) -> Posting | None:
    """The posting that undid this one."""
    return Posting.objects.filter(movements__reverses__posting=posting).select_related("posted_by").first()
