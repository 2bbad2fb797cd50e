"""API keys: made, shown once, revoked."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError
from accounts.forms import ApiKeyForm
from accounts.models import ApiKey
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_INTEGRATIONS
from accounts.services.api_keys import create_api_key, revoke_api_key


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE_INTEGRATIONS)
def api_keys(request: UserRequest) -> HttpResponse:
    """The user's keys, and a form for a new one, whose token is shown this once only."""
    form = ApiKeyForm(request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        now, days = timezone.now(), form.cleaned_data["valid_days"]
        try:
            _key, token = create_api_key(
                user=request.user,
                name=form.cleaned_data["name"],
                is_read_only=form.cleaned_data["is_read_only"],
                expires_at=now + timedelta(days=days) if days else None,
                now=now,
            )
            form = ApiKeyForm()
        except DomainError as refusal:
            show_refusal(form, refusal)
    keys = ApiKey.objects.filter(user=request.user).order_by("revoked_at", "-created_at")
    context = {"keys": keys, "form": form, "token": token, "now": timezone.now()}
    return render(request, "accounts/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def revoke(request: UserRequest, pk: int) -> HttpResponse:
    """Ends a key of the user; other people's keys are not there."""
    if revoke_api_key(key_id=pk, user=request.user, now=timezone.now()):
        messages.success(request, _("The key is revoked. Programs that use it are refused from now on."))
    else:
        messages.error(request, _("This key is not there, or was revoked before."))
    return redirect("accounts:api_keys")
