"""Which slots of a job are due at a moment. Pure: the clock is an argument, days follow the rules of the time zone.

A slot is named, not timed: whoever asks at whatever moment gets the same key, and the database keeps one run for each.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Slot:
    """What one run is for. `key` is unique within the job."""

    key: str
    business_date: date | None = None
    time_zone: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


DueSlots = Callable[[datetime], list[Slot]]
"""The slots of a job that are due at a moment."""


# How the key of such a slot looks, to a second.
CLOCK_SLOT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$"


def clock_slot(now: datetime, every: timedelta) -> Slot:
    """The slot of the interval that `now` lies in, counted from the epoch in UTC."""
    seconds = int(every.total_seconds())
    begins = int(now.timestamp()) // seconds * seconds
    return Slot(key=datetime.fromtimestamp(begins, UTC).isoformat())


def every(interval: timedelta) -> DueSlots:
    """What is due once in each interval."""
    return lambda now: [clock_slot(now, interval)]


def each_night(hour: int) -> DueSlots:
    """What is due once a night, from `hour` o'clock in UTC on."""
    return lambda now: [night_slot(now, "UTC", hour)]


def night_slot(now: datetime, time_zone: str, hour: int) -> Slot:
    """The last business date whose night hour has passed on the clocks of the zone.

    The night of a date begins at `hour` o'clock of the following date. When that wall time does not exist (clocks go
    forward) it begins at the first moment after the gap; when it exists twice, at the first. Nights that were
    missed are not slots of their own: the run of the last one closes every day that is still open.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    if now < wall_time(today, hour, zone):
        today = day_before(today, zone)
    return slot_of_night(day_before(today, zone), time_zone)


def slot_of_night(business_date: date, time_zone: str) -> Slot:
    return Slot(key=f"{business_date.isoformat()} {time_zone}", business_date=business_date, time_zone=time_zone)


def night_slots(now: datetime, time_zones: Iterable[str], hour: int) -> list[Slot]:
    """One slot for each zone, in the order of their names."""
    return [night_slot(now, zone, hour) for zone in sorted(set(time_zones))]


def wall_time(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the clocks of the zone show `hour` on that day, or the first one after a gap."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def day_before(day: date, zone: ZoneInfo) -> date:
    """The date that the calendar of the zone showed before this one; a zone that crosses the date line skips one."""
    midnight = datetime.combine(day, time(0), zone).astimezone(UTC)
    return (midnight - timedelta(microseconds=1)).astimezone(zone).date()
