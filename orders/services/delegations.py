"""Who stands in for whom while somebody is away."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed, wrong_field
from accounts.models import User
from accounts.roles import APPROVE_ORDERS, SET_BUYING_RULES, is_permitted
from accounts.services.audit import record_audit
from accounts.text import format_day
from orders.locks import lock_both, lock_delegation, lock_delegations_of
from orders.models import Delegation

LONGEST_DAYS = 366


def delegate(
    *, giver: User, taker: User, starts_on: date, ends_on: date, actor: User, now: datetime, today: date
) -> Delegation:
    """`taker` may approve as `giver` from the first to the last day. Everybody lends their own limit; an administrator
    that of others too. Between the same two people no second one holds for the same days: who ended one would believe
    that it is over. Raises InvalidInput, NotAllowed."""
    if actor.pk != giver.pk and not is_permitted(actor, SET_BUYING_RULES):
        raise NotAllowed(_("You can only be stood in for yourself."))
    with transaction.atomic():
        giver, taker = lock_both(giver.pk, taker.pk)
        _check(giver, taker, starts_on, ends_on, today)
        _refuse_doubled(giver, taker, starts_on, ends_on)
        row = Delegation.objects.create(
            giver=giver, taker=taker, starts_on=starts_on, ends_on=ends_on, created_at=now, created_by=actor
        )
        _audit(row, "delegation.made", actor, now)
    return row


def _check(giver: User, taker: User, starts_on: date, ends_on: date, today: date) -> None:
    rules = (
        ("taker", giver.pk != taker.pk, _("Choose somebody else to stand in.")),
        (
            "giver",
            is_permitted(giver, APPROVE_ORDERS),
            _("This person approves no orders, so there is nothing to lend."),
        ),
        ("taker", is_permitted(taker, APPROVE_ORDERS), _("This person may not approve orders at all.")),
        ("ends_on", starts_on <= ends_on, _("The last day comes before the first.")),
        ("ends_on", ends_on >= today, _("These days are over.")),
        ("ends_on", (ends_on - starts_on).days < LONGEST_DAYS, _("Nobody stands in for more than a year.")),
    )
    problems = [{"field": field, "message": message} for field, is_fine, message in rules if not is_fine]
    if problems:
        raise InvalidInput(" ".join(problem["message"] for problem in problems), details=problems)


def _refuse_doubled(giver: User, taker: User, starts_on: date, ends_on: date) -> None:
    running = Delegation.objects.filter(
        giver=giver, taker=taker, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    row = running.order_by("starts_on").first()
    if row is not None:
        values = {"name": taker, "giver": giver, "first": format_day(row.starts_on), "last": format_day(row.ends_on)}
        message = _(
            "%(name)s stands in for %(giver)s from %(first)s to %(last)s already. Choose other days, or end that first."
        )
        message %= values
        raise wrong_field("starts_on", message)


def end_delegation(*, delegation_id: int, actor: User, now: datetime) -> Delegation:
    """It ends now; what was approved under it stays. A repeat changes nothing. Raises NotAllowed,
    Delegation.DoesNotExist."""
    with transaction.atomic():
        row = lock_delegation(delegation_id)
        if row.ended_at is not None:
            return row
        if actor.pk not in (row.giver_id, row.taker_id) and not is_permitted(actor, SET_BUYING_RULES):
            raise NotAllowed(_("Only the two of them or an administrator can end this."))
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        _audit(row, "delegation.ended", actor, now)
    return row


def end_delegations_of(*, person: User, actor: User | None, now: datetime) -> list[Delegation]:
    """Ends all that the person gives or takes and that are not over yet, in the caller's transaction: somebody who is
    switched off neither approves nor lends. Returns them with both sides."""
    # Somewhere on earth it is still the day before.
    rows = lock_delegations_of(person.pk, now.date() - timedelta(days=1))
    Delegation.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now)
    for row in rows:
        _audit(row, "delegation.ended", actor, now)
    return rows


def _audit(row: Delegation, action: str, actor: User | None, now: datetime) -> None:
    record_audit(
        actor=actor, action=action, object_type="delegation", object_id=row.pk, now=now,
        data={"giver": row.giver_id, "taker": row.taker_id, "from": str(row.starts_on), "to": str(row.ends_on)},
    )  # fmt: skip
