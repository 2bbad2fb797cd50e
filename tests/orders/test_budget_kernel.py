"""The money of budgets goes where it averts most: checked by eye, against every possible choice of small cases, and on
periods."""

from datetime import date
from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from orders.domain.averted import averted_by, cost_of_cut
from orders.domain.budget_cuts import Line, cut_lines
from orders.domain.budget_periods import Span, span_of
from orders.domain.budget_share import Wanted, averted_of, share_out

STEEP = [8.0, 16, 20, 24, 26, 28, 29, 30]
FLAT = [4.0, 8, 12, 16, 20, 24, 28, 32]


def wanted(packs, cost, averted, *, least=None, order=None, covered=None, minimum=None):
    count = len(packs)
    order = np.array(order or range(count))
    return Wanted(
        packs=np.array(packs), least=np.array(least or [1] * count), cost=np.array(cost, dtype=float),
        averted=np.array(averted, dtype=float), order=order,
        covered=np.ones((count, 1), dtype=bool) if covered is None else np.array(covered, dtype=bool),
        minimum=np.array(minimum or [0] * (order.max() + 1), dtype=float),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("money", "packs"), [(0, [0, 0]), (9, [0, 0]), (10, [1, 0]), (30, [2, 1]), (40, [2, 2]), (80, [4, 4])]
)
def test_each_pack_goes_where_it_averts_most(money, packs):
    """Packs of 10: the steep line averts 16, 8, 4, 2 with its four, the flat one 8 with each."""
    assert share_out(wanted([4, 4], [10, 10], [STEEP, FLAT]), np.array([money], dtype=float)).tolist() == packs


def test_a_line_is_not_begun_below_its_least():
    case = wanted([4, 4], [10, 10], [STEEP, FLAT], least=[3, 1])
    assert share_out(case, np.array([20.0])).tolist() == [0, 2]
    assert share_out(case, np.array([30.0])).tolist() == [3, 0]


def test_an_order_reaches_its_least_or_is_held_whichever_averts_more():
    """Order 0 delivers from 40 on. With 40 it takes all where it averts more, and nothing where the rest does."""
    case = wanted([4, 4], [10, 10], [FLAT, STEEP], minimum=[40, 0])
    assert share_out(case, np.array([40.0])).tolist() == [4, 0]
    case = wanted([4, 4], [10, 10], [[value / 2 for value in FLAT], STEEP], minimum=[40, 0])
    assert share_out(case, np.array([40.0])).tolist() == [0, 4]
    assert share_out(case, np.array([39.0])).tolist() == [0, 3]


def test_a_line_in_two_budgets_keeps_both():
    case = wanted([4, 4], [10, 10], [STEEP, FLAT], covered=[[True, True], [True, False]])
    assert share_out(case, np.array([60.0, 10.0])).tolist() == [1, 4]


def test_what_costs_nothing_is_never_cut():
    assert share_out(wanted([4, 4], [0, 10], [FLAT, FLAT]), np.array([0.0])).tolist() == [4, 0]


def is_allowed(case, packs, left):
    money = packs * case.cost
    spent = np.bincount(case.order, weights=money, minlength=len(case.minimum))
    begun = (packs == 0) | (packs >= case.least)
    whole = (spent == 0) | (spent >= case.minimum - 1e-9)
    return begun.all() and whole.all() and (money @ case.covered <= left + 1e-9).all()


def best(case, left):
    """The most that any choice averts, by trying all."""
    choices = (np.array(packs) for packs in product(*(range(most + 1) for most in case.packs)))
    return max(averted_of(case, packs).sum() for packs in choices if is_allowed(case, packs, left))


def concave(rng, count):
    return np.cumsum(-np.sort(-rng.random((count, 8)) * 10, axis=1), axis=1)


@pytest.mark.parametrize("seed", range(40))
def test_packs_of_one_price_are_shared_out_exactly(seed):
    """8 packs a line are a step each, so the greedy choice is the best of all."""
    rng = np.random.default_rng(seed)
    case = wanted([8, 8, 8], [5, 5, 5], concave(rng, 3))
    left = np.array([float(rng.integers(0, 120))])
    assert averted_of(case, share_out(case, left)).sum() == pytest.approx(best(case, left))


@pytest.mark.parametrize("seed", range(40))
def test_any_case_stays_allowed_and_within_a_step_of_the_best(seed):
    """Prices, leasts, two budgets. What is lost is at most what the first step of a line averts, for each budget."""
    rng = np.random.default_rng(seed)
    case = wanted(
        rng.integers(2, 7, 4), rng.integers(2, 9, 4), concave(rng, 4), least=list(rng.integers(1, 3, 4)),
        order=[0, 0, 1, 1], covered=np.stack([np.ones(4), rng.random(4) < 0.5], axis=1),
    )  # fmt: skip
    left = case.money.sum() * rng.random(2)
    packs = share_out(case, left)
    first = averted_of(case, case.least).max()
    assert is_allowed(case, packs, left)
    assert averted_of(case, packs).sum() >= best(case, left) - 2 * first


@pytest.mark.parametrize("seed", range(40))
def test_orders_with_a_least_value_are_whole_or_held(seed):
    rng = np.random.default_rng(seed)
    case = wanted([4] * 4, rng.integers(2, 9, 4), concave(rng, 4), order=[0, 0, 1, 1])
    whole = np.bincount(case.order, weights=case.money)
    case = wanted([4] * 4, case.cost, case.averted, order=[0, 0, 1, 1], minimum=list(whole * rng.random(2)))
    left = np.array([case.money.sum() * rng.random()])
    packs = share_out(case, left)
    assert is_allowed(case, packs, left)
    step = averted_of(case, np.ones(4, dtype=int)).max()
    assert averted_of(case, packs).sum() >= best(case, left) - 4 * step


def test_what_is_left_of_an_order_below_its_least_does_not_count():
    """With 50, order 1 averts 60 for its 40. Order 0 for 30 and a pack of order 1 look like more, until that pack is
    held, since order 1 would be below its least."""
    case = wanted([4, 4], [10, 10], [FLAT, [2 * value for value in STEEP]], minimum=[30, 40])
    assert share_out(case, np.array([50.0])).tolist() == [0, 4]


def test_of_several_orders_that_come_whole_those_that_avert_most_together_are_taken():
    """Four orders of two lines, whole or not at all: in the mean of many cases all but a fiftieth of what the best
    choice averts."""
    found = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        order = [0, 0, 1, 1, 2, 2, 3, 3]
        case = wanted([2] * 8, rng.integers(2, 9, 8), concave(rng, 8), order=order)
        whole = np.bincount(case.order, weights=case.money)
        case = wanted([2] * 8, case.cost, case.averted, order=order, minimum=list(whole))
        left = np.array([case.money.sum() * 0.6])
        packs = share_out(case, left)
        assert is_allowed(case, packs, left)
        found.append((averted_of(case, packs).sum(), best(case, left)))
    ours, bests = np.array(found).sum(axis=0)
    assert ours >= 0.98 * bests


def line(pk, suggested, price, averted, **fields):
    fields = {"order": (1, 1), "pack": Decimal(6), "least": Decimal(0), "budgets": [0], **fields}
    values = {"suggested": Decimal(suggested), "unit_price": Decimal(price), "rate": Decimal(1), "averted": averted}
    return Line(pk=pk, **values, **fields)


def test_a_cut_says_what_is_left_its_budget_and_its_cost():
    """24 in packs of 6 for 2 each: a pack costs 12. With 30 there are two packs of the steep line, which averts 24 of
    30 with them."""
    (share,) = cut_lines([line(1, 24, 2, STEEP)], [Decimal(30)], {})
    assert (share.quantity, share.budget, share.cost) == (12, 0, Decimal("6.00"))
    (share,) = cut_lines([line(1, 24, 2, STEEP)], [Decimal(48)], {})
    assert (share.quantity, share.budget, share.cost) == (24, None, None)


@pytest.mark.parametrize(("money", "quantity"), [(15, 0), (24, 12)])
def test_a_line_is_cut_to_whole_packs_that_reach_its_least_or_held(money, quantity):
    """At least 7 in packs of 6 are 12; a single pack would not be delivered."""
    (share,) = cut_lines([line(1, 24, 2, STEEP, least=Decimal(7))], [Decimal(money)], {})
    assert share.quantity == quantity


def test_fractions_of_a_cent_never_exceed_the_budget():
    """3 at 0.335 are 1.005, which an order rounds; of two orders at 1.00 each only one fits into 1.999."""
    lines = [line(pk, 3, "0.335", FLAT, pack=Decimal(1), order=(pk, 1)) for pk in (1, 2)]
    shares = cut_lines(lines, [Decimal("2.01")], {})
    spent = sum((share.quantity * share.unit_price).quantize(Decimal("0.01")) for share in shares)
    assert spent <= Decimal("2.01")


def test_a_cut_below_a_price_break_pays_the_higher_price():
    """24 cost 1 each, fewer 2: with 40 there are 18, at 2 each."""
    breaks = {"list_price": Decimal(2), "breaks": ((Decimal(24), Decimal(1)),)}
    (share,) = cut_lines([line(1, 24, 1, FLAT, **breaks)], [Decimal(40)], {})
    assert (share.quantity, share.unit_price) == (18, 2)


def test_what_nothing_is_known_of_comes_last_and_has_no_cost():
    shares = cut_lines([line(1, 24, 2, []), line(2, 24, 2, FLAT)], [Decimal(60)], {})
    assert [(share.quantity, share.cost) for share in shares] == [(6, None), (24, None)]


def test_averted_money_is_read_in_a_straight_line_between_eighths():
    assert [averted_by(FLAT, share) for share in (0.0, 0.0625, 0.5, 1.0, 2.0)] == [0, 2, 16, 32, 32]
    assert cost_of_cut(STEEP, Decimal(24), Decimal(12)) == Decimal("6.00")


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("day", date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 10)),
        ("week", date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 6)),
        ("week", date(2026, 2, 7), date(2026, 2, 7), date(2026, 2, 13)),
        ("month", date(2026, 2, 27), date(2026, 1, 31), date(2026, 2, 27)),
        ("month", date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 30)),
        ("month", date(2027, 1, 31), date(2027, 1, 31), date(2027, 2, 27)),
    ],
)
def test_periods_begin_on_the_day_of_the_first_one(period, day, first, last):
    assert span_of(period, date(2026, 1, 31), day) == Span(first, last)


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_before_the_first_period_there_is_none(period):
    assert span_of(period, date(2026, 1, 31), date(2026, 1, 30)) is None
