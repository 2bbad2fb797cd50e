"""What every page shows around its content."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.roles import permissions_of


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The permissions of the signed-in user, by which the menu is drawn."""
    user = getattr(request, "user", None)
    return {"permissions": permissions_of(user)} if isinstance(user, User) else {"permissions": frozenset()}
