"""Why this number, and why nothing: for any SKU at any location, as of this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inventory.domain.days import local_date
from inventory.models import Listing, Location, Sku
from inventory.selectors.substitutes import Offer, short_offers
from orders.domain.bounds import Limit
from orders.domain.budget_reasons import with_cut
from orders.domain.policy import DEFAULT
from orders.domain.policy_reasons import limit_lines, rule_lines
from orders.domain.reasons import (
    LOST_BEFORE,
    LevelFacts,
    Line,
    level_lines,
    lost_before_of,
    position_lines,
    unpack_lines,
)
from orders.models import Outcome, ProposalState, ReorderLevel, ReplenishmentProposal
from orders.models.policy import TargetKind
from orders.selectors.budget_pages import cut_of
from orders.selectors.order_calendars import level_calendar
from orders.selectors.positions import NOTHING, Position, load_positions
from orders.selectors.rules import policy_of, through_of

# Answers that no night gives, because the night does not look at these.
UNPLANNED: dict[str, Promise] = {
    "inactive": _("The SKU is switched off, so nothing is ordered."),
    "not_listed": _("The SKU is not on sale at this location, so nothing is ordered."),
    "delisted": _("The SKU is no longer on sale at this location, so nothing is ordered."),
    "not_yet_listed": _("The SKU is not on sale at this location yet."),
    "not_planned": _("The night has not looked at this SKU here yet. It will, tonight."),
}
ANSWERS: dict[str, Promise] = {
    Outcome.PROPOSED: _("The position is at or below the reorder point, so an order is proposed."),
    Outcome.ENOUGH: _("The position is above the reorder point, so there is enough until the next delivery."),
    Outcome.NO_DEMAND: _("Nobody is expected to ask for it, so nothing is ordered."),
    Outcome.NO_FORECAST: _("There is not enough history for a forecast, and nothing is ordered by a guess."),
    Outcome.NO_SOURCE: _("It is needed, but no active supplier delivers it and no place of ours has it to spare."),
    Outcome.ENDING: _("A rule says that it is at the end of its life, so nothing is bought any more."),
    Outcome.NO_ROOM: _(
        "It is needed, but not even the least that is delivered has room: shelf, shelf life or the last day of sale "
        "leave less."
    ),
    Outcome.DELAYED: _(
        "It is needed, but the truck of its supplier, or the most that they deliver at once, is full of what runs out "
        "sooner. It waits."
    ),
    Outcome.STOPPED: _("A rule stops its replenishment."),
    Outcome.SNOOZED: _("It is needed, but the proposal was rejected and the wait is not over."),
    **UNPLANNED,
}
# Of a position that is enough only since a bound lowered the levels.
LOWERED = _(
    "Nothing more is ordered, though it may run out: shelf, shelf life or the last day of sale keep the reorder point "
    "below the expected demand."
)
# Of a proposal of which a budget leaves nothing.
HELD = _("It is needed and proposed, but a budget holds all of it back.")


@dataclass(frozen=True)
class Why:
    """`code` is an Outcome or a key of UNPLANNED, `answer` its sentence. `lines` are those of the open proposal as it
    was made and cut by a budget, otherwise position and levels of now. `snoozed_until` and `note` belong to a rejection
    that still holds. `offers` are what may be had instead of a SKU that is out there."""

    sku: Sku
    location: Location
    code: str
    answer: str
    lines: Sequence[Line]
    proposal: ReplenishmentProposal | None = None
    snoozed_until: date | None = None
    note: str = ""
    offers: Sequence[Offer] = ()


def why(*, sku: Sku, location: Location, now: datetime) -> Why:
    """The answer for one SKU at one location; the caller has checked that the user may see it. At most eight
    queries."""
    today = local_date(now, location.time_zone)
    level = _level(sku, location)
    proposal = (
        ReplenishmentProposal.objects.filter(sku=sku, location=location, state=ProposalState.OPEN)
        .select_related("supplier", "source", "cut_by")
        .first()
    )
    position = load_positions([location.pk], [sku.pk], today=today).get((location.pk, sku.pk), NOTHING)
    code = _unplanned(sku, location, level, today) or _planned(level, proposal, position)
    asks_nobody = code == Outcome.SNOOZED or (code == Outcome.PROPOSED and proposal is None)
    rejection = _rejection(sku, location, today) if asks_nobody else None
    if rejection:
        # Also before the next plan has seen the rejection.
        code = Outcome.SNOOZED
    lines = _proposed(proposal) if proposal else _lines(sku, level, position, today, now)
    said = _said(code, level, proposal)
    is_out = position.on_hand <= position.reserved
    offers = short_offers([(sku.pk, location.pk)]).get((sku.pk, location.pk), ()) if is_out else ()
    return Why(
        sku, location, code, str(said), lines, proposal,
        rejection.snoozed_until if rejection else None, rejection.decision_note if rejection else "", offers,
    )  # fmt: skip


def _said(code: str, level: ReorderLevel | None, proposal: ReplenishmentProposal | None) -> Promise:
    if proposal is not None and proposal.cut_quantity == 0:
        return HELD
    safety = level.safety_stock if level is not None and level.limits else None
    return LOWERED if code == Outcome.ENOUGH and safety is not None and safety < 0 else ANSWERS[code]


def _proposed(proposal: ReplenishmentProposal) -> list[Line]:
    """As it was planned, with what a budget left of it."""
    return with_cut(unpack_lines(proposal.reason.get("lines", [])), cut_of(proposal))


def _unplanned(sku: Sku, location: Location, level: ReorderLevel | None, today: date) -> str:
    """Why the night does not look at it; empty when it does."""
    if not sku.is_active:
        return "inactive"
    listing = Listing.objects.filter(sku=sku, location=location).first()
    if listing is None:
        return "not_listed"
    if listing.delisted_on is not None and listing.delisted_on <= today:
        return "delisted"
    if listing.listed_on > today:
        return "not_yet_listed"
    return "" if level is not None else "not_planned"


def _planned(level: ReorderLevel | None, proposal: ReplenishmentProposal | None, position: Position) -> str:
    """What the night said, unless it has been overtaken: an order was placed, or goods came, since then."""
    if level is None:
        return "not_planned"
    if level.outcome != Outcome.PROPOSED or proposal is not None:
        return level.outcome
    is_above = level.reorder_point is not None and position.inventory_position > level.reorder_point
    return Outcome.ENOUGH if is_above else Outcome.PROPOSED


def _rejection(sku: Sku, location: Location, today: date) -> ReplenishmentProposal | None:
    rejected = ReplenishmentProposal.objects.filter(
        sku=sku, location=location, state=ProposalState.REJECTED, snoozed_until__gt=today
    )
    return rejected.order_by("-snoozed_until").first()


def _level(sku: Sku, location: Location) -> ReorderLevel | None:
    """With the names that its rule is called by."""
    parts = ("rule__sku", "rule__category", "rule__supplier", "rule__location")
    return ReorderLevel.objects.filter(sku=sku, location=location).select_related("rule", "location", *parts).first()


def _lines(sku: Sku, level: ReorderLevel | None, position: Position, today: date, now: datetime) -> list[Line]:
    if level is None:
        return position_lines(position)
    policy = DEFAULT
    if level.rule is not None:
        policy = replace(policy_of(level.rule, today), through=through_of(level.rule, sku.category_id))
    return [
        *position_lines(position),
        *rule_lines(policy, level.value_class, level.steadiness),
        *level_lines(replace(facts_of_level(level), calendar=level_calendar(level, today, now))),
        *limit_lines(policy, Limit(level.limits), sku.shelf_life_days),
        *(line for line in unpack_lines(level.turn or ()) if line.code != LOST_BEFORE),
    ]


def facts_of_level(level: ReorderLevel) -> LevelFacts:
    """What the kept level says; how many deliveries its lead time was learned from is not kept."""
    demand = None
    lost = lost_before_of(level.turn)
    if level.reorder_point is not None and level.safety_stock is not None:
        demand = float(level.reorder_point - level.safety_stock) + lost
    return LevelFacts(
        lead_days=level.lead_time_days,
        lead_basis="",
        deliveries=0,
        review_days=level.review_period_days,
        service_level=level.cycle_service_level,
        lot_days=level.lot_days,
        daily_demand=level.mean_daily_demand,
        interval_demand=demand,
        lost_before=lost,
        reorder_point=level.reorder_point,
        order_up_to=level.order_up_to_level,
        interval_days=level.protection_interval_days,
        is_certainty_wanted=level.rule is None or level.rule.target == TargetKind.CYCLE,
    )
