"""Lists as files, for programs."""

from typing import ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.permissions import RolePermits, caller_of
from accounts.errors import InvalidInput
from accounts.roles import VIEW_STOCK, is_permitted
from imports.answers import CONTENT_TYPES, MOST_XLSX_ROWS, export_answer, senseless, too_long
from imports.selectors.exports import EXPORTS, InvalidFilter

NAMES = OpenApiParameter("name", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(EXPORTS), description="Which list.")
ENDINGS = OpenApiParameter("ending", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(CONTENT_TYPES))
WORDS = [
    OpenApiParameter(name, OpenApiTypes.STR, description=text)
    for name, text in (
        ("location", "Code of a place"),
        ("sku", "Code of a SKU"),
        ("q", "A part of a SKU's name or code"),
        ("category", "Code of a category"),
        ("since", "First business date (movements, lost sales)"),
        ("until", "Last business date"),
    )
]


class ExportView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": VIEW_STOCK}

    @extend_schema(
        responses={
            (200, kind.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY) for kind in CONTENT_TYPES.values()
        },
        parameters=[NAMES, ENDINGS, *WORDS],
        tags=["exports"],
    )
    def get(self, request: Request, name: str, ending: str) -> HttpResponseBase:
        """A list of any length as a file; CSV is sent while it is read. What an import understands, it can take in."""
        user, export = caller_of(request), EXPORTS.get(name)
        if export is None or ending not in CONTENT_TYPES or not is_permitted(user, export.permission):
            raise Http404
        wanted = request.query_params
        try:
            if ending == "xlsx" and export.is_longer_than(MOST_XLSX_ROWS, user, wanted):
                raise InvalidInput(too_long())
            return export_answer(export, export.rows(user, wanted), ending)
        except InvalidFilter as invalid:
            details = [{"field": field, "message": rows[0]} for field, rows in invalid.errors.items()]
            raise InvalidInput(senseless(invalid), details=details) from invalid
