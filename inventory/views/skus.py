"""Changing the card of a SKU."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_CATALOGUE
from inventory.forms import SkuForm
from inventory.models import Sku
from inventory.services.catalogue import update_sku


@requires(EDIT_CATALOGUE)
def edit_sku(request: UserRequest, pk: int) -> HttpResponse:
    """The form of the card. A refusal stands beside its field, and the entry stays."""
    sku = get_object_or_404(Sku, pk=pk)
    form = SkuForm(request.POST or None, instance=sku)
    if request.method == "POST" and form.is_valid() and _save(request, form, pk):
        messages.success(request, _("The card of %(name)s is changed.") % {"name": form.cleaned_data["name"]})
        return redirect("dashboards:sku", sku_id=pk)
    context = {"form": form, "sku": sku}
    return render(request, "inventory/sku_edit.html", context, status=422 if form.errors else 200)


def _save(request: UserRequest, form: SkuForm, pk: int) -> bool:
    try:
        update_sku(sku_id=pk, values=form.values(), user=request.user, now=timezone.now())
    except DomainError as refusal:
        field = str(refusal.details[0].get("field", "")) if refusal.details else ""
        form.add_error(field if field in form.fields else None, refusal.message)
        return False
    return True
