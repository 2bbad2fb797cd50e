"""Days on which a supplier is closed: noted, changed, dropped."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from suppliers.domain.calendar import Closure
from suppliers.locks import lock_closure, lock_supplier
from suppliers.models import SupplierClosure

LONGEST_DAYS = 180
MAX_NAME = 120


def add_closures(
    *, supplier_id: int, closures: Sequence[Closure], actor: User | None, now: datetime
) -> list[SupplierClosure]:
    """Notes periods; one that is there already (same name and first day) stays as it is, so a repeat changes nothing.
    Returns all that were asked for. Raises InvalidInput naming each wrong field, Supplier.DoesNotExist."""
    kept = [_checked(closure) for closure in closures]
    if not kept:
        raise InvalidInput(_("Choose at least one period."))
    with transaction.atomic():
        lock_supplier(supplier_id)
        there = {(row.name, row.starts_on): row for row in SupplierClosure.objects.filter(supplier_id=supplier_id)}
        fresh = {(each.name, each.first): each for each in kept if (each.name, each.first) not in there}
        added = SupplierClosure.objects.bulk_create(
            SupplierClosure(supplier_id=supplier_id, name=each.name, starts_on=each.first, ends_on=each.last)
            for each in fresh.values()
        )
        for row in added:
            _audit(row, "supplier_closure.added", actor, now)
    there |= {(row.name, row.starts_on): row for row in added}
    return [there[each.name, each.first] for each in kept]


def change_closure(*, closure_id: int, closure: Closure, actor: User | None, now: datetime) -> SupplierClosure:
    """Raises InvalidInput, SupplierClosure.DoesNotExist."""
    kept = _checked(closure)
    with transaction.atomic():
        row = lock_closure(closure_id)
        others = SupplierClosure.objects.filter(supplier_id=row.supplier_id, name=kept.name, starts_on=kept.first)
        if others.exclude(pk=row.pk).exists():
            raise _refusal([("name", _("There is already a period with this name and first day."))])
        row.name, row.starts_on, row.ends_on = kept.name, kept.first, kept.last
        row.save()
        _audit(row, "supplier_closure.changed", actor, now)
    return row


def drop_closure(*, closure_id: int, actor: User | None, now: datetime) -> None:
    """The supplier works on these days after all. A repeat changes nothing."""
    with transaction.atomic():
        row = SupplierClosure.objects.filter(pk=closure_id).first()
        gone, _by_model = SupplierClosure.objects.filter(pk=closure_id).delete()
        if row is not None and gone:
            _audit(row, "supplier_closure.dropped", actor, now)


def _checked(closure: Closure) -> Closure:
    name = closure.name.strip()
    problems = []
    if not name or len(name) > MAX_NAME:
        problems.append(("name", _("Say in a few words why they are closed, for example Chinese New Year.")))
    if closure.last < closure.first:
        problems.append(("ends_on", _("The last day lies before the first.")))
    elif (closure.last - closure.first).days >= LONGEST_DAYS:
        text = _("A period has at most %(most)d days. For longer, switch the supplier off.")
        problems.append(("ends_on", text % {"most": LONGEST_DAYS}))
    if problems:
        raise _refusal(problems)
    return Closure(name, closure.first, closure.last)


def _refusal(problems: Sequence[tuple[str, str]]) -> InvalidInput:
    details = [{"field": name, "message": text} for name, text in problems]
    return InvalidInput(" ".join(text for _name, text in problems), details=details)


def _audit(row: SupplierClosure, action: str, actor: User | None, now: datetime) -> None:
    days: dict[str, date] = {"from": row.starts_on, "to": row.ends_on}
    record_audit(
        actor=actor, action=action, object_type="supplier", object_id=row.supplier_id, now=now,
        data={"name": row.name, **{name: day.isoformat() for name, day in days.items()}},
    )  # fmt: skip
