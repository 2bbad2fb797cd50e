"""Opening a count, and dropping one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, InvalidInput
from accounts.models import User
from accounts.services.audit import record_audit
from inventory.domain.days import local_date
from inventory.locks import lock_stock_count
from inventory.models import Category, CountClass, CountLineState, CountScope, CountState, Location, Sku, StockCount
from inventory.models.location import STOCKING_KINDS
from inventory.selectors import count_candidates as candidates
from inventory.selectors.count_policy import policy_of
from inventory.services.count_rows import insert_lines
from inventory.services.numbers import COUNTS, draw_number

MOST_LINES = 50_000
STILL_OPEN = (CountState.OPEN, CountState.COUNTING, CountState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to count. Of the fields after `scope` only the one that belongs to it is read.

    `limit` cuts a due list; None means as many as the policy of the place makes a day's work.
    """

    scope: str
    count_class: str = ""
    aisle: str = ""
    category_id: int | None = None
    search: str = ""
    sku_codes: tuple[str, ...] = ()
    limit: int | None = None


@transaction.atomic
def create_count(
    *,
    location: Location,
    wanted: Wanted,
    user: User | None,
    now: datetime,
    is_blind: bool | None = None,
    note: str = "",
) -> StockCount:
    """A count with a line for each SKU of its scope. `is_blind` None means as the policy of the place says.

    Raises `InvalidInput` when nothing at the place is in the scope.
    """
    if location.kind not in STOCKING_KINDS:
        raise InvalidInput(_("Stock is counted at a store or a warehouse."))
    sku_ids, text = _chosen(location, wanted, now)
    if not sku_ids:
        raise InvalidInput(
            _("Nothing at %(place)s fits this choice, so there is nothing to count.") % {"place": location.name}
        )
    if len(sku_ids) > MOST_LINES:
        raise InvalidInput(_("A count takes %(most)d SKUs. Count by aisle or category instead.") % {"most": MOST_LINES})
    count = StockCount.objects.create(
        number=draw_number(COUNTS, local_date(now, location.time_zone)),
        location=location,
        scope=wanted.scope,
        scope_text=text[:120],
        is_blind=policy_of(location).is_blind if is_blind is None else is_blind,
        note=note,
        created_at=now,
        created_by=user,
    )
    insert_lines(count.pk, sku_ids, state=CountLineState.OPEN, is_planned=True)
    _record(count, "created", user, now)
    return count


@transaction.atomic
def cancel_count(*, count_id: int, user: User | None, now: datetime) -> StockCount:
    """Drops a count of which nothing was posted. Its entries stay readable. Raises `IllegalStateChange`."""
    count = lock_stock_count(count_id)
    values = {"number": count.number, "state": count.get_state_display()}
    if count.state not in STILL_OPEN:
        raise IllegalStateChange(_("%(number)s is “%(state)s”; this is not possible any more.") % values)
    if count.lines.filter(state=CountLineState.POSTED).exists():
        raise IllegalStateChange(
            _("A part of %(number)s is posted. Decide on the lines that are left instead.") % values
        )
    count.state, count.finished_at = CountState.CANCELLED, now
    count.save(update_fields=["state", "finished_at"])
    _record(count, "cancelled", user, now)
    return count


def _chosen(location: Location, wanted: Wanted, now: datetime) -> tuple[list[int], str]:
    """SKU ids of the scope, and what the scope is called. Raises `InvalidInput` for a choice that says nothing."""
    choose: dict[str, Callable[[], tuple[list[int], str]]] = {
        CountScope.ALL: lambda: (candidates.all_skus(location, now=now), ""),
        CountScope.DUE: lambda: (_due(location, wanted, now), ""),
        CountScope.CLASS: lambda: _of_class(location, wanted, now),
        CountScope.AISLE: lambda: _of_aisle(location, wanted, now),
        CountScope.CATEGORY: lambda: _of_category(location, wanted, now),
        CountScope.SEARCH: lambda: _of_search(location, wanted, now),
        CountScope.LIST: lambda: (_of_list(wanted), ""),
    }
    if wanted.scope not in choose:
        raise InvalidInput(_("Choose what to count."), details=[{"field": "scope"}])
    return choose[wanted.scope]()


def _due(location: Location, wanted: Wanted, now: datetime) -> list[int]:
    policy = policy_of(location)
    limit = policy.lines_a_day if wanted.limit is None else wanted.limit
    return [row.sku_id for row in candidates.due_skus(location, policy, now=now, limit=limit).rows]


def _of_class(location: Location, wanted: Wanted, now: datetime) -> tuple[list[int], str]:
    if wanted.count_class not in CountClass.values:
        raise InvalidInput(_("Choose class A, B or C."), details=[{"field": "count_class"}])
    return candidates.skus_in_class(location, wanted.count_class, now=now), wanted.count_class


def _of_aisle(location: Location, wanted: Wanted, now: datetime) -> tuple[list[int], str]:
    if not wanted.aisle:
        raise InvalidInput(_("Choose the aisle."), details=[{"field": "aisle"}])
    found = candidates.skus_in_aisle(location, wanted.aisle, now=now)
    if not found and wanted.aisle not in candidates.aisles_of(location):
        told = {"aisle": wanted.aisle, "place": location.name}
        raise InvalidInput(
            _("No SKU lies in an aisle %(aisle)s of %(place)s. Write one of its aisles as it is called there.") % told,
            details=[{"field": "aisle"}],
        )
    return found, wanted.aisle


def _of_category(location: Location, wanted: Wanted, now: datetime) -> tuple[list[int], str]:
    category = Category.objects.filter(pk=wanted.category_id).first() if wanted.category_id is not None else None
    if category is None:
        raise InvalidInput(_("Choose the category."), details=[{"field": "category"}])
    return candidates.skus_in_category(location, category, now=now), category.name


def _of_search(location: Location, wanted: Wanted, now: datetime) -> tuple[list[int], str]:
    words = wanted.search.strip()
    if not words:
        raise InvalidInput(_("Say which words the names or codes have."), details=[{"field": "search"}])
    return candidates.skus_found(location, words, now=now), words


def _of_list(wanted: Wanted) -> list[int]:
    """SKUs that somebody names are counted whether or not they should be there."""
    found = dict(Sku.objects.filter(code__in=wanted.sku_codes).values_list("code", "pk"))
    unknown = [code for code in wanted.sku_codes if code not in found]
    if unknown:
        raise InvalidInput(
            _("There is no SKU %(code)s.") % {"code": unknown[0]}, details=[{"sku": code} for code in unknown]
        )
    return list(found.values())


def _record(count: StockCount, act: str, user: User | None, now: datetime) -> None:
    record_audit(actor=user, action=f"stock_count.{act}", object_type="stock_count", object_id=count.pk, now=now)
