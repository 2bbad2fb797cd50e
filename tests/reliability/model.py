"""The stock as it should be, kept in dictionaries: what the ledger is compared with after each step."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

PLACES = ("shop", "other", "in_transit")
ZERO = Decimal(0)


@dataclass
class Held:
    """A reservation as the model knows it; `expires_at` None never expires."""

    code: str
    place: str
    left: Decimal
    expires_at: object = None
    is_open: bool = True


@dataclass
class Model:
    """Levels by (SKU code, place), reservations by id, and what went over each border of the firm."""

    on_hand: dict = field(default_factory=lambda: defaultdict(lambda: ZERO))
    held: dict = field(default_factory=dict)
    lots: dict = field(default_factory=lambda: defaultdict(lambda: ZERO))
    entered: dict = field(default_factory=lambda: defaultdict(lambda: ZERO))
    lost: Decimal = ZERO
    movements: int = 0

    def reserved(self, code, place):
        return sum(
            (row.left for row in self.held.values() if row.is_open and (row.code, row.place) == (code, place)), ZERO
        )

    def available(self, code, place):
        return self.on_hand[code, place] - self.reserved(code, place)

    def expire(self, now):
        """What has expired by `now` is free again, whether anybody noticed or not."""
        for row in self.held.values():
            if row.is_open and row.expires_at is not None and row.expires_at <= now:
                row.is_open = False

    def move(self, code, quantity, source=None, destination=None, lines=1):
        """None stands for outside of the firm."""
        self.movements += lines
        if source:
            self.on_hand[code, source] -= quantity
        if destination:
            self.on_hand[code, destination] += quantity
        self.entered[code] += quantity * (bool(destination) - bool(source))
