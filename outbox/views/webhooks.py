"""The webhook pages: endpoints, their secrets, a test, and the log of deliveries."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_INTEGRATIONS
from outbox.errors import ForbiddenAddress
from outbox.forms import ChatForm, EndpointForm
from outbox.models import Channel, EndpointFormat, Message, WebhookEndpoint
from outbox.selectors.webhook_pages import deliveries_of, is_test_under_way, list_endpoints
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
    form = EndpointForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = create_endpoint(actor=request.user, now=timezone.now(), **form.cleaned_data)
        except ForbiddenAddress as error:
            form.add_error("url", error.message)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _added(request, endpoint)
    context = {"endpoints": list_endpoints(), "form": form}
    return render(request, "outbox/webhooks.html", context, status=422 if form.errors else 200)


def _added(request: UserRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    if not endpoint.is_chat:
        return _with_secret(request, endpoint)
    messages.success(request, _("The chat is added. Send a test message to see what its service answers."))
    return redirect("outbox:webhook", endpoint.pk)


@never_cache
def _with_secret(request: UserRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    """The one page that shows a secret."""
    return render(request, "outbox/webhook_secret.html", {"endpoint": endpoint, "secret": endpoint.secret})


@require_safe
@requires(MANAGE_INTEGRATIONS)
def webhook(request: UserRequest, pk: int) -> HttpResponse:
    """One endpoint and its deliveries."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    is_fragment = request.htmx and not request.htmx.boosted
    return _shown(request, endpoint, "outbox/_deliveries.html" if is_fragment else "outbox/webhook.html")


def _shown(request: UserRequest, endpoint: WebhookEndpoint, name: str, form: ChatForm | None = None) -> HttpResponse:
    page = Paginator(deliveries_of(endpoint), DELIVERIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "endpoint": endpoint,
        "page": page,
        "is_under_way": is_test_under_way(endpoint, now=timezone.now()),
        "form": form or (_chat_form(endpoint) if endpoint.is_chat else None),
    }
    return render(request, name, context, status=422 if form else 200)


def _chat_form(endpoint: WebhookEndpoint) -> ChatForm:
    return ChatForm(initial={"language": endpoint.language}, endpoint_format=endpoint.format)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def change_chat(request: UserRequest, pk: int) -> HttpResponse:
    """Takes a new address, secret or language of a chat."""
    endpoint = get_object_or_404(WebhookEndpoint.objects.exclude(format=EndpointFormat.JSON), pk=pk)
    form = ChatForm(request.POST, endpoint_format=endpoint.format)
    if form.is_valid():
        try:
            update_endpoint(
                endpoint_id=pk,
                actor=request.user,
                now=timezone.now(),
                url=form.value_of("url"),
                secret=form.value_of("secret"),
                language=form.value_of("language"),
            )
        except ForbiddenAddress as error:
            form.add_error("url", error.message)
        except DomainError as error:
            show_refusal(form, error, {"format": "url"})
        else:
            messages.success(request, _("Saved. Send a test message to see what its service answers."))
            return redirect("outbox:webhook", pk)
    return _shown(request, endpoint, "outbox/webhook.html", form)


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
        messages.success(request, _("A test is on its way. Its answer appears in the log below."))
    return redirect("outbox:webhook", pk)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def switch(request: UserRequest, pk: int) -> HttpResponse:
    """Switches an endpoint on or off."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    is_on = request.POST.get("is_active") == "1"
    update_endpoint(endpoint_id=pk, actor=request.user, now=timezone.now(), is_active=is_on)
    off = _(
        "The endpoint is off. Nothing is sent to it; what waits is sent if you switch it on again within three days."
    )
    messages.success(request, _("The endpoint is on.") if is_on else off)
    return redirect("outbox:webhook", pk)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def rotate(request: UserRequest, pk: int) -> HttpResponse:
    """Makes a new secret and shows it once."""
    get_object_or_404(WebhookEndpoint, pk=pk)
    try:
        endpoint = rotate_secret(endpoint_id=pk, actor=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("outbox:webhook", pk)
    return _with_secret(request, endpoint)


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
