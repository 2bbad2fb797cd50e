"""Whether a supplier sees what the firm expects to order from them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services.audit import record_audit
from orders.models import SharedOutlook


def share_outlook(*, supplier_id: int, is_shared: bool, actor: User, now: datetime) -> None:
    """Nobody sees anything until it is switched on for them. A repeat changes nothing."""
    with transaction.atomic():
        if is_shared:
            _row, is_changed = SharedOutlook.objects.get_or_create(
                supplier_id=supplier_id, defaults={"shared_at": now, "shared_by": actor}
            )
        else:
            is_changed = SharedOutlook.objects.filter(supplier_id=supplier_id).delete()[0] > 0
        if is_changed:
            record_audit(
                actor=actor, action="outlook.shared" if is_shared else "outlook.kept_back", object_type="supplier",
                object_id=supplier_id, now=now,
            )  # fmt: skip
