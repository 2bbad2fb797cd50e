"""What more of a line could be bought."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from orders.domain.bounds import LONGEST_SHELF_LIFE, Limit
from orders.domain.curves import mean_at
from orders.domain.decision import Decision
from orders.domain.draft_checks import most_orderable
from orders.domain.quantity import to_number
from orders.domain.sourcing import SourceKind
from orders.domain.whole_packs import price_of

LESSENED = Limit.SHELF_LIFE | Limit.PHASE_OUT


def is_bought(decision: Decision) -> bool:
    return decision.case.buy is not None and decision.choice.kind is SourceKind.SUPPLIER


def priced(decision: Decision) -> Decision:
    """At the price that its supplier asks for so many; call it whenever another quantity is decided."""
    buy = decision.case.buy
    if buy is None or not buy.breaks or decision.quantity <= 0 or not is_bought(decision):
        return decision
    return replace(decision, price=price_of(decision.quantity, buy.price, buy.breaks))


def room_of(decision: Decision) -> float:
    """Units up to which the position may go; what spoils or ends is not bought beyond its level, and nothing beyond the
    most that its supplier delivers."""
    policy, most = decision.case.policy, most_of_line(decision)
    room = float("inf") if policy.capacity is None else policy.capacity
    if LESSENED & decision.limits:
        room = to_number(decision.order_up_to or Decimal(0))
    return room if most is None else min(room, to_number(decision.case.position.inventory_position + most))


def keeping_room_of(decision: Decision) -> float:
    """The same, and of what spoils no more than is expected to be asked for before its last day, where its level asks
    for less than that. For what is bought to save money or freight, which goods that are thrown away do not; without
    its least order a supplier brings nothing at all, so that one is reached with `room_of`."""
    room, keeps = room_of(decision), decision.case.shelf_life_days
    if keeps is None or keeps > LONGEST_SHELF_LIFE or not len(decision.daily_mean):
        return room
    last_day = np.array([[(decision.lead_days or 0.0) + keeps]])
    asked_for = float(mean_at(np.asarray(decision.daily_mean, dtype=np.float64)[None, :], last_day)[0, 0])
    return min(room, max(asked_for, to_number(decision.order_up_to or Decimal(0))))


def most_of_line(decision: Decision) -> Decimal | None:
    """Units that the supplier delivers at most in one order, whole packs; None: any."""
    buy = decision.case.buy
    return None if buy is None or buy.maximum is None else most_orderable(buy.maximum, buy.minimum, buy.pack_size)
