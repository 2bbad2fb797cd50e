"""Suppliers as the pages show them: what they promise against what they did."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from suppliers.models import ObservedLeadTime, Supplier, SupplierTerms

# Older deliveries say little about how the supplier works now.
LOOK_BACK_DAYS = 365


@dataclass(frozen=True)
class Bar:
    """Deliveries that took so many days, or more where `and_more`; `share` is relative to the tallest bar, 0..100."""

    days: int
    count: int
    share: int
    is_late: bool
    and_more: bool = False


@dataclass(frozen=True)
class LeadTimeReport:
    """Deliveries of a supplier since a day. Days run from the order to usable stock; None without deliveries."""

    count: int
    mean_days: float | None
    median_days: int | None
    p90_days: int | None
    on_time_share: float | None
    bars: Sequence[Bar]


@dataclass(frozen=True)
class SupplierRow:
    """A supplier with the last year's deliveries: mean days from order to shelf and share on time, None without any."""

    supplier: Supplier
    sku_count: int
    deliveries: int
    observed_days: float | None
    on_time_share: float | None

    @property
    def is_slow(self) -> bool:
        """Takes at least half a day longer than promised on average."""
        late_from = self.supplier.promised_lead_time_days + 0.5
        return self.observed_days is not None and self.observed_days >= late_from


def supplier_rows(suppliers: Iterable[Supplier]) -> list[SupplierRow]:
    """Rows of suppliers that came from `list_suppliers`."""
    rows = []
    for supplier in suppliers:
        found = vars(supplier)
        took, deliveries = found["observed_days"], found["deliveries"]
        rows.append(
            SupplierRow(
                supplier,
                found["sku_count"],
                deliveries,
                took / timedelta(days=1) if took is not None else None,
                found["on_time"] / deliveries if deliveries else None,
            )
        )
    return rows


def list_suppliers(*, search: str = "", today: date) -> QuerySet[Supplier]:
    """Active suppliers with `sku_count`, `deliveries`, `observed_days` (mean duration) and `on_time` deliveries."""
    suppliers = Supplier.objects.filter(is_active=True)
    if search:
        suppliers = suppliers.filter(Q(name__icontains=search) | Q(code__icontains=search))
    recent = ObservedLeadTime.objects.filter(
        supplier=OuterRef("pk"), received_on__gte=today - timedelta(days=LOOK_BACK_DAYS)
    ).values("supplier")
    took = ExpressionWrapper(F("received_on") - F("ordered_on"), output_field=DurationField())
    terms = SupplierTerms.objects.filter(supplier=OuterRef("pk"), is_active=True).values("supplier")
    return suppliers.annotate(
        sku_count=Coalesce(Subquery(terms.annotate(n=Count("pk")).values("n")), 0),
        deliveries=Coalesce(Subquery(recent.annotate(n=Count("pk")).values("n")), 0),
        observed_days=Subquery(recent.annotate(took=Avg(took)).values("took")),
        on_time=Subquery(recent.annotate(n=Count("pk", filter=Q(received_on__lte=F("expected_on")))).values("n")),
    ).order_by("name")


def supplier_terms(supplier: Supplier, *, search: str = "") -> QuerySet[SupplierTerms]:
    """Terms with their SKU, and `alternatives`: how many other suppliers deliver it."""
    others = _of_others(supplier).values("sku").annotate(n=Count("pk")).values("n")
    terms = supplier.terms.filter(is_active=True).select_related("sku")
    if search:
        terms = terms.filter(Q(sku__name__icontains=search) | Q(sku__code__icontains=search))
    return terms.annotate(alternatives=Coalesce(Subquery(others), 0)).order_by("sku__name", "pk")


def single_sourced(supplier: Supplier) -> QuerySet[SupplierTerms]:
    """Terms of the SKUs that nobody else delivers."""
    return supplier.terms.filter(is_active=True, sku__is_active=True).filter(~Exists(_of_others(supplier)))


def _of_others(supplier: Supplier) -> QuerySet[SupplierTerms]:
    """What other suppliers ask for the SKU of the outer query."""
    others = SupplierTerms.objects.filter(sku=OuterRef("sku"), is_active=True, supplier__is_active=True)
    return others.exclude(supplier=supplier)


def lead_time_report(supplier: Supplier, *, today: date) -> LeadTimeReport:
    """How long this supplier's deliveries of the last year took; one query."""
    rows = ObservedLeadTime.objects.filter(
        supplier=supplier, received_on__gte=today - timedelta(days=LOOK_BACK_DAYS)
    ).values_list("ordered_on", "expected_on", "received_on")
    days = sorted((received - ordered).days for ordered, _, received in rows)
    if not days:
        return LeadTimeReport(0, None, None, None, None, ())
    on_time = sum(received <= expected for _, expected, received in rows)
    return LeadTimeReport(
        count=len(days),
        mean_days=sum(days) / len(days),
        median_days=_quantile(days, Decimal("0.5")),
        p90_days=_quantile(days, Decimal("0.9")),
        on_time_share=on_time / len(days),
        bars=_bars(days, supplier.promised_lead_time_days),
    )


def _quantile(ordered: Sequence[int], level: Decimal) -> int:
    """Smallest observation that at least `level` of all observations do not exceed."""
    rank = math.ceil(level * len(ordered))
    return ordered[max(rank, 1) - 1]


def _bars(days: Sequence[int], promised: int, longest_axis: int = 40) -> list[Bar]:
    """One bar a day from the shortest to the longest; what took longer than the axis is counted at its end."""
    end = min(max(days[-1], promised), days[0] + longest_axis)
    counts = Counter(min(day, end) for day in days)
    tallest = max(counts.values())
    return [
        Bar(day, counts[day], round(100 * counts[day] / tallest), day > promised, day == end < days[-1])
        for day in range(min(days[0], promised), end + 1)
    ]
