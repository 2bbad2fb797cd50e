"""The page of a supplier who is asked to deliver, along with all others: the first who confirms gets the order."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.errors import DomainError
from inventory.domain.days import local_date
from orders.forms_request import TakeForm
from orders.models import SupplierLink, SupplyOffer
from orders.selectors.supplier_links import supplier_codes
from orders.selectors.supply_requests import is_running
from orders.services.supply_requests import decline_request, take_request


def offer_page(request: HttpRequest, link: SupplierLink, offer: SupplyOffer) -> HttpResponse:
    """Confirm all of it for a day, or say that it cannot be done."""
    need = offer.request
    now = timezone.now()
    today = local_date(now, need.location.time_zone)
    form = TakeForm(request.POST if _takes(request) else None, initial={"day": max(today, need.wanted_by)})
    form.fields["day"].widget.attrs |= {"min": today.isoformat(), "max": need.wanted_by.isoformat()}
    problem: DomainError | None = None
    if request.method == "POST" and (not _takes(request) or form.is_valid()):
        problem = _act(link, form.cleaned_data["day"] if _takes(request) else None)
        if problem is None:
            return redirect(request.path)
        need.refresh_from_db()
    status = problem.status if problem else 422 if form.errors else 200
    context = {
        "firm": settings.FIRM_NAME,
        "link": link,
        "offer": offer,
        "need": need,
        "form": form,
        "code": supplier_codes(link.supplier_id, [need.sku_id]).get(need.sku_id, ""),
        "is_running": is_running(need, now),
        "problem": problem,
    }
    return render(request, "orders/supplier/offer.html", context, status=status)


def _takes(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("do") == "take"


def _act(link: SupplierLink, day: date | None) -> DomainError | None:
    """Takes it for the day, or declines without one; what stood in the way."""
    try:
        if day is None:
            decline_request(link_id=link.pk, now=timezone.now())
        else:
            take_request(link_id=link.pk, promised_on=day, now=timezone.now())
    except DomainError as error:
        return error
    return None
