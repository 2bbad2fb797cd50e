"""Shapes of alerts in the API."""

from rest_framework import serializers

from alerts.models import Alert


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """Something a person should look at. `facts` are the figures as they were when last evaluated; `is_answered`: a
    proposal that waits for approval would end it in time."""

    sku_code = serializers.CharField(source="sku.code", default=None, read_only=True)
    sku_name = serializers.CharField(source="sku.name", default=None, read_only=True)
    location_code = serializers.CharField(source="location.code", default=None, read_only=True)

    class Meta:
        model = Alert
        fields = (
            "id",
            "kind",
            "severity",
            "state",
            "is_answered",
            "sku",
            "sku_code",
            "sku_name",
            "location",
            "location_code",
            "subject",
            "facts",
            "value_at_risk",
            "opened_at",
            "updated_at",
            "acknowledged_at",
            "acknowledged_by",
            "snoozed_until",
            "closed_at",
        )
        read_only_fields = fields


class SnoozeSerializer(serializers.Serializer[None]):
    """Until when an alert is to be hidden."""

    until = serializers.DateTimeField()
