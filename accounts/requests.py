"""Requests whose user is known, and the decorator that every page declares its permission with."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from accounts.collisions import again_when_collided
from accounts.models import User
from accounts.repeats import once_by_key
from accounts.roles import is_permitted

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request that passed `requires`, so its user is one of ours."""

    user: User
    htmx: HtmxDetails


Page = Callable[Concatenate[UserRequest, P], HttpResponse]


def requires(permission: str) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Sign-in and permission of a page. A person without it gets 403; nobody signed in goes to the sign-in page. A form
    with a key that is sent again gets its first answer."""

    def decorate(page: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(page)
        @login_required
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User) or not is_permitted(request.user, permission):
                raise PermissionDenied
            # A page calls one service, so after a collision it can be asked for again as a whole.
            answer = partial(page, request, *args, **kwargs)  # type: ignore[arg-type]  # login_required proved the user
            return once_by_key(request, lambda: again_when_collided(answer))

        return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)

    return decorate
