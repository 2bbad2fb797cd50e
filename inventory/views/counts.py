"""The pages of counting: the list, a new count, one count with its differences, and what is decided about them."""

import hashlib
from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, InvalidInput
from accounts.ids import ids_of
from accounts.requests import UserRequest, requires
from accounts.roles import APPROVE_COUNTS, VIEW_STOCK, WRITE_STOCK, permissions_of
from accounts.services.idempotency import Answer, answer_once
from inventory.errors import OutOfStock
from inventory.forms_counts import CountFilterForm, NewCountForm
from inventory.models import Category, Location, StockCount
from inventory.selectors.count_candidates import aisles_of, due_skus
from inventory.selectors.count_policy import policy_of
from inventory.selectors.scope import locations_for
from inventory.selectors.stock_counts import (
    COUNTABLE,
    UNFINISHED,
    count_figures,
    count_history,
    count_lines,
    counted_so_far,
    counts_for,
    is_droppable,
    late_entries,
    list_counts,
    may_see_expected,
)
from inventory.selectors.substitutes import shortages_of
from inventory.services.count_results import approve_lines, dismiss_lines, request_recount, submit_count
from inventory.services.stock_counts import cancel_count, create_count
from inventory.views.count_words import history_rows

ROWS_A_PAGE = 50
DUE_SHOWN = 20


@require_safe
@requires(VIEW_STOCK)
def stock_counts(request: UserRequest) -> HttpResponse:
    """Counts at the user's places, the open ones first."""
    form = CountFilterForm(request.GET, user=request.user)
    found = list_counts(request.user, state=form.chosen("state") or "open", location_id=form.chosen_id("location"))
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    is_fragment = request.htmx and not request.htmx.boosted
    name = "inventory/counts/_counts.html" if is_fragment else "inventory/counts/counts.html"
    return render(request, name, {"form": form, "page": page})


@require_safe
@requires(VIEW_STOCK)
def counts_due(request: UserRequest) -> HttpResponse:
    """What should be counted by today at one place."""
    places = list(locations_for(request.user))
    if not places:
        return render(request, "inventory/no_place.html", {"act": {"title": _("Due for counting")}})
    place = _chosen_place(request, places)
    policy = policy_of(place)
    due = due_skus(place, policy, now=timezone.now(), limit=DUE_SHOWN)
    context = {"places": places, "place": place, "policy": policy, "due": due, "left": due.total - len(due.rows)}
    return render(request, "inventory/counts/due.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WRITE_STOCK)
def count_new(request: UserRequest) -> HttpResponse:
    """Chooses what to count, and opens the count."""
    places = list(locations_for(request.user))
    if not places:
        return render(request, "inventory/no_place.html", {"act": {"title": _("New count")}})
    place = _chosen_place(request, places)
    initial = {"location": place.pk, "scope": request.GET.get("scope", "due"), "is_blind": policy_of(place).is_blind}
    form = NewCountForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _create(request, form)
        if made is not None:
            messages.success(request, _("Count %(number)s is open.") % {"number": made["number"]})
            return redirect("inventory:stock_count", made["id"])
    context = {
        "form": form,
        "key": request.POST.get("key", "") or uuid4().hex,
        "place": place,
        "aisles": aisles_of(place),
        "has_categories": Category.objects.exists(),
    }
    return render(request, "inventory/counts/new.html", context, status=422 if form.errors else 200)


def _create(request: UserRequest, form: NewCountForm) -> dict[str, str] | None:
    values, now = form.cleaned_data, timezone.now()

    def act() -> Answer:
        count = create_count(
            location=values["location"],
            wanted=form.wanted(),
            user=request.user,
            now=now,
            is_blind=values["is_blind"],
            note=values["note"],
        )
        return Answer(201, {"id": count.pk, "number": count.number})

    content = repr((values["location"].pk, form.wanted(), values["is_blind"], values["note"]))
    try:
        answer = answer_once(
            principal=request.user,
            route="inventory:count_new",
            key=request.POST.get("key", "")[:255] or uuid4().hex,
            request_sha256=hashlib.sha256(content.encode()).hexdigest(),
            now=now,
            act=act,
        )
    except DomainError as refusal:
        field = str(refusal.details[0].get("field", "")) if refusal.details else ""
        form.add_error(field if field in form.fields else None, refusal.message)
        return None
    made: dict[str, str] = answer.body
    return made


def _chosen_place(request: UserRequest, places: list[Location]) -> Location:
    wanted = request.POST.get("location") or request.GET.get("location") or request.session.get("location_id")
    return next((place for place in places if str(place.pk) == str(wanted)), places[0])


@require_safe
@requires(VIEW_STOCK)
def stock_count(request: UserRequest, pk: int) -> HttpResponse:
    """One count: how far it is, what differs, and what may be done about it here."""
    return _count_page(request, _find(request, pk))


def _count_page(request: UserRequest, count: StockCount, problem: OutOfStock | None = None) -> HttpResponse:
    permissions = permissions_of(request.user)
    sees = may_see_expected(count, request.user)
    lines = count_lines(count)
    if not sees:
        # Their order would tell what the columns hide.
        lines = lines.order_by("sku__name", "pk")
    page = Paginator(lines, ROWS_A_PAGE).get_page(request.GET.get("page"))
    so_far = counted_so_far(count) if count.state in COUNTABLE else {}
    context = {
        "count": count,
        "figures": count_figures(count),
        "page": page,
        "rows": [(line, so_far.get(line.pk)) for line in page],
        "sees_expected": sees,
        "history": history_rows(count_history(count)),
        "late": late_entries(count)[:ROWS_A_PAGE],
        "may_count": count.state in COUNTABLE and WRITE_STOCK in permissions,
        "may_cancel": WRITE_STOCK in permissions and is_droppable(count),
        "may_decide": count.state in UNFINISHED and APPROVE_COUNTS in permissions,
        "problem": problem,
        "shortages": shortages_of(problem.details) if problem else [],
    }
    return render(request, "inventory/counts/count.html", context, status=422 if problem else 200)


@require_POST
@requires(WRITE_STOCK)
def submit(request: UserRequest, pk: int) -> HttpResponse:
    """Hands the count in."""
    count = _find(request, pk)
    try:
        done = submit_count(count_id=count.pk, user=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        figures = count_figures(done)
        words = (
            _("%(number)s is handed in. %(pending)s lines wait for approval.")
            if figures.pending
            else _("%(number)s is posted.")
        )
        messages.success(request, words % {"number": done.number, "pending": figures.pending})
    return redirect("inventory:stock_count", pk)


@require_POST
@requires(WRITE_STOCK)
def cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Drops a count of which nothing was posted."""
    count = _find(request, pk)
    try:
        cancel_count(count_id=count.pk, user=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(number)s is cancelled.") % {"number": count.number})
    return redirect("inventory:stock_count", pk)


DECISIONS: dict[str, Callable[..., StockCount]] = {
    "approve": approve_lines,
    "dismiss": dismiss_lines,
    "recount": request_recount,
}


@require_POST
@requires(APPROVE_COUNTS)
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """Approves the ticked lines, leaves them as they were, or has them counted again."""
    count = _find(request, pk)
    act = request.POST.get("do", "")
    try:
        if act not in DECISIONS:
            raise InvalidInput(_("Choose what to do with the ticked lines."))
        ids = ids_of(request.POST.getlist("line"))
        DECISIONS[act](count_id=count.pk, line_ids=ids, user=request.user, now=timezone.now())
    except OutOfStock as refusal:
        return _count_page(request, _find(request, pk), refusal)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _done_words(act) % {"number": count.number})
    return redirect("inventory:stock_count", pk)


def _done_words(act: str) -> str:
    return {
        "approve": _("Approved and posted."),
        "dismiss": _("The stock of these lines stays as it is."),
        "recount": _("These lines are to be counted again."),
    }[act]


def _find(request: UserRequest, pk: int) -> StockCount:
    return get_object_or_404(counts_for(request.user), pk=pk)
