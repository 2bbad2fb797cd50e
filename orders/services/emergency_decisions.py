"""What a purchaser decides about an emergency: buy by express, move, or wait. The caller has checked role and scope."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange
from accounts.models import User
from accounts.services.audit import record_audit
from accounts.text import format_date
from inventory.domain.days import local_date
from inventory.domain.movements import plain
from inventory.errors import KeyAlreadyUsed
from inventory.models import Location
from inventory.services.sales import GoodsLine
from inventory.services.transfers import create_transfer
from orders.domain.emergency_ways import EXPRESS, WAIT, Way, pack_ways, unpack_way
from orders.errors import AlreadyDecided, ChangedMeanwhile
from orders.locks import lock_emergency, lock_spare
from orders.models import Emergency, EmergencyState
from orders.selectors.givers import load_givers
from orders.services.keys import check_key
from orders.services.purchase_orders import NewOrder, OrderLine, create_orders
from suppliers.domain.calendar import Calendar, arrival_on
from suppliers.models import Supplier
from suppliers.selectors.calendars import load_calendars
from suppliers.selectors.express import ExpressOffer, load_express_offers


def approve_emergency(
    *,
    emergency_id: int,
    user: User | None,
    now: datetime,
    way: str = "",
    seen: Decimal | None = None,
    key: str = "",
) -> Emergency:
    """Does what the way says: an express order (under the person's limit, like any other order), or a draft transfer.

    `way` is Way.key of one that was compared, empty for the cheapest; `seen` the quantity that the person saw. A repeat
    with the same `key` (at most 80 characters) changes nothing. Raises AlreadyDecided, ChangedMeanwhile when the
    quantity, the terms or the giver's stock are others by now or it would come too late, IllegalStateChange when the
    SKU or the place is given up, InvalidInput, Emergency.DoesNotExist.
    """
    check_key(key)
    with transaction.atomic():
        row = lock_emergency(emergency_id)
        if key and row.key == key:
            return row
        _require_open(row)
        _refuse_used_key(key)
        chosen = _chosen(row, way)
        if seen is not None and seen != chosen.quantity:
            raise _changed(row, seen, chosen.quantity)
        _require_kept(row)
        today = local_date(now, row.location.time_zone)
        if chosen.kind == EXPRESS:
            arrives_on = _in_time(row, _express_on(row, chosen, now), today)
            _buy(row, chosen, today, arrives_on, user, now, key)
        else:
            _move(row, chosen, _in_time(row, today + _days(row, chosen), today), user, now)
        row.key = key or None
        _decide(row, EmergencyState.APPROVED, chosen, user, now)
    return row


def wait_for_delivery(*, emergency_id: int, user: User | None, now: datetime) -> Emergency:
    """The person rather waits: it is not asked again before the ordinary delivery. A repeat changes nothing. Raises
    AlreadyDecided, Emergency.DoesNotExist."""
    with transaction.atomic():
        row = lock_emergency(emergency_id)
        if row.state == EmergencyState.WAITED:
            return row
        _require_open(row)
        row.quiet_until = row.relief_on
        waiting = next(way for way in map(unpack_way, row.ways) if way.kind == WAIT)
        _decide(row, EmergencyState.WAITED, waiting, user, now)
    return row


def _require_open(row: Emergency) -> None:
    if row.state != EmergencyState.OPEN:
        values = {"sku": row.sku.code, "state": row.get_state_display()}
        raise AlreadyDecided(
            _("%(sku)s is no longer waiting for a decision: %(state)s.") % values,
            details=[{"id": row.pk, "sku": row.sku.code, "state": row.state}],
        )


def _refuse_used_key(key: str) -> None:
    if key and Emergency.objects.filter(key=key).exists():
        raise KeyAlreadyUsed(_("This key belongs to the approval of another emergency."))


def _chosen(row: Emergency, wanted: str) -> Way:
    ways = [unpack_way(way) for way in row.ways]
    if not wanted:
        return ways[0]
    found = next((way for way in ways if way.key == wanted and way.kind != WAIT), None)
    if found is None:
        raise ChangedMeanwhile(_("This way is not there any more. Look at the new figures."))
    return found


def _changed(row: Emergency, seen: Decimal, quantity: Decimal) -> ChangedMeanwhile:
    values = {"sku": row.sku.code, "quantity": plain(quantity), "seen": plain(seen)}
    return ChangedMeanwhile(
        _("The quantity has changed since you looked. %(sku)s: %(quantity)s instead of %(seen)s.") % values,
        details=[{"id": row.pk, **values}],
    )


def _require_kept(row: Emergency) -> None:
    if not (row.sku.is_active and row.location.is_active):
        values = {"sku": row.sku.code, "place": row.location.name}
        raise IllegalStateChange(_("%(sku)s is not sold at %(place)s any more.") % values)


def _days(row: Emergency, way: Way) -> timedelta:
    """How long the way takes, as it was compared."""
    return way.arrives_on - local_date(row.updated_at, row.location.time_zone)


def _in_time(row: Emergency, day: date, today: date) -> date:
    """When it comes if it is sent on its way today. Whoever decides late may find that the ordinary delivery is as
    fast, and then nothing is to be gained."""
    arrives_on = max(day, today)
    if arrives_on >= row.relief_on:
        values = {"sku": row.sku.code, "day": format_date(row.relief_on)}
        raise ChangedMeanwhile(
            _("%(sku)s would not come before the ordinary delivery of %(day)s any more. Look at the new figures.")
            % values
        )
    return arrives_on


def _express_on(row: Emergency, way: Way, now: datetime) -> date:
    """The day on which express ordered now comes, by the calendar; the supplier's terms are those of the comparison."""
    offers = load_express_offers([row.sku_id]).get(row.sku_id, [])
    offer = next((offer for offer in offers if offer.supplier_id == way.party_id), None)
    zone = row.location.time_zone
    calendars = load_calendars(today=local_date(row.updated_at, zone), supplier_ids=[way.party_id])
    calendar = calendars.get(way.party_id, Calendar()).for_express
    if offer is None or not _is_as_compared(offer, way, calendar, row):
        raise ChangedMeanwhile(
            _("%(name)s delivers on other terms by now. Look at the new figures.") % {"name": way.name}
        )
    return arrival_on(calendar, offer.express_days or 0, now=now, time_zone=zone)


def _is_as_compared(offer: ExpressOffer, way: Way, calendar: Calendar, row: Emergency) -> bool:
    if offer.express_days is None:
        return False
    day = arrival_on(calendar, offer.express_days, now=row.updated_at, time_zone=row.location.time_zone)
    is_same = (day, offer.express_price, offer.currency) == (way.arrives_on, way.unit_price, way.currency)
    return is_same and way.quantity >= offer.minimum_quantity and not way.quantity % offer.pack_size


def _buy(row: Emergency, way: Way, today: date, arrives_on: date, user: User | None, now: datetime, key: str) -> None:
    new = NewOrder(
        supplier=Supplier.objects.get(pk=way.party_id),
        location=row.location,
        lines=[OrderLine(row.sku_id, way.quantity, way.unit_price)],
        ordered_on=today,
        expected_on=arrives_on,
        key=f"emergency/{key}" if key else None,
        is_express=True,
    )
    (row.purchase_order,) = create_orders(new=[new], user=user, now=now)


def _move(row: Emergency, way: Way, arrives_on: date, user: User | None, now: datetime) -> None:
    """From the look at what the giver has until the transaction ends no plan and no other move promises the same
    units."""
    lock_spare()
    givers = load_givers(row.location, [row.sku_id]).get(row.sku_id, [])
    giver = next((giver for giver in givers if giver.location_id == way.party_id), None)
    if giver is None or giver.spare < way.quantity:
        left = giver.spare if giver else Decimal(0)
        raise ChangedMeanwhile(
            _("%(place)s can only spare %(left)s by now. Look at the new figures.")
            % {"place": way.name, "left": plain(max(left, Decimal(0)))}
        )
    row.transfer = create_transfer(
        source=Location.objects.get(pk=way.party_id),
        destination=row.location,
        lines=[GoodsLine(row.sku_id, way.quantity)],
        user=user,
        now=now,
        expected_on=arrives_on,
    )
    record_audit(
        actor=user, action="transfer.approved", object_type="transfer", object_id=row.transfer.pk, now=now,
        data={"number": row.transfer.number, "lines": 1},
    )  # fmt: skip


def _decide(row: Emergency, state: EmergencyState, way: Way, user: User | None, now: datetime) -> None:
    row.state, row.chosen = state, pack_ways([way])[0]
    row.decided_at, row.decided_by, row.updated_at = now, user, now
    row.save()
    document = row.purchase_order or row.transfer
    record_audit(
        actor=user, action=f"emergency.{state.value}", object_type="emergency", object_id=row.pk, now=now,
        data={
            "sku": row.sku.code, "way": way.kind, "quantity": plain(way.quantity), "total": str(way.total),
            "saving": str(row.saving), "document": document.number if document else "",
        },
    )  # fmt: skip
