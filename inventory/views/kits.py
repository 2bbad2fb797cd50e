"""Kits: how many of them the shelves make up, and what they consist of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE, VIEW_STOCK
from inventory.domain.movements import plain
from inventory.forms_entry import read_quantity
from inventory.models import KitPart, Sku
from inventory.number_fields import two_meanings
from inventory.selectors.kits import kits as all_kits
from inventory.selectors.kits import kits_available
from inventory.selectors.lookup import find_by_code
from inventory.selectors.scope import locations_for
from inventory.services.kits import MAX_PARTS, PartLine, set_kit_parts

ROWS_A_PAGE = 50
EMPTY_ROWS = 3


@dataclass(frozen=True)
class PartEntry:
    """A line of the form as typed; `name` is that of the SKU it stands for, empty while nobody knows."""

    code: str = ""
    quantity: str = ""
    name: str = ""
    error: str = ""


@require_safe
@requires(VIEW_STOCK)
def kits(request: UserRequest) -> HttpResponse:
    """Every kit with what its parts make up at the user's places."""
    places = list(locations_for(request.user))
    page = Paginator(all_kits(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = kits_available([kit.pk for kit in page.object_list], [place.pk for place in places])
    rows = [
        {"kit": kit, "places": [(place, counts.get((kit.pk, place.pk), Decimal(0))) for place in places]}
        for kit in page.object_list
    ]
    return render(request, "inventory/kits/list.html", {"page": page, "rows": rows})


@requires(EDIT_CATALOGUE)
def edit_kit(request: UserRequest, pk: int) -> HttpResponse:
    """The parts of a SKU that is, or becomes, a kit. Nothing typed is dropped when it is refused."""
    kit = get_object_or_404(Sku, pk=pk)
    if request.method != "POST":
        return _form(request, kit, _stored(kit))
    entries = _typed(request)
    try:
        parts = _parts(entries)
        set_kit_parts(kit_id=pk, parts=parts, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _form(request, kit, entries, refusal)
    text = _("%(name)s is a kit of %(count)d parts now.") if parts else _("%(name)s is no kit any more.")
    messages.success(request, text % {"name": kit.name, "count": len(parts)})
    return redirect("dashboards:sku", pk)


def _form(
    request: UserRequest, kit: Sku, entries: Sequence[PartEntry], problem: DomainError | None = None
) -> HttpResponse:
    errors = {detail.get("line"): str(detail.get("message", "")) for detail in problem.details} if problem else {}
    marked = [replace(entry, error=errors.get(line, "")) for line, entry in enumerate(entries, start=1)]
    text = ""
    if problem:
        is_marked = any(entry.error for entry in marked)
        text = _("Nothing is changed yet. Mend the lines marked below.") if is_marked else problem.message
    context: dict[str, Any] = {"kit": kit, "entries": [*marked, *[PartEntry()] * EMPTY_ROWS], "problem": text}
    return render(request, "inventory/kits/edit.html", context, status=422 if problem else 200)


def _stored(kit: Sku) -> list[PartEntry]:
    rows = KitPart.objects.filter(kit=kit).select_related("part").order_by("part__code")
    return [PartEntry(row.part.code, plain(row.quantity), row.part.name) for row in rows]


def _typed(request: UserRequest) -> list[PartEntry]:
    codes, quantities = request.POST.getlist("code")[: 2 * MAX_PARTS], request.POST.getlist("quantity")
    return [
        PartEntry(code.strip()[:60], quantity.strip()[:20])
        for code, quantity in zip(codes, quantities, strict=False)
        if code.strip() or quantity.strip()
    ]


def _parts(entries: Sequence[PartEntry]) -> list[PartLine]:
    """Raises `InvalidInput` that names each line which cannot be understood."""
    parts, faults = [], []
    for number, entry in enumerate(entries, start=1):
        found, quantity = find_by_code(entry.code), read_quantity(entry.quantity or "1")
        if found is None or quantity is None:
            faults.append({"line": number, "message": _fault(entry, is_known=found is not None)})
        else:
            parts.append(PartLine(found.sku.pk, quantity * found.pack_quantity))
    if faults:
        raise InvalidInput(_("Nothing is changed yet. Mend the lines marked below."), details=faults)
    return parts


def _fault(entry: PartEntry, *, is_known: bool) -> str:
    if not entry.code:
        return _("Write which SKU it is, or empty the line.")
    if not is_known:
        return _("There is no SKU %(code)s.") % {"code": entry.code}
    words = _("“%(typed)s” is not a number. Write it like 3 or 1.5.") % {"typed": entry.quantity}
    return two_meanings(entry.quantity) or words
