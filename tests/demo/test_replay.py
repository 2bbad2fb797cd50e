"""A replayed year: nothing appears or vanishes, nothing goes below zero, shelves run empty now and then."""

from datetime import date

import numpy as np
import pytest

from demo.domain.events import OPENING, RECEIPT, SALE, TRANSFER
from demo.domain.grocery import CLOSES_AT, OPENS_AT, hour_shares, source_days
from demo.domain.replay import replay_year
from demo.domain.supplier_book import (
    CUSTOMERS,
    IN_TRANSIT,
    PLACES,
    SHOP_COUNT,
    SUPPLIER_BOOK,
    SUPPLIERS,
    WAREHOUSE,
    first_supplier,
    is_central,
    supplier_packs,
    supplier_terms,
)
from demo.selectors import load_grocery

LAST_DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def grocery():
    return load_grocery()


@pytest.fixture(scope="module")
def replay(grocery):
    return replay_year(grocery=grocery, last_day=LAST_DAY, seed=1)


def balances(moves, skus):
    """Running balance of each real place after each of its movements, as (place, SKU, balance) columns."""
    sku = np.concatenate([moves.sku, moves.sku])
    place = np.concatenate([moves.source, moves.destination])
    change = np.concatenate([-moves.quantity, moves.quantity])
    step = np.tile(np.arange(len(moves.sku)), 2)
    cell = place * skus + sku
    order = np.lexsort((step, cell))
    cell, change = cell[order], change[order]
    running = np.cumsum(change)
    starts = np.r_[0, np.flatnonzero(np.diff(cell)) + 1]
    base = np.repeat(running[starts] - change[starts], np.diff(np.r_[starts, len(cell)]))
    return cell // skus, cell % skus, running - base


def test_the_year_ends_at_the_last_day(replay):
    at = replay.movements.at
    assert replay.last_day == LAST_DAY
    assert at.min().astype("datetime64[D]") == np.datetime64("2025-11-22")
    assert at.max().astype("datetime64[D]") == np.datetime64(LAST_DAY)
    assert (np.diff(at) >= np.timedelta64(0, "s")).all()
    assert 200_000 <= len(at) <= 360_000


def test_opening_and_received_less_sold_is_the_closing_stock(replay):
    moves = replay.movements
    change = np.zeros((300, len(PLACES)), np.int64)
    np.add.at(change, (moves.sku, moves.destination), moves.quantity)
    np.subtract.at(change, (moves.sku, moves.source), moves.quantity)
    assert (change[:, : IN_TRANSIT + 1] == replay.closing).all()
    assert change.sum() == 0


def test_no_place_ever_holds_less_than_nothing(replay):
    place, _, balance = balances(replay.movements, 300)
    assert balance[place <= IN_TRANSIT].min() == 0


def test_sold_and_lost_are_the_real_demand(grocery, replay):
    demand = grocery.units[:, :, source_days(LAST_DAY)].sum(axis=2)
    served = np.zeros_like(demand)
    sales = replay.movements.kind == SALE
    np.add.at(served, (replay.movements.sku[sales], replay.movements.source[sales]), replay.movements.quantity[sales])
    np.add.at(served, (replay.lost.sku, replay.lost.shop), replay.lost.quantity)
    assert (served == demand).all()


def test_shelves_close_empty_on_three_to_eight_percent_of_days(replay):
    assert 0.03 <= replay.stockout_share <= 0.08


def test_customers_come_within_opening_hours(replay):
    at = replay.movements.at[replay.movements.kind == SALE]
    hour = (at - at.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    assert hour.min() >= OPENS_AT and hour.max() < CLOSES_AT


def test_sales_spread_over_the_day_as_purchases_do(grocery, replay):
    at = replay.movements.at[replay.movements.kind == SALE]
    hour = (at - at.astype("datetime64[D]")).astype("timedelta64[h]").astype(int)
    spread = np.bincount(hour, minlength=24) / len(hour)
    assert np.abs(spread - hour_shares(grocery).mean(axis=0)).max() < 0.01


def test_central_skus_come_through_the_warehouse(grocery, replay):
    moves, central = replay.movements, is_central(grocery)
    receipts = moves.kind == RECEIPT
    assert ((moves.destination[receipts] == WAREHOUSE) == central[moves.sku[receipts]]).all()
    transfers = moves.kind == TRANSFER
    assert central[moves.sku[transfers]].all()
    assert set(moves.source[transfers]) == {WAREHOUSE, IN_TRANSIT}


def test_each_kind_of_movement_has_its_ends(replay):
    moves = replay.movements
    assert (moves.destination[moves.kind == SALE] == CUSTOMERS).all()
    assert (moves.source[moves.kind == SALE] < SHOP_COUNT).all()
    assert (moves.source[moves.kind == RECEIPT] == SUPPLIERS).all()
    assert (moves.at[moves.kind == OPENING].astype("datetime64[D]") == np.datetime64("2025-11-22")).all()
    assert (moves.quantity > 0).all() and (moves.unit_price_cents > 0).all()


def test_receipts_are_what_the_orders_say(replay):
    moves, orders = replay.movements, replay.orders
    receipts = moves.kind == RECEIPT
    by_order = np.bincount(moves.document[receipts], moves.quantity[receipts], minlength=len(orders.supplier))
    lines = np.bincount(orders.line_order, orders.line_received, minlength=len(orders.supplier))
    assert (by_order == lines).all()
    assert (lines[orders.is_open] == 0).all()


def test_orders_are_for_whole_packs_of_the_right_supplier(grocery, replay):
    orders = replay.orders
    assert (orders.line_quantity % supplier_packs(grocery)[orders.line_sku] == 0).all()
    assert (first_supplier(grocery)[orders.line_sku] == orders.supplier[orders.line_order]).all()


def test_some_orders_and_transfers_are_still_on_their_way(replay):
    assert 10 <= replay.orders.is_open.sum() <= 100
    assert np.isnat(replay.transfers.received_at).any()
    assert replay.closing[:, IN_TRANSIT].sum() > 0
    assert (replay.orders.ordered_on <= np.datetime64(LAST_DAY)).all()


def test_one_supplier_is_late_far_more_often(replay):
    orders = replay.orders
    late = (orders.received_on > orders.expected_on)[~orders.is_open]
    supplier = orders.supplier[~orders.is_open]
    share = {SUPPLIER_BOOK[index].code: late[supplier == index].mean() for index in np.unique(supplier)}
    often = share.pop("FROST")
    assert often > 0.3
    assert max(share.values()) < often
    assert sum(share.values()) / len(share) < 0.15


def test_the_same_seed_gives_the_same_year_and_another_does_not(grocery, replay):
    again = replay_year(grocery=grocery, last_day=LAST_DAY, seed=1)
    other = replay_year(grocery=grocery, last_day=LAST_DAY, seed=2)
    assert np.array_equal(again.movements.at, replay.movements.at)
    assert np.array_equal(again.closing, replay.closing)
    assert not np.array_equal(other.closing, replay.closing)


def test_every_sku_has_first_terms_and_some_have_a_second_supplier(grocery):
    terms = supplier_terms(grocery)
    assert sorted(terms.sku[terms.priority == 1]) == list(range(300))
    second = terms.priority == 2
    assert 20 <= second.sum() <= 80
    assert (terms.price_cents[second] > terms.price_cents[terms.sku[second]]).all()
    assert (terms.minimum_quantity % terms.pack_size == 0).all()
