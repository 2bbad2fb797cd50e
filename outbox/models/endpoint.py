"""Where webhooks go."""

from django.conf import settings
from django.db import models


class WebhookEndpoint(models.Model):
    """An address of another program, and the secret that signs what is sent to it (Standard Webhooks)."""

    url = models.URLField(max_length=500)
    description = models.CharField(max_length=200, blank=True, default="")
    # Kept readable because it signs each message; shown to people once only.
    secret = models.CharField(max_length=100)
    # Signs too until the given moment, so that a receiver can change keys without losing a message.
    previous_secret = models.CharField(max_length=100, blank=True, default="")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    # Empty: all types.
    event_types = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    # Set when deliveries keep failing, so that a dead address does not cost for ever; a person switches it on again.
    disabled_at = models.DateTimeField(null=True, blank=True)
    # Failures in a row, since when, and until when nothing is tried: one dead address must not hold up the others.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.url
