"""What a purchaser does with the links of an order: a further one to hand over, and an end to all of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import DECIDE_PROPOSALS
from orders.services.supplier_links import make_link_to_show, revoke_links
from orders.views.order_acts import order_or_404


@never_cache
@require_POST
@requires(DECIDE_PROPOSALS)
def make_link(request: UserRequest, pk: int) -> HttpResponse:
    """Shows a new link once, to be handed over by telephone or chat."""
    order = order_or_404(request.user, pk)
    try:
        address = make_link_to_show(order_id=order.pk, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("orders:purchase_order", pk)
    return render(request, "orders/supplier/new_link.html", {"order": order, "address": address})


@require_POST
@requires(DECIDE_PROPOSALS)
def end_links(request: UserRequest, pk: int) -> HttpResponse:
    """Takes all links of the order back."""
    order = order_or_404(request.user, pk)
    count = revoke_links(order_id=order.pk, user=request.user, now=timezone.now())
    if count:
        told = ngettext("The link is taken back.", "%(count)d links are taken back.", count)
        messages.success(request, told % {"count": count})
    else:
        messages.info(request, _("There was no link that still opened the order."))
    return redirect("orders:purchase_order", pk)
