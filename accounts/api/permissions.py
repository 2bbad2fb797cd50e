"""Permission classes of the API: deny unless the view declares what it needs."""

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from accounts.roles import is_permitted


def caller_of(request: Request) -> User:
    """The user of a request that passed `RolePermits`."""
    return cast(User, request.user)


class DenyByDefault(BasePermission):
    """A view that declares no policy answers nobody."""

    def has_permission(self, request: Request, view: object) -> bool:
        return False


class RolePermits(BasePermission):
    """The view says in `permissions_by_method` what each HTTP method needs; a method that is not listed is refused."""

    def has_permission(self, request: Request, view: object) -> bool:
        needed = getattr(view, "permissions_by_method", {}).get("GET" if request.method == "HEAD" else request.method)
        if request.method == "OPTIONS":
            return isinstance(request.user, User)
        return needed is not None and isinstance(request.user, User) and is_permitted(request.user, needed)
