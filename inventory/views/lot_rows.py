"""A lot at a place as pages show it: the word and colour of its state, and the days it still has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.models import LotLevel, LotStatus
from inventory.selectors.lots import days_left

SOON_DAYS = 7


@dataclass(frozen=True)
class LotRow:
    """A lot at a place, with the word and colour of its state."""

    level: LotLevel
    left: int | None

    @property
    def label(self) -> str:
        if self.level.lot.status == LotStatus.QUARANTINED:
            return _("In quarantine")
        if self.left is not None and self.left < 0:
            return _("Expired")
        return _("Expires soon") if self.is_soon else _("May be sold")

    @property
    def tone(self) -> str:
        if self.level.lot.status == LotStatus.QUARANTINED or (self.left is not None and self.left < 0):
            return "out"
        return "low" if self.is_soon else "ok"

    @property
    def is_soon(self) -> bool:
        return self.left is not None and self.left <= SOON_DAYS


def lot_rows(levels: Iterable[LotLevel], now: datetime) -> list[LotRow]:
    """The same levels, in their order."""
    return [LotRow(level, days_left(level.lot.expires_on, level.location, now)) for level in levels]
