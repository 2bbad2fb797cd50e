"""The caller and the caller's own keys in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.api.permissions import RolePermits, caller_of
from accounts.api.serializers import ApiKeySerializer, MeSerializer, NewApiKeySerializer
from accounts.models import ApiKey, User
from accounts.roles import VIEW_STOCK
from accounts.services.api_keys import create_api_key, revoke_api_key


class MeView(APIView):
    """Who the caller is."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_STOCK}

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(caller_of(request)).data)


class ApiKeyViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[ApiKey]):
    """The caller's own keys. Every role may have keys: a key can do what its user can, and no more."""

    serializer_class = ApiKeySerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_STOCK, "POST": VIEW_STOCK, "DELETE": VIEW_STOCK}
    queryset = ApiKey.objects.none()

    def get_queryset(self) -> QuerySet[ApiKey]:
        if not isinstance(self.request.user, User):
            return ApiKey.objects.none()
        return ApiKey.objects.filter(user=self.request.user).order_by("-created_at", "-pk")

    @extend_schema(request=ApiKeySerializer, responses={201: NewApiKeySerializer})
    def create(self, request: Request) -> Response:
        """Makes a key; the answer holds its token, which cannot be read again. Only a signed-in person can."""
        if isinstance(request.auth, ApiKey):
            # Or whoever found a key could make others, which outlive the one that is revoked.
            raise PermissionDenied(_("An API key cannot make API keys. Sign in to make one."))
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        key, token = create_api_key(user=caller_of(request), now=timezone.now(), **form.validated_data)
        return Response({**ApiKeySerializer(key).data, "token": token}, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Revokes a key at once. It stays in the list."""
        if not revoke_api_key(key_id=self.get_object().pk, user=caller_of(request), now=timezone.now()):
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)
