"""What the API views of orders read from a request."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.models import User
from orders.errors import UnknownIds


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
    """Raises UnknownIds, which names those of `ids` that are not the user's: of many a program could not tell which."""
    found = set(rows.values_list("pk", flat=True))
    unknown = [pk for pk in ids if pk not in found]
    if unknown:
        what = ", ".join(map(str, unknown))
        raise UnknownIds(
            _("There is nothing with these ids, or it is not yours: %(ids)s. Leave them out.") % {"ids": what},
            details=[{"id": pk} for pk in unknown],
        )
