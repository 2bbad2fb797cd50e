"""Where SKUs lie in a store or warehouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from inventory.models import Location, ShelfPosition, Sku

LONGEST = 20
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """A SKU by its code, an aisle, and a position in it."""

    sku: str
    aisle: str
    position: str = ""


@transaction.atomic
def set_positions(*, location: Location, places: Sequence[Place]) -> int:
    """Says anew where the SKUs that are named lie; others stay where they are. Returns how many positions there are.

    An empty aisle takes the SKU off the map. Raises `InvalidInput` with a row per line that cannot be kept.
    """
    if len(places) > MOST:
        raise InvalidInput(_("Send at most %(most)d positions at a time.") % {"most": MOST})
    ids = dict(Sku.objects.filter(code__in={place.sku for place in places}).values_list("code", "pk"))
    _check(places, ids)
    ShelfPosition.objects.filter(location=location, sku__in=ids.values()).delete()
    wanted = {(ids[place.sku], place.aisle.strip(), place.position.strip()) for place in places if place.aisle.strip()}
    made = ShelfPosition.objects.bulk_create(
        ShelfPosition(location=location, sku_id=sku_id, aisle=aisle, position=position)
        for sku_id, aisle, position in sorted(wanted)
    )
    return len(made)


@transaction.atomic
def add_position(*, location: Location, place: Place) -> tuple[ShelfPosition, bool]:
    """One more place at which a SKU lies, and whether it is new; one that is known stays. Raises `InvalidInput`."""
    ids = dict(Sku.objects.filter(code=place.sku).values_list("code", "pk"))
    _check([place], ids)
    if not place.aisle.strip():
        raise InvalidInput(_("Say in which aisle it lies."), details=[{"field": "aisle"}])
    return ShelfPosition.objects.get_or_create(
        location=location, sku_id=ids[place.sku], aisle=place.aisle.strip(), position=place.position.strip()
    )


@transaction.atomic
def remove_position(*, position_id: int, location: Location) -> None:
    """Forgets one place. One that is gone already is no error."""
    ShelfPosition.objects.filter(pk=position_id, location=location).delete()


def _check(places: Sequence[Place], ids: dict[str, int]) -> None:
    faults = [
        {"line": number, "message": message}
        for number, place in enumerate(places, start=1)
        if (message := _fault(place, ids))
    ]
    if faults:
        raise InvalidInput(_("Line %(line)d: %(message)s") % faults[0], details=faults)


def _fault(place: Place, ids: dict[str, int]) -> str:
    if place.sku not in ids:
        return _("There is no SKU %(code)s.") % {"code": place.sku}
    if max(len(place.aisle.strip()), len(place.position.strip())) > LONGEST:
        return _("An aisle and a position have at most %(most)d letters.") % {"most": LONGEST}
    return ""
