"""Files brought by programs: sent once, asked after, and what is wrong with them."""

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.pagination import NewestFirst
from accounts.api.permissions import RolePermits, caller_of
from accounts.errors import InvalidInput, NotAllowed
from accounts.roles import BRING_FILES, is_permitted
from accounts.services.idempotency import Answer
from imports.answers import CONTENT_TYPES, attachment
from imports.api.serializers import ImportErrorOutput, ImportInput, ImportOutput
from imports.domain.errors import FileRefused
from imports.error_file import error_answer
from imports.messages import message_of
from imports.models import FileImport
from imports.selectors.files import ShownImport, errors_of, imports_for, shown
from imports.services.uploads import bring_file, load_if_small
from imports.titles import PERMISSIONS


def as_output(found: ShownImport) -> dict[str, Any]:
    record = found.record
    return {
        "id": record.pk,
        "kind": record.kind,
        "file_name": record.file_name,
        "state": found.state,
        "stage": record.stage,
        "percent": found.percent,
        "rows": record.row_count,
        "changed": record.changed_count,
        "error_count": record.error_count,
        "uploaded_at": record.uploaded_at.isoformat(),
        "finished_at": record.finished_at.isoformat() if record.finished_at else None,
    }


def own_import(request: Request, pk: int) -> FileImport:
    """Somebody else's file does not exist."""
    record = imports_for(caller_of(request)).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


class ImportsView(ListAPIView[FileImport]):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": BRING_FILES, "POST": BRING_FILES}
    parser_classes = (MultiPartParser,)
    serializer_class = ImportOutput
    pagination_class = NewestFirst
    queryset = FileImport.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The files that you brought, newest first."""
        page = self.paginate_queryset(imports_for(caller_of(request)))
        return self.get_paginated_response([as_output(shown(record)) for record in page or []])

    @extend_schema(
        request={"multipart/form-data": ImportInput},
        responses={202: ImportOutput},
        parameters=[KEY_PARAMETER],
        tags=["imports"],
    )
    def post(self, request: Request) -> Response:
        """Bring a file. It is taken in whole or not at all; ask for its `state`, and for `errors/` when refused."""
        given = ImportInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        once = OnceWithFile(request, values["file"])
        if not is_permitted(once.user, PERMISSIONS[values["kind"]]):
            raise NotAllowed(_("Your role does not allow this kind of file."))
        answer = once.answer(lambda: _bring(once, values))
        load_if_small(import_id=answer.data["id"], clock=timezone.now)
        return answer


class OnceWithFile(Once):
    """A repeat must bring the same bytes, not only a file of the same name."""

    def __init__(self, request: Request, file: Any) -> None:
        super().__init__(request)
        digest = hashlib.sha256(self.request_sha256.encode())
        for piece in file.chunks():
            digest.update(piece)
        self.request_sha256 = digest.hexdigest()


def _bring(once: Once, values: dict[str, Any]) -> Answer:
    file = values["file"]
    try:
        record = bring_file(
            kind_name=values["kind"],
            file=file.file,
            file_name=file.name,
            user=once.user,
            now=once.now,
            time_zone=values["time_zone"] or settings.TIME_ZONE,
            headings=values["mapping"],
            encoding=values["encoding"],
        )
    except FileRefused as refused:
        details = [{"row": one.row, "column": one.column, "message": message_of(one)} for one in refused.errors]
        raise InvalidInput(str(details[0]["message"]), details=details) from refused
    return Answer(202, as_output(shown(record)))


class ImportView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": BRING_FILES}

    @extend_schema(responses=ImportOutput, tags=["imports"])
    def get(self, request: Request, pk: int) -> Response:
        """How far it is, or how it ended."""
        return Response(as_output(shown(own_import(request, pk))))


class ImportErrorsView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": BRING_FILES}

    @extend_schema(responses=ImportErrorOutput(many=True), tags=["imports"])
    def get(self, request: Request, pk: int) -> Response:
        """The first thousand places that are wrong, by row; `error_count` of the file counts all."""
        found = errors_of(own_import(request, pk))
        return Response(
            [
                {
                    "row": e.row,
                    "column": e.column,
                    "heading": e.shown_column,
                    "code": e.code,
                    "value": e.value,
                    "message": message_of(e),
                }
                for e in found
            ]
        )


class ImportErrorFileView(APIView):
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar = {"GET": BRING_FILES}

    @extend_schema(responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.BINARY)}, tags=["imports"])
    def get(self, request: Request, pk: int, ending: str) -> HttpResponseBase:
        """The same as a file to work through, `csv` or `xlsx`."""
        record = own_import(request, pk)
        if ending not in CONTENT_TYPES or not record.error_count:
            raise Http404
        return attachment(error_answer(record, ending), f"youhuo-import-{record.pk}-errors", ending)
