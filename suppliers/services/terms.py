"""Terms of supply: set and ended."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.movements import PLANNED_LIMIT, plain
from suppliers.domain.lines import least_of_a_line
from suppliers.models import SupplierTerms
from suppliers.services.prices import note_prices

ZERO = Decimal(0)
MOST_PREMIUM = Decimal(1000)


@dataclass(frozen=True)
class Terms:
    """What is agreed on one SKU. Price per unit in the supplier's currency; quantities in units of the SKU."""

    price: Decimal
    pack_size: Decimal = Decimal(1)
    minimum_quantity: Decimal = ZERO
    # None: as much as is asked for.
    maximum_quantity: Decimal | None = None
    # Units of a full pallet, and how many percent of one may be missing for an order to be rounded up to it; 0: never.
    pallet_size: Decimal | None = None
    pallet_percent: int = 0
    promised_lead_time_days: int | None = None
    priority: int = 1
    supplier_code: str = ""
    is_active: bool = True
    # (units, price of every unit of an order line of at least so many), ascending.
    price_breaks: tuple[tuple[Decimal, Decimal], ...] = ()
    # Percent of what is bought of the SKU over time; None: by priority and price alone.
    share_percent: int | None = None
    # None: nothing comes by express.
    express_lead_time_days: int | None = None
    express_premium_percent: Decimal = ZERO

    def as_fields(self) -> dict[str, Any]:
        breaks = [[str(least), str(price)] for least, price in self.price_breaks]
        return {**vars(self), "price_breaks": breaks}


def set_terms(*, supplier_id: int, sku_id: int, terms: Terms, actor: User | None, now: datetime) -> SupplierTerms:
    """Creates or replaces the terms of a supplier for a SKU. Raises InvalidInput naming each field that is wrong."""
    _check(terms)
    with transaction.atomic():
        row, is_new = SupplierTerms.objects.update_or_create(
            supplier_id=supplier_id, sku_id=sku_id, defaults=terms.as_fields()
        )
        note_prices(terms_ids=[row.pk], now=now)
        record_audit(
            actor=actor, action="terms.created" if is_new else "terms.changed", object_type="supplier_terms",
            object_id=row.pk, now=now, data={name: str(value) for name, value in vars(terms).items()},
        )  # fmt: skip
    return row


def end_terms(*, terms_id: int, actor: User | None, now: datetime) -> None:
    """The supplier is no longer asked for this SKU; the row stays for the history."""
    with transaction.atomic():
        if SupplierTerms.objects.filter(pk=terms_id, is_active=True).update(is_active=False):
            record_audit(actor=actor, action="terms.ended", object_type="supplier_terms", object_id=terms_id, now=now)


def _check(terms: Terms) -> None:
    rules = (
        ("price", terms.price >= ZERO, _("The price cannot be negative.")),
        ("pack_size", terms.pack_size > ZERO, _("A pack holds more than 0 units.")),
        ("minimum_quantity", terms.minimum_quantity >= ZERO, _("The minimum cannot be negative.")),
        *_most_units(terms),
        *_maximum_rules(terms),
        *_pallet_rules(terms),
        ("priority", 1 <= terms.priority <= 99, _("The priority is a number from 1 (asked first) to 99.")),
        (
            "promised_lead_time_days",
            terms.promised_lead_time_days is None or 0 <= terms.promised_lead_time_days <= 365,
            _("The lead time is a number of days from 0 to 365."),
        ),
        *_break_rules(terms),
        (
            "share_percent",
            terms.share_percent is None or 1 <= terms.share_percent <= 100,
            _("The share is a whole number of percent from 1 to 100, or empty."),
        ),
        *_express_rules(terms),
    )
    problems = [{"field": name, "message": message} for name, is_fine, message in rules if not is_fine]
    if problems:
        text = " ".join(problem["message"] for problem in problems)
        raise InvalidInput(_("The terms cannot be saved: %(what)s") % {"what": text}, details=problems)


def _most_units(terms: Terms) -> tuple[tuple[str, bool, str], ...]:
    message = _("At most %(most)s units.") % {"most": plain(PLANNED_LIMIT)}
    return tuple((name, getattr(terms, name) <= PLANNED_LIMIT, message) for name in ("pack_size", "minimum_quantity"))


def _maximum_rules(terms: Terms) -> tuple[tuple[str, bool, str], ...]:
    if terms.maximum_quantity is None or terms.pack_size <= ZERO:
        return ()
    least = least_of_a_line(terms.minimum_quantity, terms.pack_size)
    message = _("The most of a line is at least what they deliver at all: %(least)s.") % {"least": plain(least)}
    return (("maximum_quantity", least <= terms.maximum_quantity <= PLANNED_LIMIT, message),)


def _pallet_rules(terms: Terms) -> tuple[tuple[str, bool, str], ...]:
    size, pack = terms.pallet_size, max(terms.pack_size, ZERO)
    is_whole = size is None or (ZERO < size <= PLANNED_LIMIT and bool(pack) and not size % pack)
    is_known = terms.pallet_percent == 0 or (size is not None and 0 < terms.pallet_percent < 100)
    return (
        ("pallet_size", is_whole, _("A pallet holds whole packs of %(pack)s.") % {"pack": plain(terms.pack_size)}),
        ("pallet_percent", is_known, _("From 1 to 99 percent of a pallet of known size may be missing; 0 is never.")),
    )


def _express_rules(terms: Terms) -> tuple[tuple[str, bool, str], ...]:
    days, premium = terms.express_lead_time_days, terms.express_premium_percent
    return (
        (
            "express_lead_time_days",
            days is None or 0 <= days <= 60,
            _("By express it takes a number of days from 0 to 60, or leave it empty."),
        ),
        (
            "express_premium_percent",
            ZERO <= premium <= MOST_PREMIUM,
            _("The premium is a number of percent from 0 to 1000."),
        ),
    )


def _break_rules(terms: Terms) -> tuple[tuple[str, bool, str], ...]:
    """Each needs more units than the one before and asks less; the first more than none, and less than the price. The
    first that does not is named."""
    before = (ZERO, terms.price)
    for least, price in terms.price_breaks:
        if least <= before[0] or not ZERO <= price < before[1]:
            values = {
                "least": plain(least),
                "price": plain(price),
                "units": plain(before[0]),
                "before": plain(before[1]),
            }
            message = _(
                "“%(least)s: %(price)s” needs more units and a lower price than what stands before it, %(units)s units "
                "at %(before)s."
            )
            return (("price_breaks", False, message % values),)
        before = (least, price)
    return ()
