"""The firm's own rules of buying: limits by role, days, exchange rates."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from accounts.text import known_currencies
from orders.domain.approval import Limit
from orders.locks import lock_limit, lock_settings
from orders.models import ApprovalLimit, BuyingSettings, ExchangeRate

MOST_DAYS = 90
HIGHEST_PERCENT = 100
DAYS = ("window_days", "proposal_days", "approval_days")
PERCENTS = ("over_receipt_percent", "under_receipt_percent")
HIGHEST_RATE = Decimal(10) ** 9
LOWEST_RATE = Decimal(10) ** -8


def set_limit(*, limit_id: int, limit: Limit, actor: User | None, now: datetime) -> ApprovalLimit:
    """Of everybody with the row's role, from now on; what is already approved stays. Raises InvalidInput,
    ApprovalLimit.DoesNotExist."""
    wrong = [name for name, value in _amounts(limit).items() if value is not None and value < 0]
    if wrong:
        message = _("A limit cannot be negative. Leave it empty for no limit.")
        raise InvalidInput(message, details=[{"field": name, "message": message} for name in wrong])
    with transaction.atomic():
        row = lock_limit(limit_id)
        before = {"alone_up_to": row.alone_up_to, "release_up_to": row.release_up_to}
        row.alone_up_to, row.release_up_to = limit.alone_up_to, limit.release_up_to
        row.save(update_fields=["alone_up_to", "release_up_to"])
        record_audit(
            actor=actor, action="approval_limit.changed", object_type="approval_limit", object_id=row.pk, now=now,
            data={"role": row.role, "before": _texts(before), "after": _texts(_amounts(limit))},
        )  # fmt: skip
    return row


def _amounts(limit: Limit) -> dict[str, Decimal | None]:
    return {"alone_up_to": limit.alone_up_to, "release_up_to": limit.release_up_to}


def _texts(values: Mapping[str, object]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in values.items()}


def change_settings(*, changes: Mapping[str, int | Decimal], actor: User | None, now: datetime) -> BuyingSettings:
    """Sets some of the days and tolerances of BuyingSettings. Raises InvalidInput naming each that is wrong."""
    details = [{"field": name, "message": fault} for name, value in changes.items() if (fault := _odd(name, value))]
    if details:
        raise InvalidInput(" ".join(sorted({row["message"] for row in details})), details=details)
    with transaction.atomic():
        row = lock_settings()
        before = {name: getattr(row, name) for name in changes}
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        record_audit(
            actor=actor, action="buying_settings.changed", object_type="buying_settings", object_id=row.pk, now=now,
            data={"before": _texts(before), "after": _texts(changes)},
        )  # fmt: skip
    return row


def _odd(name: str, value: int | Decimal) -> str:
    if name in PERCENTS:
        return "" if 0 <= value <= HIGHEST_PERCENT else _("Choose between 0 and %(most)d percent.") % {"most": 100}
    is_fine = name in DAYS and 1 <= value <= MOST_DAYS
    return "" if is_fine else _("Choose between 1 and %(most)d days.") % {"most": MOST_DAYS}


def set_rate(*, currency: str, valid_from: date, rate: Decimal, actor: User | None, now: datetime) -> ExchangeRate:
    """One unit of `currency` is worth `rate` of the firm's, from that day on; a second one of the day replaces it.

    Orders keep the worth that they had when they were made. Raises InvalidInput naming the field.
    """
    code = currency.strip().upper()
    if code not in known_currencies():
        raise wrong_field("currency", _("Use the three letters of the currency, for example EUR."))
    if code == settings.DEFAULT_CURRENCY:
        raise wrong_field("currency", _("%(currency)s is the firm's own currency.") % {"currency": code})
    if not rate.is_finite() or rate < LOWEST_RATE:
        raise wrong_field("rate", _("The rate must be more than 0."))
    if rate > HIGHEST_RATE:
        message = _("The rate is at most 1,000,000,000: what one %(currency)s is worth in %(home)s.")
        raise wrong_field("rate", message % {"currency": code, "home": settings.DEFAULT_CURRENCY})
    with transaction.atomic():
        row, _is_new = ExchangeRate.objects.update_or_create(
            currency=code, valid_from=valid_from, defaults={"rate": rate}
        )
        record_audit(
            actor=actor, action="exchange_rate.set", object_type="exchange_rate", object_id=row.pk, now=now,
            data={"currency": code, "valid_from": valid_from.isoformat(), "rate": str(rate)},
        )  # fmt: skip
    return row
