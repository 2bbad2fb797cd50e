"""An act on stock that is done once; refused for want of stock, it says what may be had instead."""

from collections.abc import Callable, Mapping

from rest_framework.response import Response

from accounts.api.idempotency import Once
from accounts.services.idempotency import Answer
from inventory.errors import OutOfStock
from inventory.selectors.substitutes import with_offers


class StockOnce(Once):
    """`asked_for` names the SKU that each line of the body asked for, where it may differ from the one that is short:
    the kit, not its part. What may be had instead is looked up when the act has let go of its locks.
    """

    asked_for: Mapping[int, str] | None = None

    def answer(self, act: Callable[[], Answer]) -> Response:
        try:
            return super().answer(act)
        except OutOfStock as refusal:
            refusal.details = [*with_offers(refusal.details, self.asked_for or {})]
            raise
