"""A replay asked for, done by workers in shards, read, and switched on."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import Role, User
from forecasting.models import ChoiceRun, Promotion
from inventory.domain.blocks import BLOCK_DAYS, block_start
from inventory.models import ClosedDay, DemandBlock, Listing, Location
from jobs.domain.slots import Slot
from jobs.models import JobRun, JobShard
from jobs.services.runner import run_inline
from jobs.services.shards import claim_shard
from orders.domain.replay_settings import ReplaySettings
from orders.models import PolicyRule, Replay, ReplayPart
from orders.replay_work import REPLAY
from orders.selectors.replay_inputs import load_replay_inputs
from orders.selectors.replays import last_replays, shown
from orders.services.replays import start_replay, switch_on
from suppliers.domain.calendar import Closure, mask_of
from suppliers.models import Supplier, SupplierTerms
from suppliers.services.closures import add_closures
from tests.orders.conftest import AS_OF, NOW, make_terms

SETTINGS = ReplaySettings(days=60, has_model=False)
HISTORY = 180


def remember(sku, place, per_day, seed):
    """Poisson demand of the last HISTORY days up to AS_OF, as the nights would have left it."""
    rng, first = np.random.default_rng(seed), AS_OF - timedelta(days=HISTORY - 1)
    start = block_start(first)
    while start <= AS_OF:
        count = min(BLOCK_DAYS, (AS_OF - start).days + 1)
        known = np.array([start + timedelta(days=i) >= first for i in range(count)])
        sold = np.where(known, rng.poisson(per_day, count), 0)
        DemandBlock.objects.create(
            sku=sku, location=place, starts_on=start, sold=sold.tolist(), lost=[0.0] * count,
            in_stock=known.astype(float).tolist(),
        )  # fmt: skip
        start += timedelta(days=BLOCK_DAYS)


@pytest.fixture
def shop(firm):
    Listing.objects.update(listed_on=date(2025, 1, 1))
    for seed, (sku, per_day) in enumerate(((firm.tea, 2.0), (firm.salt, 1.0), (firm.soap, 5.0))):
        remember(sku, firm.shop, per_day, seed)
    ClosedDay.objects.create(location=firm.shop, closed_through=AS_OF, closed_at=NOW)
    return firm


def ask(firm, user=None, **changes):
    asked = {"location_id": firm.shop.pk, "category_id": None, "settings": SETTINGS, "user": user or firm.buyer}
    return start_replay(**{**asked, **changes}, now=NOW)


def work(record):
    run = run_inline(job=REPLAY, slot=Slot(key=str(record.pk), parameters={"replay_id": record.pk}), clock=timezone.now)
    record.refresh_from_db()
    return run


def test_it_is_done_in_shards_and_leaves_only_its_result(shop):
    record = ask(shop)
    assert (record.last_day - record.first_day).days == 59 and shown(record).percent == 0
    run = work(record)
    assert run.state == "done" and JobShard.objects.filter(run=run).count() == 3 + 1
    assert record.series_count == 3 and not ReplayPart.objects.exists()
    assert shown(record).percent == 100
    figures = record.result["today"]
    assert 0 <= figures["out"] < 0.5 and figures["asked_units"] > 0 and figures["lines"] > 0
    assert len(record.result["curve"]) == 7


def test_goods_come_from_the_supplier_whom_the_plan_asks(shop):
    """The dearer one here, who is to get the larger share of what is bought."""
    SupplierTerms.objects.filter(supplier=shop.acme, sku=shop.tea).update(share_percent=30)
    make_terms(shop.best, shop.tea, price=9, pack_size=5, minimum_quantity=15, share_percent=70)
    inputs = load_replay_inputs(
        location_ids=[shop.shop.pk], category_id=None, most_series=9, first=AS_OF - timedelta(days=59), last=AS_OF
    )
    row = inputs.sku_ids.index(shop.tea.pk)
    assert (inputs.goods.pack[row], inputs.goods.minimum[row]) == (5, 15)


def test_the_calendar_of_the_supplier_is_followed(shop):
    """Orders of Thursdays alone: at most one line of an SKU a week."""
    daily = ask(shop)
    work(daily)
    asked = {"location_ids": [shop.shop.pk], "category_id": None, "most_series": 9, "last": AS_OF}
    first = AS_OF - timedelta(days=59)
    assert load_replay_inputs(**asked, first=first).weeks is None
    Supplier.objects.filter(pk=shop.acme.pk).update(order_days=mask_of([4]))
    add_closures(supplier_id=shop.acme.pk, closures=[Closure("Feast", first, first)], actor=None, now=NOW)
    weeks = load_replay_inputs(**asked, first=first).weeks
    assert weeks.of_series.tolist() == [0, 0, 0] and weeks.calendars[0].closures[0].first == first
    weekly = ask(shop, settings=ReplaySettings(days=60, has_model=False, max_days=22))
    work(weekly)
    for name in ("today", "min_max"):
        assert weekly.result[name]["lines_per_week"] <= 1.25


def test_what_a_place_of_ours_sends_has_no_calendar(shop):
    Supplier.objects.filter(pk=shop.acme.pk).update(order_days=mask_of([4]))
    Location.objects.filter(pk=shop.shop.pk).update(supplied_by=shop.depot)
    Listing.objects.create(sku=shop.tea, location=shop.depot, listed_on=date(2025, 1, 1))
    inputs = load_replay_inputs(
        location_ids=[shop.shop.pk], category_id=None, most_series=9, first=AS_OF - timedelta(days=59), last=AS_OF
    )
    assert inputs.weeks.of_series[inputs.sku_ids.index(shop.tea.pk)] == -1


def test_it_tells_the_kinds_of_promotion_apart_that_the_nights_do(shop):
    asked = {"location_ids": [shop.shop.pk], "category_id": None, "most_series": 9, "last": AS_OF}
    first = AS_OF - timedelta(days=59)
    assert load_replay_inputs(**asked, first=first).panel.drivers is None
    ChoiceRun.objects.create(
        slot="x", as_of=AS_OF, time_zone=shop.shop.time_zone, sum_days=[1], started_at=NOW, state="published",
        promotion_kinds=["promotion|display", "promotion|mailer"],
    )  # fmt: skip
    days = {"starts_on": AS_OF, "ends_on": AS_OF + timedelta(days=1)}
    Promotion.objects.create(name="A", kind="mailer", scope="all", location=shop.shop, **days)
    panel = load_replay_inputs(**asked, first=first).panel
    shown = panel.drivers[0, panel.n_days - 1 :]
    assert shown[:3].tolist() == [[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


def test_what_a_warehouse_keeps_for_its_stores_is_no_empty_shelf(shop):
    """Nobody buys there, so a rule that lets it run empty keeps nobody from anything."""
    Location.objects.filter(pk=shop.shop.pk).update(supplied_by=shop.depot)
    ClosedDay.objects.create(location=shop.depot, closed_through=AS_OF, closed_at=NOW)
    for sku, per_day in ((shop.tea, 0.0), (shop.salt, 1.0)):
        Listing.objects.create(sku=sku, location=shop.depot, listed_on=date(2025, 1, 1))
        remember(sku, shop.depot, per_day, 3)
    places = [shop.shop.pk, shop.depot.pk]
    inputs = load_replay_inputs(
        location_ids=places, category_id=None, most_series=9, first=AS_OF - timedelta(days=59), last=AS_OF
    )
    at_depot = [sku for place, sku in zip(inputs.location_ids, inputs.sku_ids, strict=True) if place == shop.depot.pk]
    assert len(inputs.sku_ids) == 4 and at_depot == [shop.salt.pk]


def test_it_is_the_same_each_time(shop):
    first, second = ask(shop), ask(shop, settings=ReplaySettings(days=60, has_model=False, max_days=22))
    work(first)
    work(second)
    assert first.result["curve"] == second.result["curve"]
    assert first.result["min_max"] != second.result["min_max"]


def test_days_before_anything_was_on_sale_are_no_past(shop):
    """A block of demand begins up to its whole length before the first sale."""
    opened = AS_OF - timedelta(days=150)
    Listing.objects.update(listed_on=opened)
    record = ask(shop, settings=ReplaySettings(days=365, has_model=False))
    assert record.first_day == opened + timedelta(days=56)
    assert work(record).state == "done" and record.series_count == 3


def test_where_nothing_is_on_sale_it_is_refused_at_once(shop):
    Listing.objects.update(delisted_on=AS_OF)
    with pytest.raises(InvalidInput, match="0 days are closed"):
        ask(shop)


def test_asking_twice_while_it_is_under_way_gives_the_same(shop):
    assert ask(shop).pk == ask(shop).pk and JobRun.objects.filter(job="replay").count() == 1
    other = User.objects.create_user("other", role=Role.MANAGER, sees_all_locations=True)
    assert ask(shop, user=other).pk != ask(shop).pk


def test_todays_rules_are_followed(shop):
    before = ask(shop)
    work(before)
    PolicyRule.objects.create(location=shop.shop, is_stopped=True)
    after = ask(shop)
    work(after)
    assert before.result["today"]["lines"] > 0 and after.result["today"]["lines"] == 0
    assert after.result["curve"] == before.result["curve"]


def test_a_policy_is_switched_on_for_the_group(shop):
    record = ask(shop, category_id=shop.category.pk, settings=ReplaySettings(days=60, lot_days=9, has_model=False))
    with pytest.raises(IllegalStateChange):
        switch_on(replay_id=record.pk, level=0.96, actor=shop.buyer, now=NOW)
    work(record)
    switch_on(replay_id=record.pk, level=0.96, actor=shop.buyer, now=NOW)
    rule = PolicyRule.objects.get()
    assert (rule.category, rule.location, rule.sku) == (shop.category, shop.shop, None)
    assert (rule.cycle_service_level, rule.lot_days) == (Decimal("0.960"), 9)
    with pytest.raises(InvalidInput):
        switch_on(replay_id=record.pk, level=0.5, actor=shop.buyer, now=NOW)


def test_what_was_not_tried_stays_in_the_rule_of_the_group(shop):
    rule = PolicyRule.objects.create(
        category=shop.category, location=shop.shop, target="min_max", minimum=4, maximum=9, presentation=2, capacity=30,
        is_stopped=True,
    )  # fmt: skip
    record = ask(shop, category_id=shop.category.pk)
    work(record)
    switch_on(replay_id=record.pk, level=0.96, actor=shop.buyer, now=NOW)
    rule.refresh_from_db()
    assert (rule.target, rule.cycle_service_level, rule.is_stopped) == ("cycle", Decimal("0.960"), False)
    assert (rule.presentation, rule.capacity, rule.minimum, rule.maximum) == (2, 30, 4, 9)


def test_a_rule_for_all_places_is_for_those_who_see_all(shop):
    record = ask(shop, location_id=None)
    work(record)
    near = User.objects.create_user("near", role=Role.PURCHASER)
    near.location_access.create(location=shop.shop)
    with pytest.raises(InvalidInput, match="all locations"):
        switch_on(replay_id=record.pk, level=0.96, actor=near, now=NOW)
    assert not PolicyRule.objects.exists()


@pytest.mark.parametrize("changes", [{"days": 10}, {"series": 0}, {"min_days": 30.0}, {"holding_rate": 0.0}])
def test_senseless_settings_are_refused(shop, changes):
    with pytest.raises(InvalidInput) as refusal:
        ask(shop, settings=ReplaySettings(**changes))
    assert refusal.value.details
    assert not Replay.objects.exists()


def test_too_short_a_past_is_refused_in_words(firm):
    with pytest.raises(InvalidInput, match="0 days are closed"):
        ask(firm)


def test_anothers_place_is_refused(shop):
    elsewhere = User.objects.create_user("elsewhere", role=Role.MANAGER)
    elsewhere.location_access.create(location=Location.objects.get(code="OTHER"))
    with pytest.raises(InvalidInput, match="your locations"):
        ask(shop, user=elsewhere)
    ask(shop)
    assert last_replays(elsewhere) == []


def test_the_page_starts_one_shows_it_and_switches_on(shop, client):
    client.force_login(shop.buyer)
    form = {"location": shop.shop.pk, "days": 60, "series": 10, "lot_days": 7, "ordering_cost": 0, "review_days": 1,
            "holding_rate": 0.25, "min_days": 7, "max_days": 21}  # fmt: skip
    answer = client.post(reverse("orders:replays"), form)
    record = Replay.objects.get()
    assert answer.url == reverse("orders:replay", args=[record.pk])
    assert b"Waiting" in client.get(answer.url).content
    Replay.objects.update(asked=SETTINGS.as_json())
    work(record)
    page = client.get(answer.url).content.decode()
    assert "&quot;currency&quot;: &quot;USD&quot;" in page
    assert "data-tradeoff" in page and page.count('name="level"') == 7
    client.post(reverse("orders:switch_replay", args=[record.pk]), {"level": "0.93"})
    assert PolicyRule.objects.get().cycle_service_level == Decimal("0.930")
    form = client.get(reverse("orders:replays")).content
    assert b"Some values" not in form and b'value="21"' in form


def test_it_says_that_it_waits_until_a_worker_takes_it_up(shop, client):
    client.force_login(shop.buyer)
    record = ask(shop)
    page, rows = (reverse("orders:replay", args=[record.pk]), reverse("orders:replays"))
    waiting = client.get(page).content
    assert b"Waiting for a free worker" in waiting and b"<progress" not in waiting
    assert b"Waiting<br>" in client.get(rows).content
    assert claim_shard(clock=timezone.now) is not None
    taken_up = client.get(page).content
    assert b"Waiting" not in taken_up and b"<progress" in taken_up and b"0 %" in taken_up
    assert b"Running<br>" in client.get(rows).content


def test_a_wrong_form_comes_back_with_its_fields(shop, client):
    client.force_login(shop.buyer)
    answer = client.post(reverse("orders:replays"), {"days": 3, "min_days": 9, "max_days": 2})
    assert answer.status_code == 422 and not Replay.objects.exists()


def test_a_manager_looks_but_does_not_switch(shop, client):
    manager = User.objects.create_user("manager", role=Role.MANAGER, sees_all_locations=True)
    record = ask(shop)
    work(record)
    client.force_login(manager)
    assert 'name="level"' not in client.get(reverse("orders:replay", args=[record.pk])).content.decode()
    assert client.post(reverse("orders:switch_replay", args=[record.pk]), {"level": "0.96"}).status_code == 403
