"""One need bought from several suppliers: so many from each, what that would do, and one decision."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, IllegalStateChange, InvalidInput
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS
from orders.forms_split import SplitForm, seen_prices
from orders.models import ProposalState, ReplenishmentProposal
from orders.selectors.inbox import proposals_for
from orders.selectors.splits import Split, split_of, split_offers
from orders.services.splits import split_proposal
from orders.views.proposals import approved_words, seen_quantities


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_PROPOSALS)
def split(request: UserRequest, pk: int) -> HttpResponse:
    """The form; for htmx what the typed quantities would do. A refusal keeps what was typed."""
    rows = proposals_for(request.user).select_related("sku", "location", "supplier", "source", "cut_by")
    row = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else request.GET
    form = SplitForm(data, offers=split_offers(row))
    is_read = form.is_valid()
    problem = _problem(row)
    if request.method == "POST" and is_read and request.POST.get("do") != "look":
        try:
            return _buy(request, row, form)
        except DomainError as refusal:
            problem = refusal
    found = split_of(row, form.wanted(), now=timezone.now())
    is_fragment = request.htmx and not request.htmx.boosted and request.method == "GET"
    template = "orders/split/_outcome.html" if is_fragment else "orders/split/split.html"
    is_refused = request.method == "POST" and (problem is not None or not is_read)
    return render(request, template, _context(row, form, found, problem), status=422 if is_refused else 200)


def _problem(row: ReplenishmentProposal) -> DomainError | None:
    """Why there is nothing to split."""
    if row.state != ProposalState.OPEN:
        return IllegalStateChange(_("This proposal is no longer waiting. Look at the inbox again."))
    if row.supplier_id is None:
        return IllegalStateChange(_("This is moved from another place, not bought: it cannot be split over suppliers."))
    return None


def _buy(request: UserRequest, row: ReplenishmentProposal, form: SplitForm) -> HttpResponse:
    offers = split_offers(row)
    approval = split_proposal(
        proposal_id=row.pk,
        wanted={supplier_id: units for supplier_id, units in form.wanted().items() if units != 0},
        user=request.user,
        now=timezone.now(),
        key=request.POST.get("key", ""),
        seen=seen_quantities(request, [row.pk]).get(row.pk),
        seen_prices=seen_prices(request.POST, offers),
    )
    messages.success(request, approved_words(approval))
    return redirect("orders:proposals")


def _at_lines(problem: DomainError | None) -> tuple[dict[int, list[str]], DomainError | None]:
    """What is wrong with one supplier stands at their line; above it is only said that nothing was bought."""
    details = problem.details if problem else []
    if not details or not all("supplier" in row and "message" in row for row in details):
        return {}, problem
    faults: dict[int, list[str]] = {}
    for row in details:
        faults.setdefault(row["supplier"], []).append(str(row["message"]))
    return faults, InvalidInput(_("Nothing is bought yet. What is wrong stands at the supplier below."))


def _context(row: ReplenishmentProposal, form: SplitForm, found: Split, problem: DomainError | None) -> dict[str, Any]:
    faults, problem = _at_lines(problem)
    lines = []
    for part in found.parts:
        typed, errors = form.typed(part.offer.supplier_id)
        lines.append((part, typed, [*errors, *faults.get(part.offer.supplier_id, [])]))
    is_open = row.state == ProposalState.OPEN and row.supplier_id is not None
    return {
        "proposal": row, "lines": lines, "split": found, "problem": problem, "is_open": is_open,
        "consequence": found.consequence, "key": uuid4().hex,
    }  # fmt: skip
