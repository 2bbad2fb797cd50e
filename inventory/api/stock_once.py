"""An act on stock that is done once; refused for want of stock, it says what may be had instead."""

from collections.abc import Callable

from rest_framework.response import Response

from accounts.api.idempotency import Once
from accounts.services.idempotency import Answer
from inventory.errors import OutOfStock
from inventory.selectors.substitutes import with_offers


class StockOnce(Once):
    def answer(self, act: Callable[[], Answer]) -> Response:
        try:
            return super().answer(act)
        except OutOfStock as refusal:
            # An act that knows better what was asked for has named it already.
            if not all("substitutes" in row for row in refusal.details):
                refusal.details = [*with_offers(refusal.details)]
            raise
