"""Limits of approval, and what counts against them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Role, User
from accounts.roles import APPROVE_ORDERS, SET_BUYING_RULES, is_permitted
from inventory.selectors.scope import location_scope, locations_for
from orders.domain.approval import Fault, Limit, release_fault
from orders.models import ApprovalLimit, BuyingSettings, Delegation, OrderState, PurchaseOrder


def buying_settings() -> BuyingSettings:
    """What holds now; the defaults until somebody changes them."""
    return BuyingSettings.objects.first() or BuyingSettings(pk=1)


def limit_of(role: str) -> Limit:
    """No limit for a role that has none."""
    row = ApprovalLimit.objects.filter(role=role).values_list("alone_up_to", "release_up_to").first()
    return Limit(*row) if row else Limit()


def bought_alone(
    user: User, supplier_ids: Collection[int], now: datetime, *, without: Collection[int] = ()
) -> Mapping[int, Decimal]:
    """By supplier, in the firm's currency: what the person has bought within the window and nobody else approved, but
    for the orders `without`."""
    since = now - timedelta(days=buying_settings().window_days)
    orders = PurchaseOrder.objects.filter(
        created_by=user, supplier__in=supplier_ids, submitted_at__gt=since, needs_second=False
    ).exclude(Q(state__in=[OrderState.DRAFT, OrderState.CANCELLED]) | Q(pk__in=without))
    sums = orders.values("supplier_id").order_by("supplier_id").annotate(total=Sum("home_total"))
    return {row["supplier_id"]: row["total"] or Decimal(0) for row in sums}


def givers_of(user: User, today: date) -> list[User]:
    """Those for whom the person may approve today."""
    lent = Delegation.objects.filter(taker=user, starts_on__lte=today, ends_on__gte=today, ended_at=None)
    givers = User.objects.filter(pk__in=lent.values("giver")).order_by("pk")
    return [giver for giver in givers if is_permitted(giver, APPROVE_ORDERS)]


def fault_of(order: PurchaseOrder, user: User, today: date) -> tuple[Fault | None, User | None]:
    """Whether the person may approve it as the second one, and for whom when it is not by their own limit.

    Standing in for somebody lends their limit and takes their place: what they made stays theirs.
    """
    (found,) = faults_of([(order, today)], user)
    return found


def faults_of(waiting: Sequence[tuple[PurchaseOrder, date]], user: User) -> list[tuple[Fault | None, User | None]]:
    """The same of many, each with the day at its place; one statement for the limits, two for each day where the
    person's own is too low."""
    limits = {role: Limit(*row) for role, *row in approval_limits().values_list("role", "alone_up_to", "release_up_to")}
    own = [_fault(order, user, limits.get(user.role, Limit())) for order, _today in waiting]
    too_low = [fault in (Fault.OVER_LIMIT, Fault.NO_RATE) for fault in own]
    days = {today for (_order, today), is_low in zip(waiting, too_low, strict=True) if is_low}
    givers = {day: givers_of(user, day) for day in days}
    found: list[tuple[Fault | None, User | None]] = []
    for (order, today), fault, is_low in zip(waiting, own, too_low, strict=True):
        lender = _lender(order, user, givers[today], limits) if is_low else None
        found.append((None, lender) if lender else (fault, None))
    return found


def _lender(order: PurchaseOrder, user: User, givers: Sequence[User], limits: Mapping[str, Limit]) -> User | None:
    """The first who had no part in it and whose limit is enough."""
    for giver in givers:
        has_part = giver.pk in (order.created_by_id, order.changed_by_id)
        if not has_part and _fault(order, user, limits.get(giver.role, Limit())) is None:
            return giver
    return None


def _fault(order: PurchaseOrder, user: User, limit: Limit) -> Fault | None:
    return release_fault(
        order.counted_total,
        limit,
        has_made=order.created_by_id == user.pk,
        has_changed=order.changed_by_id == user.pk,
    )


def awaiting_orders(user: User) -> QuerySet[PurchaseOrder]:
    """What waits for a second person at the user's places, the longest wait first."""
    orders = PurchaseOrder.objects.filter(location_scope(user), state=OrderState.AWAITING_APPROVAL)
    return orders.select_related("supplier", "location", "created_by").order_by("submitted_at", "pk")


@dataclass(frozen=True)
class Awaiting:
    """Orders that wait for a second person, `first` the one that has waited longest. `total` in the firm's currency, of
    those with a rate; `unknown` are the others."""

    count: int
    total: Decimal
    unknown: int
    first: PurchaseOrder | None


def awaiting_summary(user: User) -> Awaiting:
    """Of the user's places; two queries."""
    orders = awaiting_orders(user)
    sums = orders.order_by().aggregate(count=Count("pk"), total=Sum("home_total"), known=Count("home_total"))
    first = orders.first() if sums["count"] else None
    return Awaiting(sums["count"], sums["total"] or Decimal(0), sums["count"] - sums["known"], first)


def approvers(user: User) -> QuerySet[User]:
    """Those who may approve orders at all and work at one of the user's places, by name."""
    roles = [role for role in Role.values if is_permitted(User(role=role), APPROVE_ORDERS)]
    people = User.objects.filter(is_active=True, role__in=roles).order_by("username")
    if user.sees_all_locations:
        return people
    shared = Q(sees_all_locations=True) | Q(location_access__location__in=locations_for(user))
    return people.filter(pk__in=User.objects.filter(shared).values("pk"))


def delegations_for(user: User) -> QuerySet[Delegation]:
    """Those that the user gives or takes; all of them for who sets the rules."""
    rows = Delegation.objects.order_by("-pk")
    if is_permitted(user, SET_BUYING_RULES):
        return rows
    return rows.filter(Q(giver=user) | Q(taker=user))


def approval_limits() -> QuerySet[ApprovalLimit]:
    return ApprovalLimit.objects.order_by("pk")


def running_delegations(today: date) -> QuerySet[Delegation]:
    """Those that hold or will hold, the soonest first."""
    rows = Delegation.objects.filter(ended_at=None, ends_on__gte=today)
    return rows.select_related("giver", "taker").order_by("starts_on", "pk")


def standing_for(user: User, today: date) -> QuerySet[Delegation]:
    """Who lends this person a limit today, and to whom they lend theirs; who leaves first stands first."""
    running = running_delegations(today).filter(Q(giver=user) | Q(taker=user), starts_on__lte=today)
    return running.order_by("ends_on", "pk")
