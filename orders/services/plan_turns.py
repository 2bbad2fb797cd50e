"""A plan to the database in two turns: first what takes nothing from other places, then what does.

Only the second turn looks at what other places have to spare under the lock, so that plans side by side wait for each
other no longer than their moves take, and not at all where nothing is moved.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inventory.models import Location
from orders.domain.by_calendar import Calendars
from orders.domain.decision import Decision
from orders.domain.rebalance import contested, is_same_act, needs_donor, rebalance
from orders.domain.shaping import shape
from orders.domain.sourcing import Spare
from orders.domain.truckloads import Truck
from orders.locks import lock_open_emergencies, lock_spare
from orders.selectors.spare import load_spare, look_again
from orders.selectors.trucks import load_trucks, with_trucks
from orders.services.emergencies import sync_emergencies
from orders.services.level_rows import write_levels
from orders.services.plan_writes import Synced, sync_proposals


@dataclass(frozen=True)
class PlanFacts:
    """What all parts of one plan share. `open_proposals`: SKU by id of those that wait for a decision, and
    `open_emergencies` their ids; the caller holds the locks on both."""

    location: Location
    run_id: int
    as_of: date
    today: date
    now: datetime
    is_check: bool
    sku_ids: Collection[int] | None
    open_proposals: Mapping[int, int]
    open_emergencies: Sequence[int]
    calendars: Calendars


def write_plan(facts: PlanFacts, decided: Sequence[Decision]) -> Synced:
    """Levels, proposals and emergencies of `decided`, where what another place has too much of is moved instead of
    bought. Comes after the locks of the places and of what is open there."""
    trucks = load_trucks()
    spares = load_spare(facts.location, [each.case.sku_id for each in decided if needs_donor(each)])
    wanted = _with_moves(decided, spares, trucks)
    late = contested(wanted, trucks)
    _write_levels(facts, wanted, facts.sku_ids)
    _sync_emergencies(facts, wanted, facts.open_emergencies)
    open_ids = [pk for pk, sku_id in facts.open_proposals.items() if sku_id not in late]
    early = _sync_proposals(facts, [each for each in wanted if each.case.sku_id not in late], open_ids)
    if not late:
        return early
    seen = {sku_id: found for sku_id, found in spares.items() if sku_id in late}
    return early.plus(_second_turn(facts, [each for each in decided if each.case.sku_id in late], wanted, seen, trucks))


def _second_turn(
    facts: PlanFacts,
    late: Sequence[Decision],
    wanted: Sequence[Decision],
    seen: Mapping[int, Sequence[Spare]],
    trucks: Mapping[int, Truck],
) -> Synced:
    """What was wanted is asked for again now that nobody else can promise the same units until this transaction ends;
    where somebody was faster, levels and emergencies follow. `late` as they were decided, `wanted` with the moves that
    the first turn found in what was `seen`."""
    lock_spare()
    final = _with_moves(late, look_again(facts.location, seen), trucks)
    before = {each.case.sku_id: each for each in wanted}
    changed = [each for each in final if not is_same_act(each, before[each.case.sku_id])]
    if changed:
        skus = [each.case.sku_id for each in changed]
        _write_levels(facts, changed, skus)
        _sync_emergencies(facts, changed, lock_open_emergencies(facts.location.pk, skus))
    asked = {each.case.sku_id for each in late}
    return _sync_proposals(facts, final, [pk for pk, sku_id in facts.open_proposals.items() if sku_id in asked])


def _with_moves(
    decided: Sequence[Decision], spares: Mapping[int, Sequence[Spare]], trucks: Mapping[int, Truck]
) -> list[Decision]:
    return with_trucks(shape(rebalance(decided, spares)), trucks)


def _write_levels(facts: PlanFacts, decisions: Sequence[Decision], sku_ids: Collection[int] | None) -> None:
    write_levels(location=facts.location, run_id=facts.run_id, as_of=facts.as_of, decisions=decisions, sku_ids=sku_ids)


def _sync_emergencies(facts: PlanFacts, decisions: Sequence[Decision], open_ids: Sequence[int]) -> None:
    sync_emergencies(
        location=facts.location, open_ids=open_ids, decisions=decisions, as_of=facts.as_of, calendars=facts.calendars
    )  # fmt: skip


def _sync_proposals(facts: PlanFacts, decisions: Sequence[Decision], open_ids: Sequence[int]) -> Synced:
    return sync_proposals(
        location=facts.location,
        open_ids=open_ids,
        decisions=decisions,
        as_of=facts.as_of,
        today=facts.today,
        now=facts.now,
        is_check=facts.is_check,
    )
