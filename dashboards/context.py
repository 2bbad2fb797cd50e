"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.roles import permissions_of
from dashboards.navigation import navigation_for


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The permissions of the signed-in user, and the menu drawn by them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"permissions": frozenset()}
    return {"permissions": permissions_of(user), "navigation": navigation_for(user, request.path)}
