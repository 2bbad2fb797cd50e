"""The webhook pages: endpoints, their secrets, a test, and the log of deliveries."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_INTEGRATIONS
from outbox.forms import EndpointForm
from outbox.models import Channel, Message, WebhookEndpoint
from outbox.selectors.webhook_pages import deliveries_of, list_endpoints
from outbox.services.endpoints import (
    create_endpoint,
    delete_endpoint,
    resend_message,
    rotate_secret,
    send_test,
    update_endpoint,
)

DELIVERIES_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE_INTEGRATIONS)
def webhooks(request: UserRequest) -> HttpResponse:
    """All endpoints, and a form for a new one."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = create_endpoint(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error("url", error.message)
        else:
            return _with_secret(request, endpoint)
    context = {"endpoints": list_endpoints(), "form": form}
    return render(request, "outbox/webhooks.html", context, status=422 if form.errors else 200)


@never_cache
def _with_secret(request: UserRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    """The one page that shows a secret."""
    return render(request, "outbox/webhook_secret.html", {"endpoint": endpoint, "secret": endpoint.secret})


@require_safe
@requires(MANAGE_INTEGRATIONS)
def webhook(request: UserRequest, pk: int) -> HttpResponse:
    """One endpoint and its deliveries."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    page = Paginator(deliveries_of(endpoint), DELIVERIES_A_PAGE).get_page(request.GET.get("page"))
    is_fragment = request.htmx and not request.htmx.boosted
    name = "outbox/_deliveries.html" if is_fragment else "outbox/webhook.html"
    return render(request, name, {"endpoint": endpoint, "page": page})


@require_POST
@requires(MANAGE_INTEGRATIONS)
def test(request: UserRequest, pk: int) -> HttpResponse:
    """Sends a test event."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        send_test(endpoint_id=pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("A test event is on its way. Its answer appears in the log below."))
    return redirect("outbox:webhook", pk)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """Switches an endpoint on or off."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    is_on = request.POST.get("is_active") == "1"
    update_endpoint(endpoint_id=pk, actor=request.user, now=timezone.now(), is_active=is_on)
    messages.success(request, _("The endpoint is on.") if is_on else _("The endpoint is off. Nothing is sent to it."))
    return redirect("outbox:webhook", pk)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def rotate(request: UserRequest, pk: int) -> HttpResponse:
    """Makes a new secret and shows it once."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    return _with_secret(request, rotate_secret(endpoint_id=pk, actor=request.user, now=timezone.now()))


@require_POST
@requires(MANAGE_INTEGRATIONS)
def delete(request: UserRequest, pk: int) -> HttpResponse:
    """Removes an endpoint."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    delete_endpoint(endpoint_id=pk, actor=request.user, now=timezone.now())
    messages.success(request, _("The endpoint is gone. Nothing is sent to it any more."))
    return redirect("outbox:webhooks")


@require_POST
@requires(MANAGE_INTEGRATIONS)
def resend(request: UserRequest, pk: int) -> HttpResponse:
    """Sends a given-up delivery again."""
    message = get_object_or_404(Message, pk=pk, channel=Channel.WEBHOOK)
    try:
        resend_message(message_id=pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is sent again."))
    return redirect("outbox:webhook", int(message.target))
