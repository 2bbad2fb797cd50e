"""What the API views of orders read from a request."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.models import User


def user_of(view: GenericAPIView[Any]) -> User | None:
    """The signed-in user; None while the schema is being written."""
    if getattr(view, "swagger_fake_view", False):
        return None
    return view.request.user if isinstance(view.request.user, User) else None


def valid(serializer: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body. Raises DRF's ValidationError."""
    wanted = serializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)


def found_all(rows: QuerySet[Any], ids: Sequence[int]) -> None:
    """404 when one of these is not the user's."""
    if rows.count() != len(ids):
        raise Http404
