"""A year of six shops and their warehouse, replayed around real sales: what was sold, bought, moved, lost and missed.

Pure: the last day and the seed are arguments, and the same arguments give the same arrays.
Stock follows a plain min/max rule set by feel, suppliers with lead times (one of them often late), and shelves that do
run empty.
"""

from datetime import date

import numpy as np

from demo.domain.events import (
    ADJUSTMENT,
    HOUR,
    OPENING,
    RECEIPT,
    SALE,
    TRANSFER,
    TRANSFER_ARRIVES_AT,
    Log,
    Replay,
    join_lost,
    join_movements,
    join_orders,
    join_transfers,
)
from demo.domain.grocery import CLOSES_AT, DAYS, FloatArray, Grocery, IntArray, hour_shares, source_days, source_week
from demo.domain.supplier_book import (
    CUSTOMERS,
    IN_TRANSIT,
    LOSS,
    PERISHABLE_DEPARTMENTS,
    SHOP_COUNT,
    SUPPLIER_BOOK,
    SUPPLIERS,
    WAREHOUSE,
    first_supplier,
    is_central,
    shop_packs,
    supplier_packs,
    unit_costs,
)

HOLDING = SHOP_COUNT + 1
# The demand of a SKU x shop x day is cut into chunks: 1 up to 7 units, 2 up to 15, 3 up to 31, then 4.
CHUNK_BORDERS = np.array([8, 16, 32])
CHUNKS = len(CHUNK_BORDERS) + 1
# How far the feel of the person who set the min and max is off, as the sigma of a log-normal factor.
GUESS_SIGMA = 0.15
# Some were set once and forgotten: far too low for what the SKU sells by now. Most stockouts come from these.
FORGOTTEN_SHARE, FORGOTTEN_FACTOR = 0.12, 0.05
# Deviations of demand that a well-set minimum covers, and the variance of demand per unit of its mean.
SAFETY_DEVIATIONS, VARIANCE_TO_MEAN = 2.0, 2.0
FRESH_COVER_DAYS, COVER_DAYS = 5.0, 18.0
# Evenings from one van to the next, counted back from the last day, so that goods are on the road at the end.
TRANSFER_EVERY_DAYS = 1
TRANSFER_SHIPS_AT = 20
LONGEST_DAYS = 40


class _Shops:
    """State of the replay: stock, what is on its way, and the rules; all SKU x holding place (six shops, warehouse)."""

    def __init__(self, grocery: Grocery, last_day: date, seed: int, days: int) -> None:
        self.random = np.random.default_rng(seed)
        self.count = days
        self.days = source_days(last_day, days)
        self.weekdays = (last_day.weekday() - np.arange(days - 1, -1, -1)) % 7
        self.demand = grocery.units[:, :, self.days]
        self.price = grocery.price_cents[:, source_week(self.days)]
        self.cost = unit_costs(grocery)
        self.central = is_central(grocery)
        self.supplier = first_supplier(grocery)
        self.perishable = np.array([sku.department in PERISHABLE_DEPARTMENTS for sku in grocery.skus])
        self.packs = np.repeat(shop_packs(grocery)[:, None], HOLDING, axis=1)
        self.packs[:, WAREHOUSE] = supplier_packs(grocery)
        self.set_rules()
        self.seconds, self.chunks = self.cut_demand(hour_shares(grocery))
        self.stock = self.up_to.astype(np.int64) * self.holds
        self.on_order = np.zeros_like(self.stock)
        # By day of arrival: second, SKU, place, units that come, units then no longer on order, document, kind.
        self.inbound: list[list[tuple[IntArray, ...]]] = [[] for _ in range(days + LONGEST_DAYS)]
        self.log = Log()

    def set_rules(self) -> None:
        """Reorder point and order-up-to level per SKU x place, by the feel of whoever set them."""
        usual = self.demand.mean(axis=2)
        usual = np.column_stack([usual, usual.sum(axis=1)])
        feel = np.exp(self.random.normal(0, GUESS_SIGMA, usual.shape))
        is_forgotten = self.random.random(usual.shape) < FORGOTTEN_SHARE
        feel[:, :SHOP_COUNT] *= np.where(is_forgotten, FORGOTTEN_FACTOR, 1)[:, :SHOP_COUNT]
        lead = np.array([supplier.lead_time_days for supplier in SUPPLIER_BOOK])[self.supplier]
        gap = np.array([7 / len(supplier.order_weekdays) for supplier in SUPPLIER_BOOK])[self.supplier]
        protection = np.repeat((lead + gap)[:, None], HOLDING, axis=1)
        protection[self.central, :SHOP_COUNT] = 1 + TRANSFER_EVERY_DAYS
        need = usual * protection
        self.usual = usual
        self.reorder_at = np.rint(feel * (need + SAFETY_DEVIATIONS * np.sqrt(VARIANCE_TO_MEAN * need)))
        cover = np.where(self.perishable, FRESH_COVER_DAYS, COVER_DAYS)[:, None]
        self.up_to = np.ceil(self.reorder_at + np.maximum(feel * usual * cover, self.packs))
        self.holds = np.column_stack([np.ones((len(usual), SHOP_COUNT), bool), self.central])

    def cut_demand(self, shares: FloatArray) -> tuple[IntArray, IntArray]:
        """Second of the day and units of up to four chunks, in order of time: chunk x SKU x shop x day."""
        shape = (CHUNKS, *self.demand.shape)
        parts = 1 + np.searchsorted(CHUNK_BORDERS, self.demand, side="right")
        is_used = np.arange(CHUNKS)[:, None, None, None] < parts
        # What is not used sorts behind the rest, else the used ones would be the earliest of four.
        draws = np.sort(np.where(is_used, self.random.random(shape, dtype=np.float32), 1), axis=0)
        seconds = np.empty(shape, np.int32)
        for weekday in range(7):
            border = np.concatenate([[0], np.cumsum(shares[weekday])])
            on = self.weekdays == weekday
            seconds[..., on] = np.interp(draws[..., on], border, np.arange(25) * HOUR)
        place = np.arange(CHUNKS)[:, None, None, None]
        even, rest = np.divmod(self.demand, parts)
        return seconds.astype(np.int64), np.where(is_used, even + (place < rest), 0)

    def open_shops(self) -> None:
        """Opening stock, with the first second of the first day."""
        sku, place = np.nonzero(self.stock)
        self.log.move(OPENING, sku, (SUPPLIERS, place), self.stock[sku, place], 0, self.cost[sku])

    def run_day(self, day: int) -> FloatArray:
        """One day from the first delivery to the evening's orders; returns which shelves closed empty (SKU x shop)."""
        arrivals = self.arrivals(day)
        served_at = np.full(self.demand.shape[:2], 0)
        for second, stock in arrivals:
            self.sell(day, served_at, np.full_like(served_at, second))
            served_at = np.full_like(served_at, second)
            self.stock += stock
        self.sell(day, served_at, np.full_like(served_at, 24 * HOUR))
        self.throw_away(day)
        empty = self.stock[:, :SHOP_COUNT] == 0
        self.send_transfers(day)
        self.place_orders(day)
        return np.asarray(empty, np.float64)

    def arrivals(self, day: int) -> list[tuple[int, IntArray]]:
        """What comes today as (second, SKU x place), in order of time; writes its movements."""
        found: dict[int, IntArray] = {}
        for second, sku, place, quantity, taken, document, kind in self.inbound[day]:
            at = int(second[0])
            source = SUPPLIERS if kind[0] == RECEIPT else IN_TRANSIT
            came = quantity > 0
            self.log.move(
                int(kind[0]), sku[came], (source, place[came]), quantity[came], day * 24 * HOUR + at,
                self.cost[sku[came]], document[came],
            )  # fmt: skip
            stock = found.setdefault(at, np.zeros_like(self.stock))
            np.add.at(stock, (sku, place), quantity)
            np.subtract.at(self.on_order, (sku, place), taken)
        return sorted(found.items(), key=lambda pair: pair[0])

    def sell(self, day: int, since: IntArray, until: IntArray) -> None:
        """Serve the chunks with `since` <= second < `until` from the shelf; what is not there is lost."""
        shelf = self.stock[:, :SHOP_COUNT]
        for chunk in range(CHUNKS):
            second = self.seconds[chunk, :, :, day]
            wanted = np.where((second >= since) & (second < until), self.chunks[chunk, :, :, day], 0)
            sold = np.minimum(wanted, shelf)
            shelf -= sold
            moment = day * 24 * HOUR + second
            sku, shop = np.nonzero(sold)
            self.log.move(SALE, sku, (shop, CUSTOMERS), sold[sku, shop], moment[sku, shop], self.price[sku, day])
            missing = wanted - sold
            sku, shop = np.nonzero(missing)
            self.log.lost.append(
                (sku, shop, missing[sku, shop], moment[sku, shop], self.price[sku, day], sold[sku, shop])
            )

    def throw_away(self, day: int) -> None:
        """Saturday night: a part of what is far too much of a fresh SKU has gone off."""
        if self.weekdays[day] != 5:
            return
        shelf = self.stock[:, :SHOP_COUNT]
        bad = np.floor(np.maximum(shelf - 7 * self.usual[:, :SHOP_COUNT] - self.packs[:, :SHOP_COUNT], 0) * 0.2).astype(
            np.int64
        )
        bad *= self.perishable[:, None]
        shelf -= bad
        sku, shop = np.nonzero(bad)
        second = day * 24 * HOUR + CLOSES_AT * HOUR + 900
        self.log.move(ADJUSTMENT, sku, (shop, LOSS), bad[sku, shop], second, self.cost[sku])

    def needed(self) -> IntArray:
        """Units to order now per SKU x place, in whole packs, where the position is at the reorder point."""
        position = self.stock + self.on_order
        packs = np.ceil((self.up_to - position) / self.packs)
        return np.where((position <= self.reorder_at) & self.holds, packs * self.packs, 0).astype(np.int64)

    def send_transfers(self, day: int) -> None:
        """The warehouse sends the shops their central SKUs; when it is short, the shop drawn first wins."""
        if (self.count - 1 - day) % TRANSFER_EVERY_DAYS:
            return
        wanted = self.needed()[:, :SHOP_COUNT] * self.central[:, None]
        for shop in self.random.permutation(SHOP_COUNT):
            sent = np.minimum(wanted[:, shop], self.stock[:, WAREHOUSE])
            sku = np.flatnonzero(sent)
            if not len(sku):
                continue
            self.stock[:, WAREHOUSE] -= sent
            self.on_order[:, shop] += sent
            number = self.log.transfer_count
            self.log.transfer_count += 1
            second = day * 24 * HOUR + TRANSFER_SHIPS_AT * HOUR + 60 * int(shop)
            self.log.move(TRANSFER, sku, (WAREHOUSE, IN_TRANSIT), sent[sku], second, self.cost[sku], number)
            self.log.transfers.append((np.array([shop]), np.array([second])))
            self.log.transfer_lines.append((np.full(len(sku), number), sku, sent[sku]))
            self.expect(day + 1, TRANSFER_ARRIVES_AT, TRANSFER, (sku, int(shop), sent[sku], sent[sku]), number)

    def place_orders(self, day: int) -> None:
        """Orders to the suppliers whose weekday it is, one per supplier and place; each may come late or short."""
        calling = np.array([self.weekdays[day] in supplier.order_weekdays for supplier in SUPPLIER_BOOK])
        wanted = self.needed() * calling[self.supplier][:, None]
        wanted[self.central, :SHOP_COUNT] = 0
        sku, place = np.nonzero(wanted)
        keys, group = np.unique(self.supplier[sku] * HOLDING + place, return_inverse=True)
        for index, key in enumerate(keys):
            mine = group == index
            lines = sku[mine], wanted[sku[mine], place[mine]]
            self.place_order(day, int(key) // HOLDING, int(key) % HOLDING, *lines)

    def place_order(self, day: int, supplier: int, place: int, sku: IntArray, quantity: IntArray) -> None:
        """One order with its hidden fate: the day it will come and what will be missing from it."""
        terms = SUPPLIER_BOOK[supplier]
        late = self.random.random() < terms.late_share
        delay = int(self.random.integers(1, terms.latest_days + 1)) if late else 0
        arrives = day + terms.lead_time_days + delay
        short = self.random.random(len(sku)) < terms.short_share
        # What comes short is written off, not delivered later.
        received = np.where(short, quantity // 2, quantity)
        number = self.log.order_count
        self.log.order_count += 1
        self.log.orders.append(tuple(np.array([value]) for value in (supplier, place, day, arrives - delay, arrives)))
        self.log.order_lines.append((np.full(len(sku), number), sku, quantity, received, self.cost[sku]))
        self.on_order[sku, place] += quantity
        self.expect(arrives, terms.delivers_at, RECEIPT, (sku, place, received, quantity), number)

    def expect(
        self, day: int, hour: int, kind: int, lines: tuple[IntArray, int, IntArray, IntArray], number: int
    ) -> None:
        """Note what will arrive; `lines`: SKUs, place, units that come, units then no longer on order."""
        sku, place, comes, taken = lines
        fixed = (hour * HOUR, place, number, kind)
        second, where, document, what = (np.full(len(sku), value) for value in fixed)
        self.inbound[day].append((second, sku, where, comes, taken, document, what))


def replay_year(*, grocery: Grocery, last_day: date, seed: int = 1, days: int = DAYS) -> Replay:
    """Replay the days that end at `last_day`, a year unless said otherwise.

    The same arguments give the same arrays. A year takes about two seconds.
    """
    shops = _Shops(grocery, last_day, seed, days)
    shops.open_shops()
    empty = sum(shops.run_day(day).mean() for day in range(days))
    first_day = np.datetime64(last_day, "D") - (days - 1)
    midnight = first_day.astype("datetime64[s]")
    orders, transfers = join_orders(shops.log, first_day, days), join_transfers(shops.log, midnight, days)
    on_the_way = np.zeros(len(grocery.skus), np.int64)
    moving = np.isnat(transfers.received_at)[transfers.line_transfer]
    np.add.at(on_the_way, transfers.line_sku[moving], transfers.line_quantity[moving])
    return Replay(
        first_day=first_day.item(),
        last_day=last_day,
        movements=join_movements(shops.log, midnight),
        lost=join_lost(shops.log, midnight),
        orders=orders,
        transfers=transfers,
        closing=np.column_stack([shops.stock, on_the_way]),
        stockout_share=float(empty) / days,
    )
