"""The first page after sign-in."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK


@requires(VIEW_STOCK)
def home(request: UserRequest) -> HttpResponse:
    """What matters now to a person of this role."""
    return render(request, "dashboards/home.html")
