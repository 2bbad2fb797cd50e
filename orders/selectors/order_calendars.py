"""The calendars that a plan of one place looks at."""

from datetime import date, datetime, timedelta

from inventory.models import Location
from orders.domain.by_calendar import Calendars, closure_names, order_days
from orders.domain.reasons import Line
from orders.models import ReorderLevel
from suppliers.domain.calendar import closures_between
from suppliers.selectors.calendars import load_calendars


def calendars_at(location: Location, *, today: date, now: datetime) -> Calendars:
    """Of all suppliers for whom not every day is the same, as of `now`."""
    return Calendars(load_calendars(today=today), today, now, location.time_zone)


def level_calendar(level: ReorderLevel, today: date, now: datetime) -> tuple[Line, ...]:
    """What the calendar says of an order that is placed now; nothing where every day is the same. At most two
    queries."""
    if level.supplier_id is None:
        return ()
    calendar = load_calendars(today=today, supplier_ids=[level.supplier_id]).get(level.supplier_id)
    if calendar is None:
        return ()
    days = order_days(calendar, level.review_period_days, today=today, now=now, time_zone=level.location.time_zone)
    lines = [
        Line(code, day.isoformat(), "date", "calendar")
        for code, day in zip(("order_on", "next_order_on"), days, strict=True)
    ]
    until = today + timedelta(days=round(level.protection_interval_days or 0.0))
    names = closure_names(closures_between(calendar, today, until))
    return (*lines, *([Line("closed", names, "text", "calendar")] if names else []))
