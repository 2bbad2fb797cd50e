"""What a new SKU takes the place of: named by a planner, read by every night until the SKU has a history of its own."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from forecasting.models import Predecessor
from inventory.domain.movements import plain
from inventory.locks import lock_skus
from inventory.models import Sku

MOST_SHARE = 10
DECIMALS = Decimal("0.001")


@transaction.atomic
def set_predecessor(
    *, sku_id: int, predecessor_id: int, share: Decimal, actor: User | None, now: datetime
) -> Predecessor:
    """Says that `sku_id` takes the place of `predecessor_id` and is expected to sell `share` times as much, at all
    places. What was said before is replaced; a repeat changes nothing. Raises InvalidInput naming each wrong field.
    """
    skus = lock_skus([sku_id, predecessor_id])
    _check(skus[sku_id], skus.get(predecessor_id), share)
    there = Predecessor.objects.filter(sku=sku_id).first()
    if there is not None and (there.predecessor_id, there.share) == (predecessor_id, share):
        return there
    row, _is_new = Predecessor.objects.update_or_create(
        sku_id=sku_id, defaults={"predecessor_id": predecessor_id, "share": share}
    )
    data = {"predecessor": skus[predecessor_id].code, "share": plain(share)}
    record_audit(actor=actor, action="predecessor.named", object_type="sku", object_id=sku_id, now=now, data=data)
    return row


@transaction.atomic
def drop_predecessor(*, sku_id: int, actor: User | None, now: datetime) -> None:
    """It takes nobody's place any more. A repeat changes nothing."""
    count, _by_model = Predecessor.objects.filter(sku=sku_id).delete()
    if count:
        record_audit(actor=actor, action="predecessor.dropped", object_type="sku", object_id=sku_id, now=now, data={})


def _check(sku: Sku, before: Sku | None, share: Decimal) -> None:
    problems = []
    if before is None:
        problems.append(("predecessor", _("There is no such SKU.")))
    elif before.pk == sku.pk:
        problems.append(("predecessor", _("A SKU cannot take its own place. Name another one.")))
    elif before.is_kit or sku.is_kit:
        problems.append(("predecessor", _("A kit has no demand of its own: name the predecessors of its parts.")))
    elif Predecessor.objects.filter(sku=before.pk, predecessor=sku.pk).exists():
        message = _("%(code)s already takes the place of this SKU. Remove that first.") % {"code": before.code}
        problems.append(("predecessor", message))
    if not 0 < share <= MOST_SHARE or share != share.quantize(DECIMALS):
        message = _("The share lies above 0 and is at most %(most)d, with up to 3 decimals.") % {"most": MOST_SHARE}
        problems.append(("share", message))
    if problems:
        details = [{"field": name, "message": message} for name, message in problems]
        raise InvalidInput(" ".join(message for _name, message in problems), details=details)
