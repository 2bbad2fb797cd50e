"""What we make ourselves: parts are used up, goods come out."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from inventory.domain.goods import GoodsLine
from inventory.models import Location, MovementKind, Posting
from inventory.selectors.places import counterpart_ids
from inventory.services.lots import Wanted, find_lots, make_lots
from inventory.services.posting import MovementLine, post_movements


@transaction.atomic
def post_production(
    *,
    location: Location,
    used: Sequence[GoodsLine],
    made: Sequence[GoodsLine],
    key: str | None,
    user: User | None,
    now: datetime,
    note: str = "",
) -> Posting:
    """Takes what was `used` off the stock and puts what was `made` on it, both or neither; one of them may be empty.

    Lines of a refusal are numbered through, those that were used first. Raises what `post_movements` raises.
    """
    if not used and not made:
        raise InvalidInput(_("Say what was used or what was made."))
    production = counterpart_ids()["production"]
    lines = [
        MovementLine(
            line.sku_id,
            location.pk,
            production,
            line.quantity,
            unit_price=line.unit_price,
            kind=MovementKind.CONSUMPTION,
            lot_id=lot_id,
        )
        for line, lot_id in zip(used, find_lots([Wanted(line.sku_id, line.lot) for line in used]), strict=True)
    ]
    new_lots = make_lots(wanted=[Wanted(line.sku_id, line.lot) for line in made], location=location, now=now)
    lines += [
        MovementLine(
            line.sku_id,
            production,
            location.pk,
            line.quantity,
            unit_price=line.unit_price,
            kind=MovementKind.OUTPUT,
            lot_id=lot_id,
        )
        for line, lot_id in zip(made, new_lots, strict=True)
    ]
    kind = MovementKind.OUTPUT if made else MovementKind.CONSUMPTION
    return post_movements(lines=lines, kind=kind, key=key, now=now, posted_by=user, note=note)
