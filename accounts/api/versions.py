"""`ETag` and `If-Match`: an edit says which version it changes (RFC 9110, RFC 6585)."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import VersionMissing
from accounts.services.edits import ANY, edit_as_seen
from accounts.versions import Versioned

T = TypeVar("T")
HEADER = "If-Match"
# A weak tag says "about the same", which is not enough to overwrite something: it matches nothing here.
STRONG_TAG = re.compile(r'(?<!W/)"([^"]*)"')
IF_MATCH = OpenApiParameter(
    name=HEADER,
    type=OpenApiTypes.STR,
    location=OpenApiParameter.HEADER,
    description="The `ETag` of the version that is changed. Without it 428, after another change 412; `*` is any.",
)
ETAG = OpenApiParameter(
    name="ETag", type=OpenApiTypes.STR, location=OpenApiParameter.HEADER, response=True, description="Of this version."
)


def seen_versions(request: Request) -> list[str]:
    """What the caller has seen. Raises `VersionMissing` when it does not say."""
    header = request.headers.get(HEADER, "").strip()
    if not header:
        raise VersionMissing(_("Read the object first, and send its ETag in a header %(header)s.") % {"header": HEADER})
    return [ANY] if header == ANY else STRONG_TAG.findall(header)


def edit_matching(request: Request, kind: Versioned, pk: int, act: Callable[[], T]) -> T:
    """Runs `act` if the row is still what the caller has seen."""
    return edit_as_seen(kind=kind, pk=pk, seen=seen_versions(request), act=act)


def tagged(response: Response, kind: Versioned, pk: int) -> Response:
    """The answer with the version of the row."""
    response["ETag"] = f'"{kind.version_of(pk)}"'
    return response


class TaggedRetrieve:
    """A detail view whose GET says which version it shows; stands before the mixin that retrieves."""

    versioned: Versioned

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().retrieve(request, *args, **kwargs)  # type: ignore[misc]  # what stands behind
        return tagged(response, self.versioned, response.data["id"])
