"""A replay by the calendars of suppliers: orders go out on their days, goods come on theirs, levels last until the next
order can come. A twin walks day by day through dates.

5 January 2026, column 0, is a Monday.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.engine import Config, forecast
from orders.domain.by_calendar import MOST_AHEAD_DAYS, Calendars, with_calendars
from orders.domain.levels import Protection
from orders.domain.replay import Policies, World, replay
from orders.domain.replay_calendar import Weeks
from orders.domain.replay_figures import min_max, world_of
from orders.domain.replay_levels import NEVER, levels_of, part_levels
from orders.domain.replay_result import all_rules, run_replay, tried_rules
from orders.domain.replay_settings import MOST_DAYS, PART_DAYS
from suppliers.domain.calendar import EVERY_DAY, Calendar, Closure, mask_of
from tests.orders.test_replay_levels import BEGIN, SERIES, SETTINGS, make_goods, make_panel
from tests.suppliers.test_calendar_kernel import slow_arrival, walk_to

START = date(2026, 1, 5)
THURSDAY, MONDAY = mask_of([4]), mask_of([1])


def weeks_of(calendar, series=1):
    return Weeks((calendar,), np.zeros(series, np.int64), START)


def live(demand, calendar, *, lead, point, up_to, pack=1, initial=0):
    """Under flat levels; the figures of one series."""
    days, weeks = len(demand), weeks_of(calendar)
    world = World(
        np.array([demand], float), weeks.lead_days(0, np.full((1, days), lead)), np.array([float(initial)]),
        np.zeros(1, np.int64),
    )  # fmt: skip
    low = np.where(weeks.goes_out(0, days), float(point), NEVER)
    return replay(world, Policies(low, np.full((1, days), float(up_to)), np.array([float(pack)])))


def test_orders_go_out_on_thursdays_and_come_on_mondays():
    """Nothing lies there. The night before Thursday the 8th orders 5; they are ready on Saturday, there on Monday the
    12th, and sell at 1 a day until Friday. The next order, of Thursday the 15th, comes on the 19th."""
    found = live([1] * 15, Calendar(THURSDAY, MONDAY), lead=2, point=3, up_to=5)
    # Of the 15 days 5 are served, the 12th to the 16th, and the 19th, when another 3 came.
    assert (found.lines[0], found.ordered[0], found.lost[0]) == (2, 5 + 3, 15 - 6)
    assert found.held[0] == 4 + 3 + 2 + 1 + 0 + 2


def test_nothing_goes_out_while_they_are_closed():
    closed = Calendar(closures=(Closure("Feast", date(2026, 1, 7), date(2026, 1, 9)),))
    weeks = weeks_of(closed)
    assert weeks.goes_out(0, 6)[0].tolist() == [True, False, False, False, True, True]
    # Ordered for Tuesday with three open days: Saturday to Monday, since nobody works from Wednesday to Friday.
    assert weeks.lead_days(0, np.full((1, 1), 3))[0, 0] == 6


masks = st.integers(1, EVERY_DAY)
closures = st.lists(
    st.tuples(st.integers(-5, 60), st.integers(0, 90)).map(
        lambda pair: Closure("x", START + timedelta(pair[0]), START + timedelta(pair[0] + pair[1]))
    ),
    max_size=2,
)


def slow_until(calendar, day, review, lead):
    """When the order after that of `day` comes."""
    placed = walk_to(calendar, day, calendar.order_days)
    following = walk_to(calendar, placed + timedelta(days=max(review, 1)), calendar.order_days)
    return slow_arrival(calendar, following, lead)


@settings(max_examples=60, deadline=None)
@given(masks, masks, closures, st.integers(0, 60), st.integers(0, 9), st.integers(0, 14))
def test_a_night_agrees_with_walking(order_days, delivery_days, closed, column, lead, review):
    calendar = Calendar(order_days, delivery_days, closures=tuple(closed))
    weeks, today = weeks_of(calendar), START + timedelta(days=column + 1)
    night = weeks.stretch(column // PART_DAYS * PART_DAYS).night(column)
    found = night.protect(Protection(np.full((1, 1), float(lead)), np.ones((1, 1)), np.array([float(review)])))
    placed = walk_to(calendar, today, order_days)
    assert bool(night.goes_out(1)[0]) == (placed == today)
    assert found.mean_lead[0] == (slow_arrival(calendar, placed, lead) - today).days
    until = (slow_until(calendar, today, review, lead) - today).days
    plain = (slow_until(replace(calendar, closures=()), today, review, lead) - today).days
    assert found.mean_interval[0] == min(until, plain + MOST_AHEAD_DAYS)


def slow_life(demand, calendar, lead, point, up_to, initial):
    """Units lost, order lines, units at the closes, through dates and whole units."""
    shelf, coming, lost, lines, held = initial, [], 0, 0, 0
    for column, asked in enumerate(demand):
        today = START + timedelta(days=column)
        shelf += sum(units for day, units in coming if day == today)
        coming = [(day, units) for day, units in coming if day > today]
        lost += max(asked - shelf, 0)
        shelf = max(shelf - asked, 0)
        held += shelf
        tomorrow, position = today + timedelta(days=1), shelf + sum(units for _day, units in coming)
        if walk_to(calendar, tomorrow, calendar.order_days) == tomorrow and position <= point:
            coming.append((slow_arrival(calendar, tomorrow, lead), up_to - position))
            lines += 1
    return lost, lines, held


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=40), masks, masks, closures, st.integers(0, 6), st.integers(0, 12),
    st.integers(1, 15), st.integers(0, 9),
)  # fmt: skip
def test_the_days_agree_with_walking(demand, order_days, delivery_days, closed, lead, point, more, initial):
    calendar = Calendar(order_days, delivery_days, closures=tuple(closed))
    found = live(demand, calendar, lead=lead, point=point, up_to=point + more, initial=initial)
    slow = slow_life(demand, calendar, lead, point, point + more, initial)
    assert (found.lost[0], found.lines[0], found.held[0]) == slow


def test_a_night_reckons_as_the_plan_of_that_day():
    calendar = Calendar(THURSDAY, MONDAY, closures=(Closure("Feast", date(2026, 4, 20), date(2026, 5, 10)),))
    goods, review = make_goods(), np.array([1.0, 7.0, 14.0])
    plain = Protection(goods.lead_days, goods.lead_chances, review)
    for column in (BEGIN, BEGIN + 11, BEGIN + 27):
        today = START + timedelta(days=column + 1)
        now = datetime.combine(today, datetime.min.time(), ZoneInfo("UTC"))
        planned, _timing = with_calendars(plain, [7, None, 7], Calendars({7: calendar}, today, now, "UTC"))
        weeks = Weeks((calendar,), np.array([0, -1, 0]), START)
        found = weeks.stretch(BEGIN).night(column).protect(plain)
        assert np.array_equal(found.interval_days, planned.interval_days)
        assert np.array_equal(found.lead_days, planned.lead_days)


def test_levels_are_set_where_an_order_goes_out_and_reach_over_a_closure():
    closed = Calendar(closures=(Closure("Feast", date(2026, 6, 5), date(2026, 6, 14)),))
    found, goods, rule = forecast(make_panel(), Config(horizon_days=28)), make_goods(), tried_rules(SETTINGS, SERIES)
    weeks = Weeks((closed,), np.array([0, -1, 0]), START)
    eve = (date(2026, 6, 4) - START).days - 1
    plain = levels_of(found, goods, [rule])[0]
    before = levels_of(found, goods, [rule], weeks.stretch(eve).night(eve))[0]
    during = levels_of(found, goods, [rule], weeks.stretch(eve).night(eve + 1))[0]
    assert (before[0] > plain[0]).tolist() == [True, False, True]
    assert during[0].tolist() == [NEVER, plain[0][1], NEVER]


def test_a_calendar_that_says_nothing_changes_nothing():
    panel, goods, rules = make_panel(), make_goods(), all_rules(SETTINGS, tried_rules(SETTINGS, SERIES))
    weeks, part = weeks_of(Calendar(), SERIES), (BEGIN, BEGIN + 3)
    without, with_it = (part_levels(panel, goods, rules, part, None, weeks=each) for each in (None, weeks))
    assert np.array_equal(without, with_it)
    worlds = [world_of(panel, goods, BEGIN, np.ones(SERIES), 1, each) for each in (None, weeks)]
    assert np.array_equal(worlds[0].lead_days, worlds[1].lead_days)


def test_a_whole_replay_follows_the_order_days_for_every_policy():
    panel, goods = make_panel(), make_goods()
    weeks = weeks_of(Calendar(order_days=THURSDAY), SERIES)
    asked = (panel, goods, tried_rules(SETTINGS, SERIES), SETTINGS, BEGIN, 1, lambda *_at: None)
    daily, weekly = run_replay(*asked), run_replay(*asked, weeks)
    for name in ("today", "min_max"):
        assert weekly[name]["lines_per_week"] <= 1.0
        assert weekly[name]["asked_units"] == daily[name]["asked_units"]
    assert weekly["curve"][-1]["stock_value"] > daily["curve"][-1]["stock_value"]
    plain = min_max(panel, goods, BEGIN, 7, 21, weeks)
    nights = (plain.reorder_point[0] > NEVER).nonzero()[0]
    assert {(START + timedelta(days=int(BEGIN + night + 1))).isoweekday() for night in nights} == {4}


def test_the_tables_reach_as_far_as_the_longest_replay():
    weeks, drawn = weeks_of(Calendar(order_days=THURSDAY)), np.full((1, MOST_DAYS), 3)
    assert weeks.goes_out(0, MOST_DAYS).sum() == MOST_DAYS // 7
    assert weeks.lead_days(0, drawn).max() == 6 + 3
