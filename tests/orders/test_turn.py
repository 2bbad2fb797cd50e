"""Whether the days in stock that another supplier saves are worth what they cost more.

Two units a day are asked for, a lost one costs 1, an order lasts 7 days and the next look is a day away. Acme's goods
come on day 30, so of an empty shelf 60 are asked for in vain; Best's on day 3, after 6.
"""

import random
from decimal import Decimal

import numpy as np
import pytest

from orders.domain.turn import Sellers, Stakes, Unknown, Weighed, in_packs, one_order, pass_on, weigh
from tests.orders import twins

NOBODY_TYPED = {"minimum": np.nan, "maximum": np.nan}
STAKES = {
    "lost_unit": 1.0, "daily": 2.0, "held": 0.0, "lot_days": 7.0, "review_days": 1.0, "ordering_cost": 0.0,
    "holding_rate": 0.0, **NOBODY_TYPED,
}  # fmt: skip
ACME = {"day": 30.0, "lost": 60.0, "price": 2.0, "pack": 6.0, "least": 0.0, "breaks": ()}
BEST = {"day": 3.0, "lost": 6.0, "price": 2.5, "pack": 6.0, "least": 0.0, "breaks": ()}


def stakes_of(*rows):
    return Stakes(**{name: np.array([row[name] for row in rows], dtype=np.float64) for name in STAKES})


def sellers_of(*rows):
    breaks = np.full((len(rows), max(len(row["breaks"]) for row in rows), 2), np.inf)
    for row, each in enumerate(rows):
        for place, step in enumerate(each["breaks"]):
            breaks[row, place] = step
    names = [name for name in ACME if name != "breaks"]
    columns = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in names}
    return Sellers(**columns, break_units=breaks[:, :, 0], break_prices=breaks[:, :, 1])


def weighed(stakes, holder, other):
    (found,) = weigh(stakes_of(stakes), sellers_of(holder), sellers_of(other)).weighed()
    return found


def sums(stakes=STAKES, **other):
    found = weighed(stakes, ACME, {**BEST, **other})
    return float(found.saved), float(found.cost), found.is_worth_it


def test_54_units_less_are_lost_and_each_of_the_54_bought_costs_a_half_more():
    found = weighed(STAKES, ACME, BEST)
    assert (found.units, found.bought) == (54, 54)
    assert sums() == (54, 27, True)


@pytest.mark.parametrize(
    ("price", "cost", "is_worth_it"),
    [(1.5, 0, True), (2, 0, True), (2.99, 53.46, True), (3, 54, False), (3.01, 54.54, False)],
)
def test_of_the_same_sums_the_turn_stays_and_a_cent_more_passes_it(price, cost, is_worth_it):
    """Who is cheaper anyway costs nothing: that a person asks another one first is no loss of theirs."""
    assert sums(price=price) == (54, cost, is_worth_it)


def test_a_disappointed_customer_counts_with_the_margin():
    assert sums({**STAKES, "lost_unit": 1.5}, price=3) == (81, 54, True)


@pytest.mark.parametrize("price", [1.5, 2, 2.5])
def test_what_earns_nothing_is_not_bought_elsewhere(price):
    saved, _cost, is_worth_it = sums({**STAKES, "lost_unit": 0.0}, price=price)
    assert (saved, is_worth_it) == (0, False)


def test_what_nobody_asks_for_loses_nothing():
    assert not weighed({**STAKES, "daily": 0.0}, ACME, BEST).is_worth_it


def test_the_least_that_they_deliver_is_paid_for_even_where_the_gap_is_short():
    """Four lost units are saved, 60 bought."""
    late = {**ACME, "day": 5, "lost": 10.0}
    found = weighed(STAKES, late, {**BEST, "least": 60.0})
    assert (found.saved, found.bought, found.cost, found.is_worth_it) == (4, 60, 30, False)


def test_a_short_gap_costs_one_order_of_theirs():
    """3 + 1 + 7 days of 2 are 22, in packs 24."""
    found = weighed(STAKES, {**ACME, "day": 5, "lost": 10.0}, BEST)
    assert (found.saved, found.bought, found.cost, found.is_worth_it) == (4, 24, 12, False)


def test_holding_what_their_least_makes_of_an_order_is_paid_for():
    """Orders of 60 where 24 would do hold 18 more on average, of 2 each: 36 at 36.5 % a year, for the 30 days of 60."""
    assert sums({**STAKES, "holding_rate": 0.365}, price=2, least=60.0)[1] == 1.08


def test_order_lines_more_are_paid_for():
    """His orders are of 48, theirs of 24: for 54 units 1.125 lines more, of 8 each."""
    stakes = {**STAKES, "ordering_cost": 8.0}
    assert sums(stakes, price=2)[1] == 0
    assert weighed(stakes, {**ACME, "least": 48.0}, {**BEST, "price": 2.0}).cost == 9


def test_a_lower_price_holds_where_one_order_reaches_it():
    """54 are bought in orders of 24."""
    assert sums(price=3, breaks=((24, 2.1),))[1] == 5.4
    assert sums(price=3, breaks=((54, 2.1),))[1] == 54


@pytest.mark.parametrize(("held", "units"), [(0, 22), (5, 17), (8, 14), (58, 14)])
def test_an_order_lasts_until_the_next_has_come_and_is_a_lot_at_least(held, units):
    assert one_order(stakes_of({**STAKES, "held": held}), np.array([3.0])) == units


@pytest.mark.parametrize(("held", "units"), [(0, 12), (3, 9), (4, 8), (10, 8)])
def test_two_typed_numbers_say_what_an_order_is(held, units):
    typed = stakes_of({**STAKES, "held": held, "minimum": 4.0, "maximum": 12.0})
    assert one_order(typed, np.array([3.0])) == units


@pytest.mark.parametrize(("units", "least", "packed"), [(0, 0, 6), (6, 0, 6), (6.5, 0, 12), (1, 13, 18)])
def test_units_come_in_whole_packs(units, least, packed):
    assert in_packs(np.array([units]), sellers_of({**BEST, "least": least})) == packed


def some_seller(draw):
    breaks = [(12.0, 1.2), (48.0, 0.9)][: draw.randint(0, 2)]
    return {
        "day": float(draw.randint(0, 60)), "lost": draw.uniform(0, 90), "price": draw.uniform(1.3, 4),
        "pack": draw.choice([1.0, 2.5, 6.0]), "least": draw.choice([0.0, 24.0, 60.0]), "breaks": tuple(breaks),
    }  # fmt: skip


def some_stakes(draw):
    typed = draw.choice([NOBODY_TYPED, NOBODY_TYPED, {"minimum": 4.0, "maximum": float(draw.randint(4, 40))}])
    return {
        "lost_unit": draw.uniform(0, 3), "daily": draw.choice([0.0, *(draw.uniform(0.1, 9) for _ in range(9))]),
        "held": draw.uniform(0, 40), "lot_days": float(draw.randint(1, 30)), "review_days": float(draw.randint(1, 7)),
        "ordering_cost": draw.choice([0.0, 4.0]), "holding_rate": draw.choice([0.0, 0.25]), **typed,
    }  # fmt: skip


def test_all_skus_at_once_are_weighed_as_one_by_one():
    draw = random.Random(20260310)
    rows = [(some_stakes(draw), some_seller(draw), some_seller(draw)) for _ in range(500)]
    stakes, holders, others = zip(*rows, strict=True)
    found = weigh(stakes_of(*stakes), sellers_of(*holders), sellers_of(*others))
    alone = np.array([twins.weigh_turn(*row) for row in rows])
    np.testing.assert_allclose(np.column_stack([found.saved, found.cost, found.units, found.bought]), alone, atol=1e-9)
    assert (alone[:, 1] > 0).sum() > 100


def paid(saved, cost):
    return Weighed(saved=Decimal(saved), cost=Decimal(cost))


def passed(gaps, known, order=(1, 2, 3)):
    """The steps from supplier 0 on; `order` is that in which the others would be asked on any day."""
    steps = pass_on(0, gaps, known, lambda rows: min(rows, key=order.index))
    return [(step.holder, step.other, step.is_passed) for step in steps]


def test_the_first_of_those_who_are_worth_it_is_asked_as_on_any_day():
    known = {(0, 1): paid(9, 8), (0, 2): paid(9, 1)}
    assert passed([27, 0, 0], known) == [(0, 1, True)]
    assert passed([27, 0, 0], known, order=(2, 1)) == [(0, 2, True)]


def test_from_there_it_passes_on_only_where_that_is_worth_it_again():
    known = {(0, 1): paid(9, 8), (0, 2): paid(12, 1)}
    assert passed([27, 5, 0], {**known, (1, 2): paid(3, 2)}) == [(0, 1, True), (1, 2, True)]
    assert passed([27, 5, 0], {**known, (1, 2): paid(3, 3)}) == [(0, 1, True), (1, 2, False)]


def test_of_several_who_are_not_worth_it_the_one_that_lacks_least_is_told():
    known = {(0, 1): paid(1, 5), (0, 2): paid(2, 3), (0, 3): paid(2, 9)}
    assert passed([27, 0, 0, 0], known) == [(0, 2, False)]


def test_nobody_who_is_as_late_is_looked_at():
    assert passed([27, 27, 30], {}) == []


def test_where_money_is_unknown_the_days_decide():
    known = {(0, 1): Weighed(unknown=Unknown.NO_RATE), (0, 2): Weighed(unknown=Unknown.NO_RATE),
             (1, 2): Weighed(unknown=Unknown.NO_RATE)}  # fmt: skip
    assert passed([27, 5, 0], known) == [(0, 1, True), (1, 2, True)]
