"""The switch that shows a supplier what is expected to be ordered from them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import UserRequest, requires
from accounts.roles import EDIT_SUPPLIERS
from orders.services.shared_outlook import share_outlook
from suppliers.models import Supplier


@require_POST
@requires(EDIT_SUPPLIERS)
def share(request: UserRequest, pk: int) -> HttpResponse:
    """On or off for one supplier."""
    supplier, is_shared = get_object_or_404(Supplier, pk=pk), request.POST.get("is_shared") == "1"
    share_outlook(supplier_id=supplier.pk, is_shared=is_shared, actor=request.user, now=timezone.now())
    shown = _("%(name)s now sees what you expect to order, on the page behind each of their links.")
    hidden = _("%(name)s no longer sees what you expect to order.")
    messages.success(request, (shown if is_shared else hidden) % {"name": supplier.name})
    return redirect("dashboards:supplier", supplier.pk)
