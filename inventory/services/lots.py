"""Lots by their codes: found, or made when goods come that nobody has met before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from accounts.text import format_date
from inventory.domain.days import local_date
from inventory.domain.goods import LotName
from inventory.models import Location, Lot, Sku
from inventory.services.posting_checks import Fault, refuse_lines

MOST_LETTERS = 60
# The database says which codes are the same: its capitals are not those of Python for every letter (ß).
FIELDS = [field.attname for field in Lot._meta.concrete_fields]
KNOWN = """
SELECT wanted.code, {columns}
FROM unnest(%s::bigint[], %s::text[]) AS wanted (sku_id, code)
JOIN inventory_lot lot ON lot.sku_id = wanted.sku_id AND upper(lot.code) = upper(wanted.code)
""".replace("{columns}", ", ".join(f"lot.{name}" for name in FIELDS))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lot of a line, or none; `line` is its number where that is not its place in the list."""

    sku_id: int
    lot: LotName | None
    line: int | None = None


# Lots by SKU and code as it was asked for.
Lots = Mapping[tuple[int, str], Lot]


def find_lots(wanted: Sequence[Wanted]) -> list[int | None]:
    """The id of each named lot. Raises `InvalidLines` for one that does not exist. No statement without names."""
    lot_ids, faults = known_lots(wanted)
    refuse_lines(faults)
    return lot_ids


def known_lots(wanted: Sequence[Wanted]) -> tuple[list[int | None], list[Fault]]:
    """The same for callers who find more faults of their own: what is unknown is None, and told."""
    if all(want.lot is None for want in wanted):
        return [None] * len(wanted), []
    lots = _known(wanted)
    faults = [
        _fault(number, want, _("This SKU has no lot %(lot)s. Check the code on its label.") % {"lot": want.lot.code})
        for number, want in enumerate(wanted, start=1)
        if want.lot is not None and _place(want.sku_id, want.lot) not in lots
    ]
    return _ids(wanted, lots), faults


def make_lots(
    *, wanted: Sequence[Wanted], location: Location, now: datetime, must_be_fresh: bool = False
) -> list[int | None]:
    """The same, but a lot that does not exist is made; call it in the transaction of the act, before levels are locked.

    A new lot expires as it says, else after the shelf life of its SKU. `must_be_fresh` refuses one that has expired.
    Raises `InvalidLines` for another expiry than the lot has, and for a SKU that is not tracked by lot.
    """
    if all(want.lot is None for want in wanted):
        return [None] * len(wanted)
    today = local_date(now, location.time_zone)
    lots = _known(wanted)
    cards = Sku.objects.in_bulk({want.sku_id for want in wanted if want.lot is not None})
    refuse_lines([fault for fault in _odd(wanted, cards) if fault])
    missing = [want for want in wanted if want.lot is not None and _place(want.sku_id, want.lot) not in lots]
    if missing:
        _insert(missing, cards, today, now)
        lots = _known(wanted)
    refuse_lines(_expiry_faults(wanted, lots, today if must_be_fresh else None))
    return _ids(wanted, lots)


def _place(sku_id: int, lot: LotName) -> tuple[int, str]:
    return sku_id, lot.code.strip()


def _known(wanted: Sequence[Wanted]) -> Lots:
    places = sorted({_place(want.sku_id, want.lot) for want in wanted if want.lot is not None})
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [[sku_id for sku_id, _code in places], [code for _sku, code in places]])
        rows = [(row[0], Lot.from_db("default", FIELDS, row[1:])) for row in cursor.fetchall()]
    return {(lot.sku_id, asked): lot for asked, lot in rows}


def _ids(wanted: Sequence[Wanted], lots: Lots) -> list[int | None]:
    found = (None if want.lot is None else lots.get(_place(want.sku_id, want.lot)) for want in wanted)
    return [None if lot is None else lot.pk for lot in found]


def _fault(number: int, want: Wanted, message: str) -> Fault:
    return {"line": want.line or number, "message": message}


def _odd(wanted: Sequence[Wanted], cards: Mapping[int, Sku]) -> list[Fault | None]:
    return [_odd_name(number, want, cards) for number, want in enumerate(wanted, start=1)]


def _odd_name(number: int, want: Wanted, cards: Mapping[int, Sku]) -> Fault | None:
    if want.lot is None or want.sku_id not in cards:  # an unknown SKU is for the posting to name
        return None
    code = want.lot.code.strip()
    if not cards[want.sku_id].is_lot_tracked:
        return _fault(number, want, _("This SKU is not tracked by lot. Leave the lot out."))
    if not code or len(code) > MOST_LETTERS or not code.isprintable():
        return _fault(number, want, _("A lot code has 1 to %(most)d letters or figures.") % {"most": MOST_LETTERS})
    return None


def _insert(missing: Sequence[Wanted], cards: Mapping[int, Sku], today: date, now: datetime) -> None:
    """In one order, so that two who make the same lots wait for each other only once.

    Of lines that bring one lot, in whatever case, the first that says its last day makes it.
    """
    made: dict[tuple[int, str], Lot] = {}
    for want in sorted(missing, key=lambda want: want.lot is None or want.lot.expires_on is None):
        if want.lot is not None and want.sku_id in cards:
            life = cards[want.sku_id].shelf_life_days
            expires_on = want.lot.expires_on or (None if life is None else _last_day(today, life))
            supplier = want.lot.supplier.strip()[:120]
            lot = Lot(
                sku_id=want.sku_id,
                code=want.lot.code.strip(),
                expires_on=expires_on,
                received_at=now,
                supplier=supplier,
            )
            made.setdefault(_place(want.sku_id, want.lot), lot)
    rows = sorted(made.values(), key=lambda lot: (lot.sku_id, lot.code.upper()))
    Lot.objects.bulk_create(rows, ignore_conflicts=True)


def _last_day(today: date, shelf_life_days: int) -> date:
    """The last day of a calendar is as far as a shelf life goes."""
    return today + timedelta(days=min(shelf_life_days, (date.max - today).days))


def _expiry_faults(wanted: Sequence[Wanted], lots: Lots, today: date | None) -> list[Fault]:
    faults = []
    for number, want in enumerate(wanted, start=1):
        lot = None if want.lot is None else lots.get(_place(want.sku_id, want.lot))
        if want.lot is None or lot is None:
            continue
        named = {"lot": lot.code, "day": _day(lot.expires_on)}
        if want.lot.expires_on not in (None, lot.expires_on):
            message = _("Lot %(lot)s is known to expire on %(day)s. Check the date, or give this lot another code.")
        elif today is not None and lot.expires_on is not None and lot.expires_on < today:
            message = _("Lot %(lot)s expired on %(day)s. Check the date; what has expired is not received.")
        else:
            continue
        faults.append(_fault(number, want, message % named))
    return faults


def _day(day: date | None) -> str:
    return _("no day") if day is None else format_date(day)
