"""Days of a place: the local date of an instant, and the instants at which local days begin. No 24-hour arithmetic."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

# PostgreSQL takes these names for a fixed offset, Python for a zone with summer time: half of the year the two would
# disagree on the day. The other two are no place at all.
_SAY_TWO_THINGS = frozenset({"CET", "EET", "MET", "WET", "Factory", "localtime"})


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """The names that a place or a supplier may have as its time zone."""
    return frozenset(available_timezones()) - _SAY_TWO_THINGS


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_date(at: datetime, zone_name: str) -> date:
    """The calendar date on the wall of that zone."""
    return at.astimezone(zone(zone_name)).date()


def instant(day: date, hour: int, zone_name: str) -> datetime:
    """The first existing instant at or after that wall time, in UTC.

    A wall time that a clock change skips (a midnight in Cairo or Santiago) becomes the moment of the change;
    one that happens twice is the first of the two.
    """
    place = zone(zone_name)
    wall = datetime.combine(day, time(hour), tzinfo=place)
    at = wall.astimezone(UTC)
    if at.astimezone(place).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return at
    return _first_instant_from(wall.replace(tzinfo=None), at - timedelta(hours=26), at + timedelta(hours=26), place)


def _first_instant_from(wall: datetime, before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """Halves the interval to the second at which the wall clock first shows `wall` or later."""
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(place).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after


def day_bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """Start and end of the local day as instants; the day may have 0, 23, 24 or 25 hours, or odd ones."""
    return instant(day, 0, zone_name), instant(day + timedelta(days=1), 0, zone_name)
