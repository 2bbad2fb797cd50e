"""The quantity that a reorder decision looks at."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """Units of a SKU at a location. `on_order` and `in_transit` count approved and draft documents, so that no need is
    met twice; `promised` is what drafts of transfers will take away from here. `held` stands here and may not be sold
    (quarantined or expired); `expiring` may, but will expire before anybody asks for it."""

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    on_order: Decimal = ZERO
    in_transit: Decimal = ZERO
    promised: Decimal = ZERO
    held: Decimal = ZERO
    expiring: Decimal = ZERO

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved - self.held

    @property
    def inventory_position(self) -> Decimal:
        """Reserved units are demand that has already happened, so they do not count, like those promised elsewhere."""
        return self.available - self.promised - self.expiring + self.on_order + self.in_transit


NOTHING = Position()
