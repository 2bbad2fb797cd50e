"""What people know better than the forecast, as far as it went into a proposal."""

from math import ceil

from forecasting.models import ForecastOverride
from forecasting.selectors.overrides import counted_for
from orders.models import ReorderLevel, ReplenishmentProposal


def overrides_in(proposal: ReplenishmentProposal) -> list[ForecastOverride]:
    """On the days that the order is to last, at its place and the stores that it supplies. Three statements; none are
    counted where no plan has looked yet."""
    level = ReorderLevel.objects.filter(sku=proposal.sku_id, location=proposal.location_id).first()
    if level is None:
        return []
    places = [proposal.location_id, *proposal.location.supplies.values_list("pk", flat=True)]
    days = ceil((level.protection_interval_days or 0) + level.lot_days)
    return counted_for(sku=proposal.sku, location_ids=places, first=level.computed_on, days=days)
