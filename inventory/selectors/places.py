"""The counterparts that every firm has: suppliers, customers, loss, production, and the way between places."""

from inventory.models import Location
from inventory.models.location import VIRTUAL_KINDS, LocationKind


def counterpart_ids() -> dict[str, int]:
    """Ids by kind of the virtual locations and of "in transit"."""
    kinds = (*VIRTUAL_KINDS, LocationKind.IN_TRANSIT)
    # The first "in transit" is the one that comes with the tables; a firm may add others below it.
    rows = Location.objects.filter(kind__in=kinds).order_by("-pk").values_list("kind", "pk")
    return dict(rows)
