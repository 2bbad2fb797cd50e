"""Suppliers: added and changed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, wrong_field
from accounts.models import User
from accounts.services.audit import record_audit
from accounts.text import known_currencies
from inventory.domain.days import known_zones
from suppliers.domain.calendar import EVERY_DAY
from suppliers.locks import lock_supplier
from suppliers.models import Supplier
from suppliers.models.supplier import TruckPolicy
from suppliers.services.prices import note_prices

MOST_FILL_DAYS = 180
CHANGEABLE = (
    "name",
    "email",
    "language",
    "currency",
    "promised_lead_time_days",
    "minimum_order_value",
    "maximum_order_value",
    "order_days",
    "delivery_days",
    "cut_off",
    "time_zone",
    "truck_policy",
    "truck_kilograms",
    "truck_cubic_metres",
    "truck_value",
    "fill_days",
    "is_active",
)


def create_supplier(
    *, code: str, name: str, currency: str, actor: User | None, now: datetime, **fields: Any
) -> Supplier:
    """A new supplier. `fields` are others of CHANGEABLE. Raises InvalidInput naming each field that is wrong."""
    supplier = Supplier(code=code.strip())
    with transaction.atomic():
        _apply(supplier, {"name": name, "currency": currency, **fields})
        _save(supplier)
        record_audit(
            actor=actor, action="supplier.created", object_type="supplier", object_id=supplier.pk, now=now,
            data={"code": supplier.code, "name": supplier.name},
        )  # fmt: skip
    return supplier


def update_supplier(*, supplier_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Supplier:
    """Changes some of CHANGEABLE; the code is for ever. Raises InvalidInput, or Supplier.DoesNotExist."""
    with transaction.atomic():
        supplier = lock_supplier(supplier_id)
        before = {name: str(getattr(supplier, name)) for name in changes if name in CHANGEABLE}
        _apply(supplier, changes)
        _save(supplier)
        if before.get("currency", supplier.currency) != supplier.currency:
            note_prices(terms_ids=list(supplier.terms.values_list("pk", flat=True)), now=now)
        record_audit(
            actor=actor, action="supplier.changed", object_type="supplier", object_id=supplier.pk, now=now,
            data={"before": before, "after": {name: str(getattr(supplier, name)) for name in before}},
        )  # fmt: skip
    return supplier


def _apply(supplier: Supplier, changes: Mapping[str, Any]) -> None:
    unknown = sorted(set(changes) - set(CHANGEABLE))
    if unknown:
        raise InvalidInput(_("These fields cannot be changed: %(names)s.") % {"names": ", ".join(unknown)})
    for name, value in changes.items():
        setattr(supplier, name, value)
    supplier.currency = str(supplier.currency).upper()
    _check(supplier)


def _check(supplier: Supplier) -> None:
    problems = []
    try:
        supplier.clean_fields()
    except ValidationError as error:
        problems = [{"field": name, "message": text} for name, texts in error.message_dict.items() for text in texts]
    if supplier.currency not in known_currencies():
        problems.append({"field": "currency", "message": _("Use the three letters of the currency, for example EUR.")})
    if Decimal(supplier.minimum_order_value) < 0:
        problems.append({"field": "minimum_order_value", "message": _("The minimum order cannot be negative.")})
    most = supplier.maximum_order_value
    if most is not None and not 0 < Decimal(most) >= Decimal(supplier.minimum_order_value):
        text = _("The largest order is above 0, and not below the minimum order. Leave it empty if there is none.")
        problems.append({"field": "maximum_order_value", "message": text})
    problems += [{"field": name, "message": message} for name, message in _faults_of_week(supplier)]
    if problems:
        raise InvalidInput(_("The supplier cannot be saved: %(what)s") % {"what": _join(problems)}, details=problems)


def _faults_of_week(supplier: Supplier) -> list[tuple[str, str]]:
    faults = [
        (name, _("Choose at least one day of the week."))
        for name in ("order_days", "delivery_days")
        if not 1 <= getattr(supplier, name) <= EVERY_DAY
    ]
    if supplier.time_zone and supplier.time_zone not in known_zones():
        text = _("%(zone)s is no time zone. Write it like Asia/Shanghai, or leave it empty for that of the place.")
        faults.append(("time_zone", text % {"zone": supplier.time_zone}))
    return faults + _faults_of_truck(supplier)


def _faults_of_truck(supplier: Supplier) -> list[tuple[str, str]]:
    sizes = ("truck_kilograms", "truck_cubic_metres", "truck_value")
    held = {name: getattr(supplier, name) for name in sizes}
    faults = [
        (name, _("A truck holds more than 0. Leave empty what does not matter."))
        for name, size in held.items()
        if size is not None and Decimal(size) <= 0
    ]
    if supplier.truck_policy != TruckPolicy.NONE and all(size is None for size in held.values()):
        faults.append(("truck_policy", _("Say what a truck holds: weight, space or value.")))
    if not 1 <= supplier.fill_days <= MOST_FILL_DAYS:
        faults.append(("fill_days", _("A truck is filled for 1 to %(most)d days.") % {"most": MOST_FILL_DAYS}))
    return faults


def _join(problems: list[dict[str, str]]) -> str:
    return " ".join(f"{problem['field']}: {problem['message']}" for problem in problems)


def _save(supplier: Supplier) -> None:
    try:
        with transaction.atomic():
            supplier.save()
    except IntegrityError as error:
        message = _("There is already a supplier with the code %(code)s.") % {"code": supplier.code}
        raise wrong_field("code", message) from error
