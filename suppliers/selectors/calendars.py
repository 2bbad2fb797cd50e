"""When suppliers take orders, deliver, and are closed."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from suppliers.domain.calendar import EVERY_DAY, Calendar, Closure
from suppliers.models import Supplier, SupplierClosure


def load_calendars(*, today: date, supplier_ids: Collection[int] | None = None) -> dict[int, Calendar]:
    """By supplier, those of active suppliers for whom not every day is the same. Closures that are over are left out.
    Two statements; one while there are none."""
    ahead = SupplierClosure.objects.filter(ends_on__gte=today)
    suppliers = Supplier.objects.filter(is_active=True)
    if supplier_ids is not None:
        suppliers, ahead = suppliers.filter(pk__in=supplier_ids), ahead.filter(supplier_id__in=supplier_ids)
    is_special = ~Q(order_days=EVERY_DAY) | ~Q(delivery_days=EVERY_DAY) | Q(cut_off__isnull=False)
    rows = suppliers.filter(is_special | Q(pk__in=ahead.values("supplier_id")))
    weeks = list(rows.values_list("pk", "order_days", "delivery_days", "cut_off", "time_zone"))
    if not weeks:
        return {}
    closures: dict[int, list[Closure]] = {}
    for supplier_id, name, first, last in ahead.values_list("supplier_id", "name", "starts_on", "ends_on"):
        closures.setdefault(supplier_id, []).append(Closure(name, first, last))
    return {week[0]: Calendar(*week[1:], closures=tuple(closures.get(week[0], ()))) for week in weeks}


def closures_of(supplier: Supplier) -> QuerySet[SupplierClosure]:
    """All that are noted, the latest first day last."""
    return SupplierClosure.objects.filter(supplier=supplier).order_by("starts_on", "ends_on", "pk")


def all_closures() -> QuerySet[SupplierClosure]:
    return SupplierClosure.objects.order_by("supplier_id", "starts_on", "pk")
