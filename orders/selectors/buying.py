"""The supplier that a plan would ask for each SKU, and why that one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from orders.domain.decision import Buy
from orders.domain.in_time import Lateness
from orders.domain.quantity import to_number
from orders.domain.sourcing import CAUTIOUS
from orders.domain.supplier_choice import Bid, Rival, choose_supplier, rivals_of
from orders.domain.turn import Pair, Weighed, pass_on
from orders.selectors.exchange_rates import rates_on
from orders.selectors.supplier_records import Ordered, load_bought, load_fill, load_ordered, load_short
from orders.selectors.turns import Late, WorthOf, gaps_of, later_than, nothing_known, turn_of, weigh_turns
from suppliers.domain.lead_times import LeadTime
from suppliers.domain.lines import least_of_a_line
from suppliers.selectors.lead_times import LeadTimes
from suppliers.selectors.terms import Offer


@dataclass(frozen=True, slots=True)
class SkuOffers:
    """A SKU by those who offer it: a unit of it earns `margin`, and `worth_of` says what it is worth with the supplier
    who would be asked."""

    offers: Sequence[Offer]
    margin: Decimal
    worth_of: WorthOf = nothing_known


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is bought of a SKU on any day: those who are short of it and full are not able, unless nobody is."""

    wanted: SkuOffers
    short: Sequence[Offer]
    full: Sequence[Offer]
    able: Sequence[Offer]
    buy: Buy

    def late(self, lateness: Lateness) -> Late:
        """What is weighed where a calendar keeps their goods away."""
        first = next(row for row, offer in enumerate(self.able) if offer.supplier_id == self.buy.supplier_id)
        return Late(self.able, first, gaps_of(self.able, lateness), self.wanted.worth_of(self.buy.supplier_id))


@dataclass(frozen=True)
class Buying:
    """All that the choice looks at; read once for all SKUs that have a choice."""

    leads: LeadTimes
    rates: Mapping[str, Decimal]
    fill: Mapping[int, float]
    bought: Mapping[tuple[int, int], float]
    short: Collection[tuple[int, int]] = ()
    ordered_today: Mapping[int, Ordered] = field(default_factory=dict)
    lateness: Lateness | None = None

    def of(self, wanted: Iterable[SkuOffers]) -> list[Buy | None]:
        """The supplier to ask for each SKU; None where nobody offers it. Who said that they are short of it is passed
        over while somebody else has it, so that a need is split where one cannot meet it; so is who was ordered
        today as much of as they deliver in an order, and whose calendar would leave the shelf empty where others
        bring it sooner and that saves more than it costs."""
        found: list[Buy | None] = []
        late: dict[int, _Asked] = {}
        for row, each in enumerate(wanted):
            if not each.offers:
                found.append(None)
                continue
            asked = self._asked(each)
            found.append(_told(asked, asked.buy))
            if self._is_late(asked):
                late[row] = asked
        for row, buy in self._in_time(late).items():
            found[row] = _told(late[row], buy)
        return found

    def _asked(self, wanted: SkuOffers) -> _Asked:
        offers = wanted.offers
        short = [offer for offer in offers if (offer.sku_id, offer.supplier_id) in self.short]
        full = [offer for offer in offers if offer not in short and self._is_full(offer)]
        able = [offer for offer in offers if offer not in short and offer not in full] or offers
        return _Asked(wanted, short, full, able, self._choose(able, wanted.margin))

    def _is_full(self, offer: Offer) -> bool:
        """Whether what was ordered of them today leaves no room for the least that they deliver of it."""
        least = least_of_a_line(offer.minimum_quantity, offer.pack_size)
        ordered = self.ordered_today.get(offer.supplier_id)
        if ordered is None:
            return False
        units = ordered.units.get(offer.sku_id, Decimal(0))
        is_line_full = offer.maximum_quantity is not None and 0 < units > offer.maximum_quantity - least
        most = offer.order_maximum
        return is_line_full or (most is not None and ordered.money + least * offer.price > most)

    def _is_late(self, asked: _Asked) -> bool:
        return self.lateness is not None and self.lateness.is_late(asked.able[0].sku_id, asked.buy.supplier_id)

    def _in_time(self, late: Mapping[int, _Asked]) -> dict[int, Buy]:
        """By row, what is bought of those whose turn a calendar might pass on; weighed all at once."""
        if self.lateness is None:
            return {}
        turns = [each.late(self.lateness) for each in late.values()]
        weighed = weigh_turns(turns, self.lateness, self.rates)
        return {
            row: self._passed_on(each, turn, known, self.lateness)
            for (row, each), turn, known in zip(late.items(), turns, weighed, strict=True)
        }

    def _passed_on(self, asked: _Asked, late: Late, weighed: Mapping[Pair, Weighed], lateness: Lateness) -> Buy:
        offers, row_of = late.offers, {offer.supplier_id: row for row, offer in enumerate(late.offers)}
        buys = [asked.buy]

        def choose(rows: Sequence[int]) -> int:
            buys.append(self._choose([offers[row] for row in rows], asked.wanted.margin))
            return row_of[buys[-1].supplier_id]

        steps = pass_on(late.first, late.gaps, weighed, choose)
        turns = tuple(turn_of(step, offers, lateness) for step in steps)
        passed = [turn for turn in turns if turn.is_passed]
        if not passed:
            return replace(asked.buy, turns=turns) if turns else asked.buy
        return replace(
            buys[-1],
            alternatives=len(offers) - 1,
            chosen_by="soonest" if passed[-1].weighed.unknown else "worth_it",
            too_late=later_than(row_of[buys[-1].supplier_id], late, lateness),
            turns=turns,
        )

    def _choose(self, offers: Sequence[Offer], margin: Decimal) -> Buy:
        learned = [self.leads.of(offer.supplier_id, offer.sku_id, offer.promised_days) for offer in offers]
        if len(offers) == 1:
            return self._buy(offers[0], learned[0], 0)
        # Prices in one currency can be compared without its rate.
        spare = Decimal(1) if len({offer.currency for offer in offers}) == 1 else None
        bids = [self._bid(offer, lead, spare) for offer, lead in zip(offers, learned, strict=True)]
        chosen = choose_supplier(bids, max(to_number(margin), 0.0))
        offer, lead = offers[chosen.index], learned[chosen.index]
        return self._buy(offer, lead, len(offers) - 1, chosen.reason, rivals_of(bids, chosen))

    def _buy(
        self, offer: Offer, lead: LeadTime, alternatives: int, chosen_by: str = "", rivals: tuple[Rival, ...] = ()
    ) -> Buy:
        """Without a rate prices are taken as those of the firm's currency."""
        return Buy(
            supplier_id=offer.supplier_id,
            name=offer.supplier_name,
            price=offer.price,
            pack_size=offer.pack_size,
            minimum=offer.minimum_quantity,
            priority=offer.priority,
            lead=lead,
            alternatives=alternatives,
            breaks=offer.breaks,
            order_minimum=offer.order_minimum,
            chosen_by=chosen_by,
            rivals=rivals,
            maximum=offer.maximum_quantity,
            order_maximum=offer.order_maximum,
            pallet=offer.pallet_size,
            pallet_share=Decimal(offer.pallet_percent) / 100,
            rate=self.rates.get(offer.currency, Decimal(1)),
        )

    def _bid(self, offer: Offer, lead: LeadTime, spare: Decimal | None) -> Bid:
        rate = self.rates.get(offer.currency, spare)
        return Bid(
            offer.supplier_id, offer.supplier_name, offer.priority,
            float("inf") if rate is None else to_number(offer.price * rate), float(lead.quantile(CAUTIOUS)),
            self.fill.get(offer.supplier_id, 1.0), offer.share_percent,
            self.bought.get((offer.sku_id, offer.supplier_id), 0.0),
        )  # fmt: skip


def _told(asked: _Asked, buy: Buy) -> Buy:
    """With those who were passed over."""
    if len(asked.able) == len(asked.wanted.offers):
        return buy
    return replace(
        buy,
        alternatives=len(asked.wanted.offers) - 1,
        passed_over=tuple(offer.supplier_name for offer in asked.short),
        full=tuple(offer.supplier_name for offer in asked.full),
    )


def load_buying(
    location_id: int,
    offers: Mapping[int, Sequence[Offer]],
    leads: LeadTimes,
    today: date,
    lateness: Lateness | None = None,
) -> Buying:
    """At most five statements, one where no SKU has two suppliers, and that for foreign currencies alone. Without an
    `lateness` nobody is too late."""
    several = [rows for rows in offers.values() if len(rows) > 1]
    suppliers = {offer.supplier_id for rows in several for offer in rows}
    shared = [rows[0].sku_id for rows in several if any(offer.share_percent for offer in rows)]
    currencies = {offer.currency for rows in offers.values() for offer in rows}
    bounded = {
        offer.supplier_id
        for rows in several
        for offer in rows
        if offer.maximum_quantity is not None or offer.order_maximum is not None
    }
    return Buying(
        leads=leads,
        rates=rates_on(today, currencies),
        fill=load_fill(suppliers, today),
        bought=load_bought(location_id, shared, today),
        short=load_short([rows[0].sku_id for rows in several], suppliers),
        ordered_today=load_ordered(location_id, bounded, today),
        lateness=lateness,
    )
