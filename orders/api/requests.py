"""What the API views of orders read from a request."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.errors import InvalidInput
from accounts.models import User

KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="A text of your own, 1 to 60 characters; a repeat with the same one is answered and not done again.",
)
MAX_KEY = 60


def user_of(view: GenericAPIView[Any]) -> User | None:
    """The signed-in user; None while the schema is being written."""
    if getattr(view, "swagger_fake_view", False):
        return None
    return view.request.user if isinstance(view.request.user, User) else None


def api_key_of(request: Request) -> str:
    """The client's idempotency key, made the user's own so that two users never meet. Raises InvalidInput."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= MAX_KEY:
        message = _("Send the header Idempotency-Key with 1 to %(most)d characters.") % {"most": MAX_KEY}
        raise InvalidInput(message, details=[{"field": "Idempotency-Key", "message": message}])
    return f"api/{request.user.pk}/{key}"


def valid(serializer: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body. Raises DRF's ValidationError."""
    wanted = serializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)


def found_all(rows: QuerySet[Any], ids: Sequence[int]) -> None:
    """404 when one of these is not the user's."""
    if rows.count() != len(ids):
        raise Http404
