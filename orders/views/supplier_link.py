"""What a supplier's link opens: an order, or a request to deliver."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from orders.models import SupplierLink
from orders.views.supplier_answer import answer_page
from orders.views.supplier_offer import offer_page
from orders.views.without_account import with_link


@require_http_methods(["GET", "HEAD", "POST"])
@with_link
def supplier_link(request: HttpRequest, link: SupplierLink) -> HttpResponse:
    """By what the link was made for, never by what was sent."""
    if link.offer is not None:
        return offer_page(request, link, link.offer)
    if link.order is None:
        raise SupplierLink.DoesNotExist
    return answer_page(request, link, link.order)
