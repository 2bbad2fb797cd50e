"""Whatever a supplier's terms, what a plan orders of them keeps each of their rules, costs what their price list says,
and is explained to the last unit. Terms are drawn at random; each rule is reckoned anew here, the slow way."""

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.domain.decision import Buy, Case, Decision
from orders.domain.order_most import within_order
from orders.domain.plan import amounts_of
from orders.domain.policy import Policy
from orders.domain.position import Position
from orders.domain.quantity import to_decimal
from orders.domain.shaping import shape
from orders.domain.sourcing import Choice, SourceKind
from orders.domain.truckloads import Size, Truck, TruckPolicy, by_truck
from suppliers.domain.lead_times import Basis, LeadTime

BOUGHT = Choice(SourceKind.SUPPLIER, "only_source")
LEAD = LeadTime((2,), (1.0,), 0, Basis.PROMISE)
units = st.integers(0, 60).map(Decimal)


def slow_least(minimum, pack):
    count = 1
    while count * pack < minimum:
        count += 1
    return count * pack


def slow_price(buy, quantity):
    found = buy.price
    for least, price in buy.breaks:
        found = price if quantity >= least else found
    return found


@st.composite
def buys(draw, order_minimum, order_maximum):
    pack, minimum = draw(st.sampled_from([1, 6, Decimal("2.5")])), draw(st.integers(0, 25))
    least = slow_least(minimum, pack)
    price = Decimal(draw(st.integers(1, 9)))
    steps = sorted(draw(st.sets(st.integers(2, 60), max_size=2)))
    breaks = tuple((Decimal(step), price * (10 - 3 * at) / 10) for at, step in enumerate(steps, start=1))
    maximum = draw(st.none() | st.integers(0, 60).map(lambda more: Decimal(least + more)))
    pallet = draw(st.none() | st.integers(2, 6).map(lambda packs: Decimal(packs * pack)))
    return Buy(
        1, "Acme", price, Decimal(pack), Decimal(minimum), 1, LEAD, 0, breaks=breaks, order_minimum=order_minimum,
        order_maximum=order_maximum, maximum=maximum, pallet=pallet,
        pallet_share=draw(st.sampled_from([Decimal(0), Decimal("0.5")])),
    )  # fmt: skip


@st.composite
def cases(draw, order_minimum, order_maximum):
    capacity = draw(st.none() | st.integers(0, 90))
    policy = Policy(capacity=capacity, ordering_cost=draw(st.sampled_from([0.0, 5.0])))
    buy = draw(buys(order_minimum, order_maximum))
    position = Position(on_hand=draw(units))
    return Case(0, 1 if buy.pack_size % 1 else 1000, Decimal(1), Decimal(1), None, policy, position, buy, Decimal(0),
                is_snoozed=False)  # fmt: skip


@st.composite
def orders(draw):
    """Cases of one supplier, the levels up to which each is ordered, their demand a day, and the truck."""
    least = Decimal(draw(st.sampled_from([0, 0, 40, 150])))
    most = draw(st.none() | st.integers(0, 200).map(lambda more: least + more + 10))
    found = draw(st.lists(cases(least, most), min_size=1, max_size=3))
    up_to = [draw(st.integers(0, 90)) for _case in found]
    daily = [draw(st.sampled_from([0.0, 0.5, 3.0])) for _case in found]
    policy = draw(st.sampled_from([TruckPolicy.NONE, TruckPolicy.FILL, TruckPolicy.LIMIT]))
    truck = Truck(policy, draw(st.none() | st.floats(5, 90)), None, draw(st.floats(20, 300)), 30)
    return found, up_to, daily, truck


def needed(found, up_to, daily):
    """What the levels ask for, before prices and trucks are looked at."""
    levels = np.array(up_to, dtype=np.int64) * 1000
    wants = np.ones(len(found), dtype=np.bool_)
    amounts = amounts_of(found, [BOUGHT] * len(found), levels, levels, wants, ~wants)
    rows = zip(found, amounts.need, amounts.quantity, up_to, daily, strict=True)
    return [
        Decision(case, "proposed" if quantity else "no_room" if need else "enough", BOUGHT, LEAD, Decimal(level),
                 Decimal(level), need=to_decimal(need), quantity=to_decimal(quantity), daily_demand=per_day)
        for case, need, quantity, level, per_day in rows
    ]  # fmt: skip


def planned(before, truck):
    shaped = shape(before)
    sizes = {0: Size(1.0, 0.0)}
    return within_order(shaped if truck.policy is TruckPolicy.NONE else by_truck(shaped, {1: truck}, sizes))


def total_of(decisions):
    return sum((each.quantity * each.unit_price for each in decisions), Decimal(0))


@settings(max_examples=60, deadline=None)
@given(orders())
def test_each_line_is_one_that_they_deliver_at_their_price(order):
    found, up_to, daily, truck = order
    for line in planned(needed(found, up_to, daily), truck):
        buy = line.case.buy
        assert line.quantity % buy.pack_size == 0
        assert line.quantity == 0 or line.quantity >= slow_least(buy.minimum, buy.pack_size)
        assert buy.maximum is None or line.quantity <= buy.maximum
        assert line.quantity == 0 or line.unit_price == slow_price(buy, line.quantity)


@settings(max_examples=60, deadline=None)
@given(orders())
def test_the_order_is_one_that_they_deliver_and_the_shelf_holds(order):
    found, up_to, daily, truck = order
    before = needed(found, up_to, daily)
    after = planned(before, truck)
    buy, total = found[0].buy, total_of(after)
    assert buy.order_maximum is None or total <= buy.order_maximum
    if truck.policy is TruckPolicy.LIMIT:
        assert total <= Decimal(truck.value) + Decimal("0.000001")
        assert truck.kilograms is None or sum(each.quantity for each in after) <= truck.kilograms + 1e-6
    for line in after:
        capacity = line.case.policy.capacity
        assert capacity is None or not line.quantity or line.case.position.on_hand + line.quantity <= capacity


@settings(max_examples=60, deadline=None)
@given(orders())
def test_each_unit_more_or_less_than_the_need_in_packs_is_told(order):
    found, up_to, daily, truck = order
    before = needed(found, up_to, daily)
    for line, was in zip(planned(before, truck), before, strict=True):
        told = line.for_price + line.for_order + line.for_pallet + line.for_truck - line.over_line - line.over_order
        assert line.quantity == was.quantity + told
        assert (line.quantity > 0) == (line.outcome == "proposed")


@settings(max_examples=60, deadline=None)
@given(orders())
def test_an_order_below_their_least_is_one_that_nothing_sensible_fills(order):
    """Filled for 60 days at the most, or for as long as the shelf holds: then no line has room for another step."""
    found, up_to, daily, _truck = order
    after = shape(needed(found, up_to, daily))
    least, total = found[0].buy.order_minimum, total_of(after)
    if not 0 < total < least:
        return
    assert not any(line.for_order for line in after)
    assert _worth_at_most(after) < least


def _worth_at_most(lines):
    """What the order is worth when every line takes all that has room, lasts no longer, and is delivered: within the
    price of one more pack, so that a price break cannot make the whole of it cheaper than a part."""
    found = Decimal(0)
    for line in lines:
        buy, room = line.case.buy, [Decimal(60) * Decimal(line.daily_demand)]
        room += [Decimal(line.case.policy.capacity)] if line.case.policy.capacity is not None else []
        most = min(room) - line.case.position.on_hand
        if buy.maximum is not None:
            most = min(most, buy.maximum)
        packs = max(most, Decimal(0)) // buy.pack_size * buy.pack_size
        taken = packs if packs >= slow_least(buy.minimum, buy.pack_size) and line.outcome != "no_room" else Decimal(0)
        taken = max(taken, line.quantity)
        found += taken * slow_price(buy, taken)
    return found
