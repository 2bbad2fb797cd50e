"""Shapes of webhooks and their delivery log in the API."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from outbox.models import DeliveryAttempt, EndpointFormat, Message, WebhookEndpoint


class EndpointSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """Where webhooks go. A secret that was made here is shown by the answer that made it, and never again."""

    event_types = serializers.ListField(
        child=serializers.RegexField(r"^[a-z_]+\.[a-z_]+$", max_length=60),
        required=False,
        help_text="For example alert.opened; an empty list means every type, for a new chat alert.opened alone.",
    )
    url = serializers.CharField(max_length=500)
    format = serializers.ChoiceField(
        choices=EndpointFormat.choices,
        default=EndpointFormat.JSON,
        help_text="What is spoken at the address; it stays as the endpoint was added.",
    )
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, default="en", help_text="In which a chat is written to."
    )
    secret = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="Of a DingTalk or Feishu robot that checks signatures: the secret that its settings show.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = (
            "id",
            "url",
            "format",
            "language",
            "secret",
            "description",
            "event_types",
            "is_active",
            "disabled_at",
            "failures",
            "failing_since",
            "paused_until",
            "created_at",
        )
        read_only_fields = ("id", "disabled_at", "failures", "failing_since", "paused_until", "created_at")

    def validate_format(self, value: str) -> str:
        """An address of one service is none of another."""
        if self.instance is not None and value != self.instance.format:
            raise serializers.ValidationError(_("The format stays as it is. Add another endpoint for another service."))
        return value


class EndpointSecretSerializer(EndpointSerializer):
    """The answer to making an endpoint or a new secret. Of a chat the secret is not repeated: it is empty."""

    secret = serializers.SerializerMethodField()  # type: ignore[assignment]  # written above, read here

    class Meta(EndpointSerializer.Meta):
        read_only_fields = (*EndpointSerializer.Meta.read_only_fields, "secret")  # type: ignore[assignment]  # one field more

    @extend_schema_field(str)
    def get_secret(self, endpoint: WebhookEndpoint) -> str:
        """Who pasted one has it."""
        return "" if endpoint.is_chat else endpoint.secret


class AttemptSerializer(serializers.ModelSerializer[DeliveryAttempt]):
    """One try to send."""

    class Meta:
        model = DeliveryAttempt
        fields = ("at", "duration_ms", "is_success", "detail")
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[Message]):
    """A message to a webhook endpoint, with its tries."""

    endpoint = serializers.IntegerField(source="target", read_only=True)
    tries = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "event_id",
            "event_type",
            "endpoint",
            "payload",
            "state",
            "attempts",
            "next_attempt_at",
            "created_at",
            "sent_at",
            "last_error",
            "tries",
        )
        read_only_fields = fields
