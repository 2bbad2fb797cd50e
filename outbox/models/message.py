"""Messages to the outside, written in the transaction of what they tell about and sent afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")


class MessageState(models.TextChoices):
    DUE = "due", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class Message(models.Model):
    """One thing to tell one receiver. `event_id` is the same over all tries, so that the receiver can drop repeats.

    An e-mail with `after_event_id` takes back or changes what the one of that event says, and waits for it.

    `payload` of an e-mail: subject, text, html (optional), attachments (list of name, type, base64).
    Of a webhook: the JSON body.
    """

    event_id = models.UUIDField()
    after_event_id = models.UUIDField(null=True, blank=True)
    event_type = models.CharField(max_length=60)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    # An e-mail address, or the id of a WebhookEndpoint.
    target = models.CharField(max_length=320)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "channel", "target"], name="outbox_message_once"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="outbox_message_state_known"),
        ]
        indexes = [
            # Serves the sender's claim; sent rows stay out of it.
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=["due", "sending"]), name="outbox_message_claim"
            ),
            # Serves the claim for one receiver and its delivery log.
            models.Index(fields=["channel", "target", "-created_at"], name="outbox_message_target"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} to {self.target}"


class DeliveryAttempt(models.Model):
    """One try to send a message, for the delivery log that people can read."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    is_success = models.BooleanField()
    detail = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.message_id} at {self.at:%Y-%m-%d %H:%M:%S}"
