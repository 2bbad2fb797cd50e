"""The locks of orders in one place. No stock level is among them: those come after, in inventory/locks.py.

Documents are locked before their lines and before any stock level, several of a kind in the order of their ids, so that
no two acts wait for each other. Call these inside a transaction, before anything is read for a decision.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from accounts.models import User
from orders.models import (
    ApprovalLimit,
    AutoApprovalDay,
    AutoApprovalRule,
    Budget,
    BuyingSettings,
    Delegation,
    Emergency,
    EmergencySettings,
    EmergencyState,
    OrderState,
    PolicyRule,
    ProposalState,
    PurchaseOrder,
    PurchaseOrderLine,
    ReplenishmentProposal,
    SupplyRequest,
)
from outbox.models import Message

# First half of the advisory locks of those who buy; the second half is the person. The trigger
# orders_guard_approval takes the same one.
MAKER_LOCK = 7702

# First half of the advisory locks of plans; the second half is the location, 0 for what places have to spare.
PLAN_LOCK = 7701

# First half of the advisory locks of replays; the second half is the person.
REPLAY_LOCK = 7704


Row = TypeVar("Row", bound=Model)


def _locked_then_joined(rows: QuerySet[Row], *names: str) -> list[Row]:
    """In the order of their ids, with what `names` say. Read once they are locked: of a row that somebody else has
    changed while we waited, one statement joins the new one with what the old one named, and gives no supplier where
    there is another, and no rule at all where another person is its author."""
    list(rows.select_for_update().order_by("pk").values_list("pk"))
    return list(rows.select_related(*names).order_by("pk"))


def wait_for_plans() -> None:
    """In this transaction locks are waited for as long as the plan of a large place takes: plans stand in line for what
    places have to spare, and one that gave up after seconds would only begin anew. Deadlocks still end at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10min'")


def lock_spare() -> None:
    """From a look at what places have to spare until the transaction ends nobody else promises the same units. Comes
    after proposals, documents and emergencies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [PLAN_LOCK])


def lock_maker(user_id: int) -> None:
    """One purchase at a time of a person, so that each sees what the others add to the sum under their limit. Comes
    after proposals and documents."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MAKER_LOCK, user_id])


def lock_budgets() -> list[Budget]:
    """All that have not ended, with their suppliers: one purchase at a time of what any of them covers, so that none
    spends what another has. In the order of their ids, always all of them; they come after proposals, documents and the
    maker."""
    return list(Budget.objects.select_for_update().filter(ended_at=None).prefetch_related("suppliers").order_by("pk"))


def lock_budget(budget_id: int) -> Budget:
    """One of them, with the others. Raises Budget.DoesNotExist when there is none or it has ended."""
    found = next((row for row in lock_budgets() if row.pk == budget_id), None)
    if found is None:
        raise Budget.DoesNotExist
    return found


def lock_free_proposals(proposal_ids: Collection[int]) -> set[int]:
    """Ids of those that are still open, untouched by a person, and that nobody else decides or plans at the moment:
    those are not waited for, so that this may come after the budgets."""
    rows = ReplenishmentProposal.objects.select_for_update(skip_locked=True).filter(
        pk__in=proposal_ids, state=ProposalState.OPEN, edited_at=None
    )
    return set(rows.order_by("pk").values_list("pk", flat=True))


def lock_proposals(proposal_ids: Sequence[int]) -> list[ReplenishmentProposal]:
    """With SKU, location, supplier and source. Raises ReplenishmentProposal.DoesNotExist when one is missing."""
    rows = ReplenishmentProposal.objects.filter(pk__in=proposal_ids)
    proposals = _locked_then_joined(rows, "sku", "location", "supplier", "source")
    if len(proposals) != len(proposal_ids):
        raise ReplenishmentProposal.DoesNotExist
    return proposals


def lock_open_proposals(location_id: int, sku_ids: Collection[int] | None = None) -> dict[int, int]:
    """SKU by id of those of a location that wait for a decision. An approval under way is waited for, and its proposals
    are then gone."""
    rows = ReplenishmentProposal.objects.select_for_update().filter(location_id=location_id, state=ProposalState.OPEN)
    if sku_ids is not None:
        rows = rows.filter(sku_id__in=sku_ids)
    return dict(rows.order_by("pk").values_list("pk", "sku_id"))


def lock_open_emergencies(location_id: int, sku_ids: Collection[int] | None = None) -> list[int]:
    """Ids of those of a location that wait for a decision; one under way is waited for, and is then gone."""
    rows = Emergency.objects.select_for_update().filter(location_id=location_id, state=EmergencyState.OPEN)
    if sku_ids is not None:
        rows = rows.filter(sku_id__in=sku_ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def lock_emergency(emergency_id: int) -> Emergency:
    """With SKU, location, supplier and source. Raises Emergency.DoesNotExist."""
    rows = Emergency.objects.select_for_update(of=("self",))
    return rows.select_related("sku", "location", "supplier", "source").get(pk=emergency_id)


def lock_past_emergencies(before: date) -> list[int]:
    """Ids of open ones whose ordinary delivery was due before that day."""
    rows = Emergency.objects.select_for_update().filter(state=EmergencyState.OPEN, relief_on__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def lock_stale_proposals(before: str) -> list[int]:
    """Ids of open proposals whose last plan saw no day from `before` (ISO) on."""
    rows = ReplenishmentProposal.objects.select_for_update().filter(state=ProposalState.OPEN, reason__as_of__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def lock_stale_orders(before: datetime) -> list[PurchaseOrder]:
    """Orders that have waited for a second person since before, and drafts that are older."""
    is_stale = Q(state=OrderState.AWAITING_APPROVAL, submitted_at__lte=before)
    rows = PurchaseOrder.objects.select_for_update().filter(
        is_stale | Q(state=OrderState.DRAFT, created_at__lte=before)
    )
    return list(rows.order_by("pk"))


def lock_settings() -> BuyingSettings:
    """The one row, made when nobody has changed anything yet."""
    row, _is_new = BuyingSettings.objects.select_for_update().get_or_create(pk=1)
    return row


def lock_emergency_settings() -> EmergencySettings:
    """The one row, made when nobody has changed anything yet."""
    row, _is_new = EmergencySettings.objects.select_for_update().get_or_create(pk=1)
    return row


def lock_order(order_id: int) -> PurchaseOrder:
    """With supplier and location. Raises PurchaseOrder.DoesNotExist."""
    orders = PurchaseOrder.objects.select_for_update(of=("self",)).select_related("supplier", "location")
    return orders.get(pk=order_id)


def lock_orders(order_ids: Collection[int]) -> list[PurchaseOrder]:
    """All of them in the order of their ids, with supplier and location. Raises PurchaseOrder.DoesNotExist for one that
    is missing."""
    orders = PurchaseOrder.objects.select_for_update(of=("self",)).select_related("supplier", "location")
    found = list(orders.filter(pk__in=order_ids).order_by("pk"))
    if len(found) != len(set(order_ids)):
        raise PurchaseOrder.DoesNotExist
    return found


def lock_handed_over(messages: QuerySet[Message]) -> list[PurchaseOrder]:
    """Approved orders whose e-mail is one of these, with their supplier and who answers for them."""
    orders = PurchaseOrder.objects.select_for_update(of=("self",)).select_related(
        "supplier", "approved_by", "created_by"
    )
    return list(orders.filter(state=OrderState.APPROVED, event_id__in=messages.values("event_id")).order_by("pk"))


def lock_lines(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """All lines of a locked order, with their SKU."""
    return list(order.lines.select_related("sku").select_for_update(of=("self",)).order_by("pk"))


def lock_rule(rule_id: int) -> PolicyRule:
    """Raises PolicyRule.DoesNotExist."""
    return PolicyRule.objects.select_for_update().get(pk=rule_id)


def lock_limit(limit_id: int) -> ApprovalLimit:
    """Raises ApprovalLimit.DoesNotExist."""
    return ApprovalLimit.objects.select_for_update().get(pk=limit_id)


def lock_rule_of(scope: Mapping[str, Any]) -> PolicyRule | None:
    """The rule of exactly this scope, by the names of its columns; None where it has none."""
    return PolicyRule.objects.select_for_update().filter(**scope).first()


def lock_auto_rule(rule_id: int) -> AutoApprovalRule:
    """With its author. Comes after the settings and before proposals. Raises AutoApprovalRule.DoesNotExist."""
    found = _locked_then_joined(AutoApprovalRule.objects.filter(pk=rule_id), "author")
    if not found:
        raise AutoApprovalRule.DoesNotExist
    return found[0]


def lock_auto_day(rule: AutoApprovalRule, day: date) -> AutoApprovalDay:
    """What a locked rule has spent for the day."""
    row, _is_new = AutoApprovalDay.objects.select_for_update().get_or_create(
        rule=rule, day=day, defaults={"cap": rule.daily_cap}
    )
    return row


def lock_both(giver_id: int, taker_id: int) -> tuple[User, User]:
    """Who lends their limit and who stands in, as they are until the transaction ends: one delegation at a time of a
    person, so that two cannot hold for the same days, and none of somebody who is switched off meanwhile. Comes before
    all others."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[giver_id, taker_id]).order_by("pk")
    people = {person.pk: person for person in rows}
    return people[giver_id], people[taker_id]


def lock_delegation(delegation_id: int) -> Delegation:
    """Raises Delegation.DoesNotExist."""
    return Delegation.objects.select_for_update().get(pk=delegation_id)


def lock_delegations_of(person_id: int, since: date) -> list[Delegation]:
    """Those that the person gives or takes, that nobody has ended and that hold on or after the day, with both
    sides."""
    rows = Delegation.objects.filter(Q(giver=person_id) | Q(taker=person_id), ended_at=None, ends_on__gte=since)
    return list(rows.select_for_update(of=("self",)).select_related("giver", "taker").order_by("pk"))


def lock_request(request_id: int) -> SupplyRequest:
    """With SKU, location and who asked. Raises SupplyRequest.DoesNotExist."""
    requests = SupplyRequest.objects.select_for_update(of=("self",))
    return requests.select_related("sku", "location", "created_by").get(pk=request_id)
