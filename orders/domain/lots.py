"""How much to order at a time beyond the reorder point."""

import numpy as np

from orders.domain.curves import F64

DAYS_A_YEAR = 365.0
# Beyond this a forecast of today says little.
MOST_LOT_DAYS = 60


def lot_days(
    *, daily_demand: F64, unit_cost: F64, ordering_cost: F64, holding_rate: F64, fixed_days: F64, most_days: F64
) -> F64:
    """[n]: whole days of demand in one lot, at least 1 and at most `most_days` (what spoils) and MOST_LOT_DAYS.

    Where an order line costs something, the lot is Wilson's economic quantity sqrt(2 K D / (h c)), with D units a year,
    K money per order line and h c money for holding a unit for a year: dear or quick goods come often, cheap or slow
    ones seldom. Elsewhere it is `fixed_days`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        units = np.sqrt(2.0 * ordering_cost * daily_demand * DAYS_A_YEAR / (holding_rate * unit_cost))
        economic = units / daily_demand
    is_economic = (ordering_cost > 0.0) & (daily_demand > 0.0)
    days = np.where(is_economic, economic, fixed_days)
    found: F64 = np.clip(np.rint(days), 1.0, np.minimum(most_days, MOST_LOT_DAYS))
    return found
