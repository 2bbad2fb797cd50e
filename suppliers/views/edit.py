"""The terms of a supplier as a whole: name, money, week, cut-off; and a new one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.refusals import save_as_seen, show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_SUPPLIERS
from accounts.stale import differences_if_late
from suppliers.forms import NewSupplierForm, SupplierForm
from suppliers.models import Supplier
from suppliers.services.suppliers import create_supplier, update_supplier
from suppliers.versions import SUPPLIER


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_SUPPLIERS)
def new(request: UserRequest) -> HttpResponse:
    """Somebody from whom nothing was bought yet. What they deliver is said on the pages of the SKUs."""
    form = NewSupplierForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            supplier = create_supplier(**form.changes(), actor=request.user, now=timezone.now())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Added. Say on the pages of the SKUs what they deliver, and at which price."))
            return redirect("dashboards:supplier", pk=supplier.pk)
    return render(request, "suppliers/edit.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_SUPPLIERS)
def edit(request: UserRequest, pk: int) -> HttpResponse:
    """The form. A refusal stands beside its field, and the entry stays."""
    supplier = get_object_or_404(Supplier, pk=pk)
    form = SupplierForm(request.POST if request.method == "POST" else None, supplier=supplier)
    if request.method == "POST" and form.is_valid() and _save(request, form, pk):
        messages.success(request, _("Saved. The next plan follows it."))
        return redirect("dashboards:supplier", pk=pk)
    context = {
        "form": form,
        "supplier": supplier,
        "version": SUPPLIER.version_of(pk),
        "differences": differences_if_late(form, lambda: SupplierForm(supplier=supplier)),
    }
    return render(request, "suppliers/edit.html", context, status=422 if form.errors else 200)


def _save(request: UserRequest, form: SupplierForm, pk: int) -> bool:
    def write() -> Supplier:
        return update_supplier(supplier_id=pk, changes=form.changes(), actor=request.user, now=timezone.now())

    return save_as_seen(request, form, kind=SUPPLIER, pk=pk, act=write)
