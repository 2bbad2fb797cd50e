"""What scanners may read on a page whose lines are fixed."""

from collections.abc import Iterable

from inventory.domain.movements import plain
from inventory.models import Barcode, Sku

Codes = dict[str, str]


def codes_of(sku_ids: Iterable[int]) -> dict[int, Codes]:
    """For each SKU its codes with the units that each stands for; its own code is one unit."""
    wanted = set(sku_ids)
    found: dict[int, Codes] = {
        pk: {code: "1"} for pk, code in Sku.objects.filter(pk__in=wanted).values_list("pk", "code")
    }
    rows = Barcode.objects.filter(sku__in=wanted).values_list("sku_id", "code", "pack_quantity")
    for sku_id, code, quantity in rows:
        found[sku_id][code] = plain(quantity)
    return found
