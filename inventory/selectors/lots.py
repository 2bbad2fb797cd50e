"""Lots as people look for them: what is where, what expires soon, and where a lot went."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from inventory.domain.days import local_date
from inventory.domain.lots import LotStand, held_from, propose_picks
from inventory.domain.movements import ZERO
from inventory.models import Location, LocationKind, Lot, LotLevel, LotStatus, Movement, Sku
from inventory.selectors.ledger import ledger_for
from inventory.selectors.scope import locations_for

GOOD, HELD, QUARANTINED, EXPIRED = "good", "held", "quarantined", "expired"
STATUSES = (GOOD, HELD, QUARANTINED, EXPIRED)
FIRST_OUT = (F("lot__expires_on").asc(nulls_last=True), "lot__received_at", "lot_id", "pk")


class LocalDay(Func):
    """The date of a moment in a time zone, some days later; both arguments are columns or values."""

    output_field = DateField()
    arg_joiner = " AT TIME ZONE "
    template = "((%(expressions)s)::date + %(days)s)"

    def __init__(self, at: datetime, zone_field: str, days: int = 0) -> None:
        super().__init__(Value(at, output_field=DateTimeField()), F(zone_field), days=int(days))


def lots_for(user: User) -> QuerySet[Lot]:
    """Lots that are, or once were, at a place of the user; whoever works everywhere sees all."""
    lots = Lot.objects.select_related("sku")
    if user.sees_all_locations:
        return lots
    return lots.filter(pk__in=LotLevel.objects.filter(location__access__user=user).values("lot"))


def lot_levels_for(
    user: User,
    *,
    now: datetime,
    location_id: int | None = None,
    sku_id: int | None = None,
    within_days: int | None = None,
    status: str = "",
    search: str = "",
) -> QuerySet[LotLevel]:
    """What stands of each lot at each place of the user, what expires first at the top.

    `within_days` counts from today at the place, what has expired included; `status` is one of `STATUSES`.
    """
    places = locations_for(user).order_by()
    if location_id is not None:
        places = places.filter(pk=location_id)
    rows = LotLevel.objects.filter(location__in=places.values("pk")).exclude(on_hand=0)
    if sku_id is not None:
        rows = rows.filter(sku=sku_id)
    if within_days is not None:
        rows = rows.filter(lot__expires_on__lte=LocalDay(now, "location__time_zone", within_days))
    if search:
        rows = rows.filter(
            Q(lot__code__icontains=search) | Q(sku__code__icontains=search) | Q(sku__name__icontains=search)
        )
    rows = rows.filter(_status(status, now)) if status in STATUSES else rows
    return rows.select_related("lot", "sku", "location").order_by(*FIRST_OUT)


def lots_used_up(user: User, *, search: str, most: int) -> list[Lot]:
    """Lots of which nothing stands at the user's places any more, newest first: a recall asks for these too."""
    standing = LotLevel.objects.filter(lot=OuterRef("pk"), location__in=locations_for(user).order_by().values("pk"))
    named = Q(code__icontains=search) | Q(sku__code__icontains=search) | Q(sku__name__icontains=search)
    gone = lots_for(user).filter(named).exclude(Exists(standing.exclude(on_hand=0)))
    return list(gone.order_by("-received_at", "-pk")[:most])


def _status(status: str, now: datetime) -> Q:
    quarantined = Q(lot__status=LotStatus.QUARANTINED)
    expired = Q(lot__expires_on__lt=LocalDay(now, "location__time_zone"))
    return {
        QUARANTINED: quarantined,
        EXPIRED: expired,
        HELD: quarantined | expired,
        # What never expires has no day that could lie behind us.
        GOOD: ~quarantined & (Q(lot__expires_on=None) | Q(lot__expires_on__gte=LocalDay(now, "location__time_zone"))),
    }[status]


def lots_of(sku: Sku, location: Location) -> QuerySet[LotLevel]:
    """What stands of the lots of a SKU at a place, in the order in which it is picked."""
    rows = LotLevel.objects.filter(sku=sku, location=location).exclude(on_hand=0)
    return rows.select_related("lot", "location").order_by(*FIRST_OUT)


@dataclass(frozen=True, slots=True)
class Pick:
    """So much of a line from this lot; `left` stands there in all."""

    code: str
    expires_on: date | None
    quantity: Decimal
    left: Decimal


def stands_at(location: Location, sku_ids: Sequence[int], *, now: datetime) -> dict[int, list[LotStand]]:
    """By SKU, the lots that stand at a place, in the order in which they are picked. One statement."""
    rows = LotLevel.objects.filter(location=location, sku__in=sku_ids).exclude(on_hand=0).select_related("lot")
    found: dict[int, list[LotStand]] = {}
    for row in rows.order_by(*FIRST_OUT):
        lot = row.lot
        since = held_from(
            expires_on=lot.expires_on, quarantined_at=lot.quarantined_at, zone_name=location.time_zone, now=now
        )
        stand = LotStand(
            lot_id=lot.pk,
            sku_id=row.sku_id,
            location_id=location.pk,
            code=lot.code,
            expires_on=lot.expires_on,
            received_at=lot.received_at,
            quarantined_at=lot.quarantined_at,
            level_id=row.pk,
            on_hand=row.on_hand,
            held_since=row.held_since,
            held_from=row.held_since or since,
        )
        found.setdefault(row.sku_id, []).append(stand)
    return found


def picking_proposal(
    *, location: Location, sku_id: int, quantity: Decimal, now: datetime
) -> tuple[list[Pick], Decimal]:
    """From which lots to take a quantity, first expired first, and how much of it is not there."""
    stands = stands_at(location, [sku_id], now=now).get(sku_id, [])
    picks = [
        Pick(stand.code, stand.expires_on, share, stand.on_hand)
        for stand, share in propose_picks(quantity, stands, now)
    ]
    return picks, quantity - sum((pick.quantity for pick in picks), ZERO)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who has how much of a lot, less what they brought back; no name where the sale told none."""

    name: str
    quantity: Decimal


@dataclass(frozen=True)
class Recall:
    """Where a lot is and went. Sums are of the movements that touch a place of the user."""

    standing: list[LotLevel]
    received: Decimal
    sold: Decimal
    written_off: Decimal
    on_the_way: Decimal
    customers: list[Customer]

    @property
    def here(self) -> Decimal:
        return sum((row.on_hand for row in self.standing), ZERO)


def recall(user: User, lot: Lot) -> Recall:
    """The state of a lot; five statements."""
    places = locations_for(user).order_by().values("pk")
    standing = LotLevel.objects.filter(lot=lot, location__in=places).exclude(on_hand=0)
    moved = movements_of(user, lot)
    way = LotLevel.objects.filter(lot=lot, location__kind=LocationKind.IN_TRANSIT) if user.sees_all_locations else None
    return Recall(
        standing=list(standing.select_related("location").order_by("location__name")),
        received=_net(moved, ("supplier", "production"), into=False),
        sold=_net(moved, ("customer",), into=True),
        written_off=_net(moved, ("loss",), into=True),
        on_the_way=ZERO if way is None else sum(way.values_list("on_hand", flat=True), ZERO),
        customers=_customers(moved),
    )


def _customers(moved: QuerySet[Movement]) -> list[Customer]:
    """Who has the most first; who brought all of it back is left out. A reversed sale was never theirs."""
    out = Case(When(destination__kind="customer", then="quantity"), default=-F("quantity"))
    rows = moved.filter(Q(destination__kind="customer") | Q(source__kind="customer"))
    name = Coalesce("reverses__posting__customer", "posting__customer")
    sums = rows.order_by().values(name=name).annotate(units=Sum(out)).exclude(units=0).order_by("-units", "name")
    return [Customer(row["name"], row["units"]) for row in sums]


def _net(moved: QuerySet[Movement], kinds: Sequence[str], *, into: bool) -> Decimal:
    """What went there less what came back, or the other way round."""
    sums = moved.aggregate(
        there=Sum("quantity", filter=Q(destination__kind__in=kinds)),
        back=Sum("quantity", filter=Q(source__kind__in=kinds)),
    )
    net = (sums["there"] or ZERO) - (sums["back"] or ZERO)
    return net if into else -net


def movements_of(user: User, lot: Lot) -> QuerySet[Movement]:
    """Every movement of a lot that touches a place of the user, newest first."""
    rows = ledger_for(user).filter(lot=lot).order_by("-id")
    return rows.select_related("source", "destination", "reason", "posting__posted_by")


RECALL_COLUMNS = (
    "moved_at", "kind", "from", "to", "quantity", "unit", "lot", "sku", "posting", "key", "customer", "note",
    "document", "by",
)  # fmt: skip


def recall_rows(user: User, lot: Lot) -> Iterator[tuple[str | int | Decimal | datetime | None, ...]]:
    """The movements of a lot as rows of `RECALL_COLUMNS`, read piece by piece."""
    for row in movements_of(user, lot).iterator(chunk_size=2000):
        posting = row.posting
        document = f"{posting.source_type} {posting.source_id}" if posting.source_type else ""
        yield (
            row.occurred_at, row.kind, row.source.code, row.destination.code, row.quantity, lot.sku.unit, lot.code,
            lot.sku.code, posting.pk, posting.key, posting.customer, posting.note, document,
            posting.posted_by.get_username() if posting.posted_by else "",
        )  # fmt: skip


def days_left(expires_on: date | None, location: Location, now: datetime) -> int | None:
    """Days on which it may still be sold after today; below zero when it has expired."""
    return None if expires_on is None else (expires_on - local_date(now, location.time_zone)).days


@dataclass(frozen=True, slots=True)
class Expired:
    """What has expired of a SKU at a place and still stands there; `since` is the earliest last day."""

    units: Decimal
    since: date


def expired_at(location_id: int, *, now: datetime, sku_ids: Collection[int] | None = None) -> dict[int, Expired]:
    """By SKU. One statement."""
    rows = LotLevel.objects.filter(location=location_id, on_hand__gt=0)
    rows = rows.filter(lot__expires_on__lt=LocalDay(now, "location__time_zone"))
    if sku_ids is not None:
        rows = rows.filter(sku__in=sku_ids)
    sums = rows.values("sku").annotate(units=Sum("on_hand"), since=Min("lot__expires_on")).order_by()
    return {row["sku"]: Expired(row["units"], row["since"]) for row in sums}
