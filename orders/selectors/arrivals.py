"""When goods come that are ordered now, by what was learned of their suppliers and by their calendars."""

from collections.abc import Sequence
from datetime import date, datetime

from inventory.domain.days import local_date
from inventory.models import Location
from suppliers.domain.calendar import Calendar, arrival_on
from suppliers.models import Supplier
from suppliers.selectors.calendars import load_calendars
from suppliers.selectors.lead_times import load_lead_times
from suppliers.selectors.terms import Offer


def arrivals_of(offers: Sequence[Offer], location: Location, now: datetime) -> list[date]:
    """The day of each; at most five statements, none without offers."""
    if not offers:
        return []
    today = local_date(now, location.time_zone)
    leads = load_lead_times(as_of=today)
    calendars = load_calendars(today=today, supplier_ids={offer.supplier_id for offer in offers})
    return [
        arrival_on(
            calendars.get(offer.supplier_id, Calendar()),
            round(leads.of(offer.supplier_id, offer.sku_id, offer.promised_days).mean),
            now=now,
            time_zone=location.time_zone,
        )
        for offer in offers
    ]


def promised_arrival(supplier: Supplier, location: Location, now: datetime) -> date:
    """Of an order of which nothing is known but its supplier."""
    today = local_date(now, location.time_zone)
    calendar = load_calendars(today=today, supplier_ids=[supplier.pk]).get(supplier.pk, Calendar())
    return arrival_on(calendar, supplier.promised_lead_time_days, now=now, time_zone=location.time_zone)
