"""Counts as pages and programs read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Abs

from accounts.models import AuditEvent, User
from accounts.roles import APPROVE_COUNTS, is_permitted
from inventory.domain.movements import plain
from inventory.models import (
    Barcode,
    CountEntry,
    CountLineState,
    CountState,
    ShelfPosition,
    StockCount,
    StockCountLine,
    StockLevel,
)
from inventory.selectors.count_findings import COUNTING_ENTRY
from inventory.selectors.count_policy import policy_of
from inventory.selectors.scope import location_scope

UNFINISHED = (CountState.OPEN, CountState.COUNTING, CountState.SUBMITTED)
COUNTABLE = (CountState.OPEN, CountState.COUNTING)
VALUE = F("lines__variance") * F("lines__unit_cost")

COUNTED_SO_FAR = """
SELECT line.id, sum(entry.quantity) FROM inventory_stockcountline line
JOIN inventory_countentry entry ON {entry}
WHERE line.stock_count_id = %s AND line.state = 'open' GROUP BY line.id
""".replace("{entry}", COUNTING_ENTRY)
# Who may not count a line once more, since they did before.
COUNTED_BEFORE = """
SELECT DISTINCT line.id FROM inventory_stockcountline line
JOIN inventory_countentry entry ON entry.line_id = line.id AND entry.round < line.round
WHERE line.stock_count_id = %s AND line.state = 'open' AND entry.counted_by_id = %s
"""


@dataclass(frozen=True, slots=True)
class CountFigures:
    """What a count came to. `right` of `compared` lines were as the ledger said; money is at cost."""

    lines: int
    counted: int
    pending: int
    compared: int
    right: int
    found: Decimal
    lost: Decimal
    # Of lines that still wait for a decision, and so are in neither of the two above.
    found_pending: Decimal
    lost_pending: Decimal

    @property
    def left(self) -> int:
        return self.lines - self.counted


def counts_for(user: User) -> QuerySet[StockCount]:
    """Counts at the user's places."""
    return StockCount.objects.filter(location_scope(user)).select_related("location", "created_by")


def list_counts(user: User, *, state: str = "open", location_id: int | None = None) -> QuerySet[StockCount]:
    """The newest first, with `line_count`, `pending_count` and `value`; `state` is "open", "all" or one state."""
    counts = counts_for(user)
    if state == "open":
        counts = counts.filter(state__in=UNFINISHED)
    elif state in CountState.values:
        counts = counts.filter(state=state)
    if location_id is not None:
        counts = counts.filter(location_id=location_id)
    is_posted = Q(lines__state=CountLineState.POSTED)
    return counts.annotate(
        line_count=Count("lines", filter=~Q(lines__state=CountLineState.SKIPPED)),
        pending_count=Count("lines", filter=Q(lines__state=CountLineState.PENDING)),
        value=Sum(VALUE, filter=is_posted, default=Decimal(0)),
    ).order_by("-created_at", "-pk")


def counts_to_approve(user: User) -> int:
    """How many counts at the user's places wait until somebody decides on their differences."""
    return counts_for(user).filter(state=CountState.SUBMITTED).count()


def is_droppable(count: StockCount) -> bool:
    """Whether it may still be cancelled: it is not over, and nothing of it was posted."""
    return count.state in UNFINISHED and not count.lines.filter(state=CountLineState.POSTED).exists()


def may_see_expected(count: StockCount, user: User) -> bool:
    """Whoever counts blind learns nothing before the count is over, however they ask."""
    if not count.is_blind or count.state not in UNFINISHED:
        return True
    return is_permitted(user, APPROVE_COUNTS)


def hidden_lines(user: User) -> Q:
    """The same of lines: those whose expected quantity is not for this user yet."""
    if is_permitted(user, APPROVE_COUNTS):
        return Q(pk__in=())
    return Q(stock_count__is_blind=True, stock_count__state__in=UNFINISHED)


def count_lines(count: StockCount) -> QuerySet[StockCountLine]:
    """Lines in the order in which a person looks at them: what waits first, then the largest differences."""
    rank = Case(
        When(state=CountLineState.PENDING, then=Value(0)),
        When(state=CountLineState.OPEN, then=Value(1)),
        When(state=CountLineState.SKIPPED, then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )
    value = Abs(F("variance") * F("unit_cost"))
    lines = count.lines.select_related("sku", "counted_by", "decided_by").annotate(value=F("variance") * F("unit_cost"))
    return lines.order_by(rank, value.desc(nulls_last=True), "sku__name", "pk")


def count_figures(count: StockCount) -> CountFigures:
    posted, pending = Q(state=CountLineState.POSTED), Q(state=CountLineState.PENDING)
    value = F("variance") * F("unit_cost")
    sums = count.lines.aggregate(
        lines=Count("pk"),
        open=Count("pk", filter=Q(state=CountLineState.OPEN)),
        skipped=Count("pk", filter=Q(state=CountLineState.SKIPPED)),
        pending=Count("pk", filter=pending),
        compared=Count("pk", filter=Q(variance__isnull=False)),
        right=Count("pk", filter=Q(variance=0)),
        found=Sum(value, filter=posted & Q(variance__gt=0), default=Decimal(0)),
        lost=Sum(-value, filter=posted & Q(variance__lt=0), default=Decimal(0)),
        found_pending=Sum(value, filter=pending & Q(variance__gt=0), default=Decimal(0)),
        lost_pending=Sum(-value, filter=pending & Q(variance__lt=0), default=Decimal(0)),
    )
    waiting, skipped = sums.pop("open"), sums.pop("skipped")
    counted = sums["lines"] - waiting - skipped + (len(counted_so_far(count)) if waiting else 0)
    return CountFigures(counted=counted, **sums)


def counted_so_far(count: StockCount) -> dict[int, Decimal]:
    """What the entries of lines that are being counted add up to, by line; one without entries is missing."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_SO_FAR, [count.pk])
        return dict(cursor.fetchall())


def count_history(count: StockCount) -> QuerySet[AuditEvent]:
    """Who did what with the count, the newest first."""
    events = AuditEvent.objects.filter(object_type="stock_count", object_id=str(count.pk))
    return events.select_related("actor").order_by("-at", "-pk")


def late_entries(count: StockCount) -> QuerySet[CountEntry]:
    """What came when its line was no longer being counted."""
    late = CountEntry.objects.filter(stock_count=count, is_late=True, quantity__isnull=False, voided_by=None)
    return late.select_related("line__sku", "counted_by").order_by("-received_at", "-pk")


def entries_of(line: StockCountLine) -> QuerySet[CountEntry]:
    """Every entry of a line, also those that were taken back or belong to an earlier round."""
    return line.entries.select_related("counted_by", "voided_by").filter(quantity__isnull=False).order_by("pk")


def count_sheet(count: StockCount, user: User, *, now: datetime) -> dict[str, Any]:
    """All that a phone needs to count without us: a JSON value, with nothing of what a blind count hides."""
    lines = list(_sheet_lines(count)) if count.state in COUNTABLE else []
    sku_ids = [line.sku_id for line in lines]
    so_far = counted_so_far(count)
    forbidden = _counted_before(count, user)
    places, codes = _places(count, sku_ids), _codes(sku_ids)
    shown = [
        {
            "id": line.pk,
            "sku": line.sku.code,
            "name": line.sku.name,
            "unit": line.sku.unit,
            "round": line.round,
            "places": places.get(line.sku_id, []),
            "codes": codes.get(line.sku_id, []),
            "counted": _text(so_far.get(line.pk)),
            "is_for_others": line.pk in forbidden,
        }
        for line in lines
    ]
    if not count.is_blind:
        levels: Mapping[int, Decimal] = dict(
            StockLevel.objects.filter(location=count.location, sku__in=sku_ids).values_list("sku_id", "on_hand")
        )
        for row, line in zip(shown, lines, strict=True):
            row["expected"] = _text(levels.get(line.sku_id, Decimal(0)))
    return {
        "number": count.number,
        "state": count.state,
        "is_blind": count.is_blind,
        "location": count.location.name,
        "user": user.get_username(),
        "now": now.isoformat(),
        "lines": shown,
    }


def _sheet_lines(count: StockCount) -> QuerySet[StockCountLine]:
    return count.lines.filter(state=CountLineState.OPEN).select_related("sku").order_by("sku__name", "pk")


def _counted_before(count: StockCount, user: User) -> set[int]:
    if not policy_of(count.location).recount_by_other:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_BEFORE, [count.pk, user.pk])
        return {row[0] for row in cursor.fetchall()}


def _places(count: StockCount, sku_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = ShelfPosition.objects.filter(location=count.location, sku__in=sku_ids).order_by("aisle", "position")
    for row in rows:
        found.setdefault(row.sku_id, []).append(row.label)
    return found


def _codes(sku_ids: list[int]) -> dict[int, list[list[str]]]:
    found: dict[int, list[list[str]]] = {}
    for sku_id, code, pack in Barcode.objects.filter(sku__in=sku_ids).values_list("sku_id", "code", "pack_quantity"):
        found.setdefault(sku_id, []).append([code, _text(pack) or "1"])
    return found


def _text(value: Decimal | None) -> str | None:
    """A number without needless zeros, as the phone shows it."""
    return None if value is None else plain(value)
