from datetime import UTC, datetime, timedelta
from uuid import UUID

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def at(**passed):
    """A clock that stands still, so long after NOW."""
    return lambda: NOW + timedelta(**passed)


def from_now(**passed):
    """A clock that stands still, so long after this moment: for what another process did by the real clock."""
    moment = datetime.now(UTC) + timedelta(**passed)
    return lambda: moment


def event_id(number):
    return UUID(int=number)
