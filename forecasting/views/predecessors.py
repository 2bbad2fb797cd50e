"""What a new SKU takes the place of."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import PLAN_DEMAND
from forecasting.forms import PredecessorForm
from forecasting.selectors.predecessors import predecessor_of
from forecasting.services.predecessors import drop_predecessor, set_predecessor
from inventory.domain.movements import plain
from inventory.models import Sku


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PLAN_DEMAND)
def predecessor(request: UserRequest, pk: int) -> HttpResponse:
    """Names the predecessor of a SKU, and how much of its demand is expected."""
    sku, there = get_object_or_404(Sku, pk=pk), predecessor_of(pk)
    first = {"predecessor": there.predecessor.code, "percent": plain(100 * there.share)} if there else None
    form = PredecessorForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid() and _name(request, sku, form):
        messages.success(request, _("Saved. The next night forecasts with it."))
        return redirect("dashboards:sku", pk)
    context = {"sku": sku, "there": there, "form": form}
    return render(request, "forecasting/predecessor.html", context, status=422 if form.errors else 200)


@require_POST
@requires(PLAN_DEMAND)
def drop(request: UserRequest, pk: int) -> HttpResponse:
    """It takes nobody's place any more."""
    sku = get_object_or_404(Sku, pk=pk)
    drop_predecessor(sku_id=sku.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("Saved. The next night forecasts without it."))
    return redirect("dashboards:sku", pk)


def _name(request: UserRequest, sku: Sku, form: PredecessorForm) -> bool:
    values = form.cleaned_data
    try:
        set_predecessor(
            sku_id=sku.pk, predecessor_id=values["predecessor"].pk, share=values["percent"] / Decimal(100),
            actor=request.user, now=timezone.now(),
        )  # fmt: skip
    except DomainError as refusal:
        show_refusal(form, refusal, {"share": "percent"})
        return False
    return True
