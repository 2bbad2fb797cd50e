"""Webhook endpoints and their delivery log in the API."""

from typing import Any, ClassVar

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.filters import ID_DIGITS
from accounts.api.permissions import RolePermits, caller_of
from accounts.roles import MANAGE_INTEGRATIONS
from outbox.api.serializers import DeliverySerializer, EndpointSecretSerializer, EndpointSerializer
from outbox.models import Channel, Message, WebhookEndpoint
from outbox.services.endpoints import (
    create_endpoint,
    delete_endpoint,
    resend_message,
    rotate_secret,
    send_test,
    update_endpoint,
)

ALL_METHODS = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), MANAGE_INTEGRATIONS)


class EndpointViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[WebhookEndpoint]):
    """Addresses of other programs that are told what happens."""

    serializer_class = EndpointSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = ALL_METHODS
    queryset = WebhookEndpoint.objects.order_by("pk")

    @extend_schema(request=EndpointSerializer, responses={201: EndpointSecretSerializer})
    def create(self, request: Request) -> Response:
        """Adds an endpoint, of a program or a chat; for a program the answer holds the secret with which to verify what
        it is sent."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = {"event_types": [], **form.validated_data}
        # A new endpoint is active; it is switched off by a change.
        given.pop("is_active", None)
        endpoint = create_endpoint(actor=caller_of(request), now=timezone.now(), **given)
        return Response(EndpointSecretSerializer(endpoint).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EndpointSerializer, responses=EndpointSerializer)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes an endpoint; `is_active: true` also switches on one that its failures had switched off."""
        endpoint = self.get_object()
        form = self.get_serializer(endpoint, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        given = {name: value for name, value in form.validated_data.items() if name != "format"}
        changed = update_endpoint(endpoint_id=endpoint.pk, actor=caller_of(request), now=timezone.now(), **given)
        return Response(EndpointSerializer(changed).data)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Removes an endpoint; its delivery log stays."""
        delete_endpoint(endpoint_id=self.get_object().pk, actor=caller_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=EndpointSecretSerializer)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new secret; the old one signs beside it for a day. That of a chat is changed by PATCH instead."""
        endpoint = rotate_secret(endpoint_id=self.get_object().pk, actor=caller_of(request), now=timezone.now())
        return Response(EndpointSecretSerializer(endpoint).data)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sends a test event; read its delivery to see how it went, and what a chat's service answered."""
        message = send_test(endpoint_id=self.get_object().pk, actor=caller_of(request), now=timezone.now())
        return Response(DeliverySerializer(message).data, status=status.HTTP_202_ACCEPTED)


class DeliveryFilter(django_filters.FilterSet):
    """By endpoint, state and type of event."""

    endpoint = django_filters.NumberFilter(method="by_endpoint", **ID_DIGITS)

    class Meta:
        model = Message
        fields: ClassVar[list[str]] = ["state", "event_type"]

    def by_endpoint(self, messages: Any, name: str, value: Any) -> Any:
        return messages.filter(target=str(int(value)))


class DeliveryViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Message]):
    """What was and will be sent to webhook endpoints, the newest first."""

    serializer_class = DeliverySerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": MANAGE_INTEGRATIONS, "POST": MANAGE_INTEGRATIONS}
    filterset_class = DeliveryFilter
    queryset = Message.objects.filter(channel=Channel.WEBHOOK).prefetch_related("tries").order_by("-created_at", "-pk")

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tries a message again that was given up."""
        resend_message(message_id=self.get_object().pk, actor=caller_of(request), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data, status=status.HTTP_202_ACCEPTED)
