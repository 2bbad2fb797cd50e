"""A person's own page."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import DomainError
from accounts.forms import NewPasswordForm
from accounts.refusals import show_refusal
from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK
from accounts.services.profiles import change_password


@requires(VIEW_STOCK)
def profile(request: UserRequest) -> HttpResponse:
    """Who one is, which stores one works in, and a new password."""
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(user=request.user, password=form.cleaned_data["new_password1"], now=timezone.now())
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Your password is changed."))
            return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)
