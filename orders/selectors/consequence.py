"""What a quantity would do: how long it lasts, what it costs, and how likely the shelf is empty before the next
order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np
from django.conf import settings

from orders.domain.averted import cost_of_cut
from orders.domain.chance import chance_of_exceeding
from orders.domain.curves import STORED_LEVELS, mean_at
from orders.domain.money import CENT
from orders.domain.quantity import to_number
from orders.domain.reasons import lost_before_of
from orders.domain.risk import look_ahead
from orders.models import ReorderLevel, ReplenishmentProposal
from orders.selectors.budget_pages import exceeded_by
from orders.selectors.budgets import Pot
from orders.selectors.positions import NOTHING, load_positions
from orders.selectors.typed_price import price_for
from suppliers.models import SupplierTerms

# From this chance on the page warns that the order comes too late.
TOO_LATE = 0.5


@dataclass(frozen=True)
class Consequence:
    """Of ordering `quantity`. `cover_days` from now, None without a forecast or demand; `risk` is the chance (0..1)
    that demand over the protection interval exceeds the position with this order, None without a forecast; where the
    plan leaves out what is lost before it comes, so does the chance. `early_risk`
    is the chance that what is there and already coming does not last until this order arrives: no quantity helps
    against that. `exceeds` are the budgets of which less is left than it costs; `lost_margin` is what ordering less
    than suggested is expected to lose, None where that is unknown; `spoils` are the units of it expected to be left
    when those that this order brings reach their last day."""

    quantity: Decimal
    cost: Decimal
    currency: str
    cover_days: float | None
    risk: float | None
    early_risk: float | None
    pack_size: Decimal
    minimum_quantity: Decimal
    maximum_quantity: Decimal | None = None
    exceeds: Sequence[Pot] = ()
    lost_margin: Decimal | None = None
    spoils: int = 0

    @property
    def is_too_late(self) -> bool:
        """Whether the shelf rather empties than lasts until this order arrives."""
        return self.early_risk is not None and self.early_risk >= TOO_LATE

    @property
    def is_broken_pack(self) -> bool:
        return self.quantity % self.pack_size != 0

    @property
    def is_above_maximum(self) -> bool:
        return self.maximum_quantity is not None and self.quantity > self.maximum_quantity

    @property
    def is_below_minimum(self) -> bool:
        return self.quantity < self.minimum_quantity


def consequence_of(proposal: ReplenishmentProposal, quantity: Decimal, *, now: datetime) -> Consequence:
    """Looks at today's position, last night's forecast and what is left of the budgets; four queries, up to eight where
    there are budgets."""
    key = (proposal.location_id, proposal.sku_id)
    position = load_positions([proposal.location_id], [proposal.sku_id]).get(key, NOTHING)
    level = ReorderLevel.objects.filter(location_id=proposal.location_id, sku_id=proposal.sku_id).first()
    terms = SupplierTerms.objects.filter(supplier=proposal.supplier, sku_id=proposal.sku_id).first()
    stock = position.inventory_position + quantity
    # Neither of what is lost before the order comes can it be short, nor does that keep anything from spoiling.
    served = stock + Decimal(str(lost_before_of(level.turn))) if level else stock
    cost = (quantity * price_for(proposal, quantity, terms)).quantize(CENT)
    return Consequence(
        quantity=quantity,
        cost=cost,
        currency=proposal.supplier.currency if proposal.supplier else settings.DEFAULT_CURRENCY,
        cover_days=_cover(level, stock) if level else None,
        risk=_risk(level, served) if level else None,
        early_risk=_early_risk(level, position.inventory_position) if level else None,
        pack_size=terms.pack_size if terms else Decimal(1),
        minimum_quantity=terms.minimum_quantity if terms else Decimal(0),
        maximum_quantity=terms.maximum_quantity if terms else None,
        exceeds=exceeded_by(proposal, cost, now),
        lost_margin=_lost_margin(proposal, quantity),
        spoils=_spoils(level, served, quantity, proposal.sku.shelf_life_days) if level else 0,
    )


def _lost_margin(proposal: ReplenishmentProposal, quantity: Decimal) -> Decimal | None:
    if not proposal.averted or quantity >= proposal.suggested_quantity:
        return None
    return cost_of_cut(proposal.averted, proposal.suggested_quantity, quantity)


def _cover(level: ReorderLevel, stock: Decimal) -> float | None:
    if not level.daily_mean:
        return None
    mean = np.array([level.daily_mean], dtype=np.float64)
    levels = len(STORED_LEVELS)
    outlook = look_ahead(
        np.array([float(stock)]), mean, np.zeros_like(mean), np.zeros((1, levels)), np.ones(1), np.zeros(1)
    )
    days = float(outlook.cover_days[0])
    return days if math.isfinite(days) else None


def _spoils(level: ReorderLevel, stock: Decimal, quantity: Decimal, shelf_life_days: int | None) -> int:
    """Whole units, taken as sold in the order in which they came."""
    if shelf_life_days is None or not level.daily_mean or level.lead_time_days is None:
        return 0
    mean = np.array([level.daily_mean], dtype=np.float64)
    last_day = np.array([[float(level.lead_time_days) + shelf_life_days]])
    left = to_number(stock) - float(mean_at(mean, last_day)[0, 0])
    return max(round(min(left, to_number(quantity))), 0)


def _risk(level: ReorderLevel, stock: Decimal) -> float | None:
    if not level.lead_quantiles or not level.daily_mean or not level.lead_time_days:
        return None
    lead = float(level.lead_time_days)
    interval = float(level.protection_interval_days or lead)
    return round(chance_of_exceeding(_curve_over(level, lead, interval), STORED_LEVELS, float(stock)), 3)


def _early_risk(level: ReorderLevel, stock: Decimal) -> float | None:
    if not level.lead_quantiles:
        return None
    return round(chance_of_exceeding(level.lead_quantiles, STORED_LEVELS, float(stock)), 3)


def _curve_over(level: ReorderLevel, lead: float, interval: float) -> list[float]:
    """The curve known for the lead time, for another interval: it moves with the mean, and its spread grows with the
    square root of time, as in `orders.domain.risk.look_ahead`."""
    mean = np.array([level.daily_mean], dtype=np.float64)
    centre, moved = (float(mean_at(mean, np.array([[days]]))[0, 0]) for days in (lead, interval))
    growth = math.sqrt(interval / lead)
    return [max(moved + (quantile - centre) * growth, 0.0) for quantile in level.lead_quantiles]
