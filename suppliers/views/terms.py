"""What a supplier agreed on a SKU: price, packs, priority, share, express; added, changed, ended by a purchaser."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_SUPPLIERS
from accounts.services.edits import ANY, edit_as_seen
from inventory.models import Sku
from suppliers.forms_terms import NewTermsForm, TermsForm, typed_terms
from suppliers.models import SupplierTerms
from suppliers.selectors.terms import all_terms
from suppliers.services.terms import end_terms, set_terms
from suppliers.versions import TERMS


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_SUPPLIERS)
def edit_terms(request: UserRequest, pk: int) -> HttpResponse:
    """The form. A refusal stands beside its field, and the entry stays."""
    row = get_object_or_404(all_terms(), pk=pk)
    form = TermsForm(request.POST) if request.method == "POST" else TermsForm(initial=typed_terms(row))
    form.priced_in(row.supplier.currency)
    if form.is_bound and form.is_valid() and _save(request, form, row):
        messages.success(request, _("Saved. The next plan follows it."))
        return redirect("dashboards:sku", row.sku_id)
    context = {"form": form, "terms": row, "sku": row.sku, "version": TERMS.version_of(pk)}
    return render(request, "suppliers/terms/terms.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_SUPPLIERS)
def new_terms(request: UserRequest, sku_id: int) -> HttpResponse:
    """One more supplier of a SKU."""
    sku = get_object_or_404(Sku, pk=sku_id)
    form = NewTermsForm(request.POST if request.method == "POST" else None, sku_id=sku.pk)
    if form.is_bound and form.is_valid() and _add(request, form, sku):
        messages.success(request, _("Saved. The next plan follows it."))
        return redirect("dashboards:sku", sku.pk)
    return render(request, "suppliers/terms/terms.html", {"form": form, "sku": sku}, status=422 if form.errors else 200)


@require_POST
@requires(EDIT_SUPPLIERS)
def end(request: UserRequest, pk: int) -> HttpResponse:
    """The supplier is no longer asked for this SKU."""
    row = get_object_or_404(all_terms(), pk=pk)
    end_terms(terms_id=pk, actor=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is no longer asked for it.") % {"name": row.supplier.name})
    return redirect("dashboards:sku", row.sku_id)


def _save(request: UserRequest, form: TermsForm, row: SupplierTerms) -> bool:
    def write() -> SupplierTerms:
        now, terms = timezone.now(), form.as_terms(row)
        return set_terms(supplier_id=row.supplier_id, sku_id=row.sku_id, terms=terms, actor=request.user, now=now)

    try:
        edit_as_seen(kind=TERMS, pk=row.pk, seen=[request.POST.get("version", ANY)], act=write)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True


def _add(request: UserRequest, form: NewTermsForm, sku: Sku) -> bool:
    supplier = form.cleaned_data["supplier"]
    try:
        set_terms(supplier_id=supplier.pk, sku_id=sku.pk, terms=form.as_terms(), actor=request.user, now=timezone.now())
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True
