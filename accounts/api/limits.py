"""How many calls a key or a user may make in a minute, and how many wrong keys an address may send."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.call_counts import count_call
from accounts.models import ApiKey, User
from accounts.senders import sender_of


class TooManyCalls(APIException):
    """429; `wait` becomes the header `Retry-After`, in seconds."""

    status_code = 429
    default_code = "too_many_calls"
    default_detail = _("These are too many calls within a minute. Come again when Retry-After has passed.")

    def __init__(self, wait: int) -> None:
        super().__init__()
        self.wait = wait


class CallsAMinute(BaseThrottle):
    """Counts by key, or by user where somebody is signed in. Without a limit nothing is counted and nobody is asked;
    nobody in particular is not counted, for they only get what is public."""

    def allow_request(self, request: Request, view: object) -> bool:
        most = settings.API_CALLS_A_MINUTE
        if most and isinstance(request.user, User):
            refuse_above(most, _caller(request))
        return True


def _caller(request: Request) -> str:
    return f"key:{request.auth.pk}" if isinstance(request.auth, ApiKey) else f"user:{request.user.pk}"


def note_wrong_key(request: Request) -> None:
    """Counts a key that is none, by the address it came from. Right keys from there go on: a whole shop may stand
    behind one address, and one till with an old key must not stop the others."""
    most = settings.API_WRONG_KEYS_A_MINUTE
    if most:
        refuse_above(most, f"wrong:{sender_of(request)}")


def refuse_above(most: int, who: str) -> None:
    """Raises `TooManyCalls` when this call is one too many."""
    count = count_call(who)
    if count is not None and count.calls > most:
        raise TooManyCalls(count.seconds_left)
