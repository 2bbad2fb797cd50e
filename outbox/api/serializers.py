"""Shapes of webhooks and their delivery log in the API."""

from rest_framework import serializers

from outbox.models import DeliveryAttempt, Message, WebhookEndpoint


class EndpointSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """Where webhooks go. The secret is shown by the answer that made it, and never again."""

    event_types = serializers.ListField(
        child=serializers.RegexField(r"^[a-z_]+\.[a-z_]+$", max_length=60),
        required=False,
        help_text="For example alert.opened; an empty list means every type.",
    )
    url = serializers.CharField(max_length=500)

    class Meta:
        model = WebhookEndpoint
        fields = (
            "id",
            "url",
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


class EndpointSecretSerializer(EndpointSerializer):
    """The answer to making an endpoint or a new secret."""

    class Meta(EndpointSerializer.Meta):
        fields = (*EndpointSerializer.Meta.fields, "secret")  # type: ignore[assignment]  # one field more
        read_only_fields = (*EndpointSerializer.Meta.read_only_fields, "secret")  # type: ignore[assignment]  # one field more


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
