"""Switches guards off, for the controls: a test of a race must fail without them."""

from accounts.statements import Statement
from inventory import locks

LOCKING = ("LOCK", "LOOK_AND_LOCK")


def take_locks_away(monkeypatch):
    """Levels are read as before, but nobody waits for anybody."""
    for name in LOCKING:
        unlocked = getattr(locks, name).sql.replace("FOR UPDATE OF level", "")
        monkeypatch.setattr(locks, name, Statement(unlocked))


def take_order_away(monkeypatch):
    """Levels are locked, each basket in an order of its own."""
    for name in LOCKING:
        shuffled = getattr(locks, name).sql.replace("ORDER BY level.sku_id, level.location_id", "ORDER BY random()")
        monkeypatch.setattr(locks, name, Statement(shuffled))
