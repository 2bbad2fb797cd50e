"""How long after an approval each line of it is expected."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from inventory.domain.days import local_date
from orders.models import ReplenishmentProposal
from suppliers.domain.calendar import Calendar, delivery_on, order_on
from suppliers.selectors.calendars import load_calendars


def load_waits(proposals: Sequence[ReplenishmentProposal], now: datetime) -> dict[int, timedelta]:
    """By proposal, from the day of `now`; at most two statements."""
    ids = {line.supplier_id for line in proposals if line.supplier_id is not None}
    today = min((local_date(_proposed_at(line), line.location.time_zone) for line in proposals), default=now.date())
    calendars = load_calendars(today=today, supplier_ids=ids) if ids else {}
    return {line.pk: wait_of(line, now, calendars.get(line.supplier_id or 0)) for line in proposals}


def wait_of(line: ReplenishmentProposal, now: datetime, calendar: Calendar | None) -> timedelta:
    """A proposal of some days ago counted from its own day, so the same wait begins today. By a calendar it is as much
    later as the day on which they take the order, and then waits for a delivery day."""
    zone, proposed_at = line.location.time_zone, _proposed_at(line)
    if calendar is None:
        return max(line.expected_on - local_date(proposed_at, zone), timedelta(0))
    then, placed = (order_on(calendar, now=moment, time_zone=zone) for moment in (proposed_at, now))
    later = max(placed - then, timedelta(0))
    expected = delivery_on(calendar, line.expected_on + later) if later else line.expected_on
    return max(expected - local_date(now, zone), timedelta(0))


def _proposed_at(line: ReplenishmentProposal) -> datetime:
    return line.updated_at if line.edited_at is None else line.created_at
