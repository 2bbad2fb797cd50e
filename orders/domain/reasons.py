"""Why this number, as data: lines of a code, a value, its kind and where it comes from. Words are given when they are
shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from orders.domain.position import Position

# Kinds of values: units of the SKU, days, a share 0..1, an amount of money, a text, a date (ISO), a count.
Value = Decimal | float | int | str | None


class Line(NamedTuple):
    """`code` names what it is; `source` names what it was read from: ledger, lots, orders, transfers, forecast,
    deliveries, promise, rule, terms, budget, sum (computed from the lines above) or person."""

    code: str
    value: Value
    kind: str
    source: str
    detail: str = ""


LOST_BEFORE = "lost_before"
# Kind and source that a code has nearly always. Proposals are stored with them left out, so an entry is never changed.
USUAL = {
    "on_hand": ("units", "ledger"),
    "reserved": ("units", "ledger"),
    "position": ("units", "sum"),
    "review_period": ("days", "rule"),
    "protection_interval": ("days", "sum"),
    "daily_demand": ("units", "forecast"),
    "interval_demand": ("units", "forecast"),
    LOST_BEFORE: ("units", "forecast"),
    "service_level": ("share", "rule"),
    "reorder_point": ("units", "forecast"),
    "safety_stock": ("units", "sum"),
    "lot_days": ("days", "rule"),
    "order_up_to_level": ("units", "sum"),
    "lead_time": ("days", "deliveries"),
    "classes": ("text", "forecast"),
    "need": ("units", "sum"),
    "minimum_quantity": ("units", "terms"),
    "pack_size": ("units", "terms"),
    "packs_down": ("units", "terms"),
    "quantity": ("units", "sum"),
    "supplier": ("text", "terms"),
    "unit_price": ("money", "terms"),
    "value_at_risk": ("money", "forecast"),
}


@dataclass(frozen=True)
class LevelFacts:
    """What the levels of one listing rest on. Quantities in units; None where there is no forecast or no source."""

    lead_days: float | None
    lead_basis: str
    deliveries: int
    review_days: int
    service_level: float
    lot_days: int
    daily_demand: float | None
    interval_demand: float | None
    reorder_point: Decimal | None
    order_up_to: Decimal | None
    # Whether `service_level` is what was wanted; otherwise it is what follows from another target.
    is_certainty_wanted: bool = True
    # Units of the interval's demand that are expected to be lost before an order of now can come.
    lost_before: float = 0.0
    # Days to be covered where they are not lead time plus review period, and the lines that say why.
    interval_days: float | None = None
    calendar: tuple[Line, ...] = ()


def position_lines(position: Position) -> list[Line]:
    """What there is and what is coming; parts that are zero are left out."""
    parts = [
        Line("on_hand", position.on_hand, "units", "ledger"),
        Line("reserved", -position.reserved, "units", "ledger"),
        Line("held", -position.held, "units", "lots"),
        Line("expiring", -position.expiring, "units", "lots"),
        Line("promised", -position.promised, "units", "transfers"),
        Line("on_order", position.on_order, "units", "orders"),
        Line("in_transit", position.in_transit, "units", "transfers"),
    ]
    shown = [line for line in parts if line.code == "on_hand" or line.value]
    return [*shown, Line("position", position.inventory_position, "units", "sum")]


def level_lines(facts: LevelFacts) -> list[Line]:
    """How the reorder point and the level to order up to come about."""
    plain = None if facts.lead_days is None else facts.lead_days + facts.review_days
    interval = plain if facts.interval_days is None else facts.interval_days
    source = "promise" if facts.lead_basis == "promise" else "deliveries"
    lines = [
        Line("lead_time", _rounded(facts.lead_days, 1), "days", source, str(facts.deliveries or "")),
        Line("review_period", facts.review_days, "days", "rule"),
        *facts.calendar,
        Line("protection_interval", _rounded(interval, 1), "days", "sum"),
        Line("daily_demand", _rounded(facts.daily_demand, 2), "units", "forecast"),
        Line("interval_demand", _rounded(facts.interval_demand, 1), "units", "forecast"),
        Line(LOST_BEFORE, -round(facts.lost_before, 1) or None, "units", "forecast"),
        _certainty(facts),
        Line("reorder_point", facts.reorder_point, "units", "forecast"),
        Line("safety_stock", safety_stock(facts), "units", "sum"),
        Line("lot_days", facts.lot_days, "days", "rule"),
        Line("order_up_to_level", facts.order_up_to, "units", "sum"),
    ]
    return [line for line in lines if line.value is not None]


def _certainty(facts: LevelFacts) -> Line:
    if facts.is_certainty_wanted:
        return Line("service_level", round(facts.service_level, 4), "share", "rule")
    known = None if facts.interval_demand is None else round(facts.service_level, 4)
    return Line("certainty", known, "share", "forecast")


def safety_stock(facts: LevelFacts) -> Decimal | None:
    """The reorder point less the demand over the protection interval that is expected to be served, to three
    decimals."""
    if facts.reorder_point is None or facts.interval_demand is None:
        return None
    return facts.reorder_point - Decimal(str(round(facts.interval_demand - facts.lost_before, 3)))


def quantity_lines(need: Decimal, minimum: Decimal, pack: Decimal, quantity: Decimal) -> list[Line]:
    """How the need became a quantity: rounded up to whole packs, or down where one more would spoil or has no room."""
    lines = [Line("need", need, "units", "sum")]
    if minimum > need:
        lines.append(Line("minimum_quantity", minimum, "units", "terms"))
    if pack != 1:
        is_down = need - pack < quantity < need
        lines.append(Line("packs_down" if is_down else "pack_size", pack, "units", "terms"))
    return [*lines, Line("quantity", quantity, "units", "sum")]


def pack_lines(lines: Iterable[Line]) -> list[list[str]]:
    """For a JSON column: rows of code, value, kind, source, detail, all texts. What a code always says is left out:
    most rows are a code and a value."""
    return [_pack(line) for line in lines]


def _pack(line: Line) -> list[str]:
    code, value, kind, source, detail = line
    if USUAL.get(code) != (kind, source):
        return [code, str(value), kind, source, detail]
    return [code, str(value), detail] if detail else [code, str(value)]


def unpack_lines(rows: Sequence[Sequence[str]]) -> list[Line]:
    """What `pack_lines` packed; numbers come back as Decimal."""
    return [_unpack(*row) for row in rows]


def _unpack(code: str, text: str, *rest: str) -> Line:
    if len(rest) == 3:
        kind, source, detail = rest
    else:
        (kind, source), detail = USUAL[code], "".join(rest)
    return Line(code, _value(text, kind), kind, source, detail)


def lost_before_of(rows: Sequence[Sequence[str]] | None) -> float:
    """Units that packed lines say are lost before anything ordered now can come."""
    return -sum(float(str(line.value)) for line in unpack_lines(rows or ()) if line.code == LOST_BEFORE)


def _value(text: str, kind: str) -> Value:
    return text if kind in ("text", "date") else Decimal(text)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
