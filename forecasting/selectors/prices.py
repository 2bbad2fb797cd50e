"""What customers paid for a SKU lately and usually, as the page of the SKU tells it."""

from dataclasses import dataclass
from datetime import date, timedelta

from forecasting.engine.last_known import last_known
from inventory.selectors.prices import load_prices

# What is usual: the days with which the global model compares a price.
USUAL_DAYS = 91


@dataclass(frozen=True)
class PricePaid:
    """What customers paid for a unit on the last day with a sale, and usually."""

    last: float
    usual: float


def price_paid(sku_id: int, through: date) -> PricePaid | None:
    """None where nothing was sold for money in the last `USUAL_DAYS` days."""
    paid = load_prices([sku_id], through - timedelta(days=USUAL_DAYS - 1), USUAL_DAYS)
    if not paid.any():
        return None
    known = last_known(paid)
    return PricePaid(float(known[0, -1]), float(known.mean()))
