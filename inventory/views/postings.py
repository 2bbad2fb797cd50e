"""One posting as a whole, and undoing it."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.requests import UserRequest, requires
from accounts.roles import REVERSE_POSTINGS, VIEW_STOCK, permissions_of
from inventory.errors import OutOfStock
from inventory.models import Posting
from inventory.selectors.postings import is_all_ours, lines_of_posting, postings_for, reversal_of
from inventory.selectors.substitutes import shortages_of
from inventory.services.reversals import undo_posting, why_not_reversible

ROWS_A_PAGE = 100


@require_safe
@requires(VIEW_STOCK)
def posting(request: UserRequest, pk: int) -> HttpResponse:
    """What moved in one act, who did it, and what undid it."""
    return _page(request, get_object_or_404(postings_for(request.user), pk=pk))


def _page(request: UserRequest, row: Posting, problem: DomainError | None = None) -> HttpResponse:
    page, undone = Paginator(lines_of_posting(row), ROWS_A_PAGE).get_page(request.GET.get("page")), reversal_of(row)
    reverses = next((line.reverses.posting_id for line in page if line.reverses), None)
    context = {
        "posting": row,
        "page": page,
        "zone_name": page[0].zone_name if page else None,
        "undone": undone,
        "reverses": reverses,
        "obstacle": why_not_reversible(row),
        "may_reverse": REVERSE_POSTINGS in permissions_of(request.user) and undone is None,
        "is_all_ours": is_all_ours(request.user, row),
        "reason": request.POST.get("reason", ""),
        "key": request.POST.get("key") or uuid4().hex,
        "problem": problem,
        "shortages": shortages_of(problem.details) if isinstance(problem, OutOfStock) else [],
    }
    return render(request, "inventory/posting.html", context, status=422 if problem else 200)


@require_POST
@requires(REVERSE_POSTINGS)
def reverse(request: UserRequest, pk: int) -> HttpResponse:
    """Undoes it. A refusal stands on the page, and the reason stays."""
    row = get_object_or_404(postings_for(request.user), pk=pk)
    key = f"reverse/{pk}/{request.POST.get('key', '') or uuid4().hex}"[:200]
    try:
        if not is_all_ours(request.user, row):
            raise NotAllowed(_("It moved stock of a place that is not yours."))
        undo_posting(
            posting_id=pk, reason=request.POST.get("reason", ""), key=key, user=request.user, now=timezone.now()
        )
    except DomainError as refusal:
        return _page(request, row, refusal)
    messages.success(request, _("It is undone. Both postings stay in the ledger."))
    return redirect("inventory:posting", pk)
