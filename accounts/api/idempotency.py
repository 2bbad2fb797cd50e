"""`Idempotency-Key`: what a view needs to do an act once."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import caller_of
from accounts.errors import KeyMissing
from accounts.models import User
from accounts.services.idempotency import Answer, answer_given, answer_once

HEADER = "Idempotency-Key"
LONGEST = 255
KEY_PARAMETER = OpenApiParameter(
    name=HEADER,
    type=OpenApiTypes.STR,
    location=OpenApiParameter.HEADER,
    required=True,
    description="A text of your own, new for each act. A repeat of the call with it gets the first answer.",
)


class Once:
    """One call: its user, its moment, and the key under which the services below know the act."""

    def __init__(self, request: Request) -> None:
        self.user = caller_of(request)
        self.now: datetime = timezone.now()
        self.route = f"{request.method} {request.path}"[:120]
        self.key = _read_key(request)
        self.request_sha256 = _digest(json.dumps(request.data, sort_keys=True, default=str))

    @property
    def act_key(self) -> str:
        """Unique over all users and routes, of fixed length."""
        return f"api/{self.user.pk}/{_digest(self.route + ' ' + self.key)[:40]}"

    def answer(self, act: Callable[[], Answer]) -> Response:
        """The answer of `act`, or the one that it gave the first time."""
        answer = answer_once(
            principal=self.user,
            route=self.route,
            key=self.key,
            request_sha256=self.request_sha256,
            now=self.now,
            act=act,
        )
        return Response(answer.body, status=answer.status)


def first_answer(request: Request) -> Response | None:
    """What a call that was refused got when it was sent before with its key: what it names may be closed or gone by
    now, and it was done all the same. None for any other call."""
    if request.method in SAFE_METHODS or HEADER not in request.headers or not isinstance(request.user, User):
        return None
    try:
        once = Once(request)
    except (APIException, KeyMissing):
        return None
    answer = answer_given(principal=once.user, route=once.route, key=once.key, request_sha256=once.request_sha256)
    return None if answer is None else Response(answer.body, status=answer.status)


def _read_key(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip().strip('"')
    if not key or len(key) > LONGEST or not key.isprintable():
        raise KeyMissing(
            _("Send a header %(header)s with a text of your own of at most %(longest)d characters.")
            % {"header": HEADER, "longest": LONGEST}
        )
    return key


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
