"""One need bought from several suppliers in one decision."""

from collections.abc import Mapping
from decimal import Decimal

from orders.domain.whole_packs import in_whole_packs

ZERO = Decimal(0)


def split_need(need: Decimal, wanted: Mapping[int, Decimal | None], packs: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Units from each supplier, by id. Who is asked for None gets what the others leave of the need, in whole packs of
    theirs: nothing when they leave nothing. Their least is not reached for, since more than the need is a decision."""
    given = sum((units for units in wanted.values() if units is not None), ZERO)
    rest = max(need - given, ZERO)
    return {
        supplier_id: in_whole_packs(rest, ZERO, packs[supplier_id]) if units is None else units
        for supplier_id, units in wanted.items()
    }
