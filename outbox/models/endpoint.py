"""Where webhooks go."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from outbox.domain.chat.services import without_secrets


class EndpointFormat(models.TextChoices):
    """What is spoken at an address: our own JSON, or the language of a chat service (`outbox.domain.chat.services`)."""

    JSON = "json", _("Another program (JSON)")
    SLACK = "slack", _("Slack")
    TEAMS = "teams", _("Microsoft Teams")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu (Lark)")


class WebhookEndpoint(models.Model):
    """An address of another program or of a chat, and the secret that signs what is sent to it (Standard Webhooks, or
    the way of the chat service)."""

    url = models.URLField(max_length=500)
    format = models.CharField(
        max_length=8, choices=EndpointFormat.choices, default=EndpointFormat.JSON, db_default=EndpointFormat.JSON
    )
    # In which a chat is written to.
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en", db_default="en")
    description = models.CharField(max_length=200, blank=True, default="")
    # Kept readable because it signs each message; shown to people once only. A chat without signature has none.
    secret = models.CharField(max_length=100, blank=True)
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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(format__in=EndpointFormat.values), name="outbox_endpoint_format_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(format="json", secret=""), name="outbox_endpoint_json_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_url

    @property
    def is_chat(self) -> bool:
        return self.format != EndpointFormat.JSON

    @property
    def shown_url(self) -> str:
        """The address as people may read it: that of a chat lets everybody write there who has it."""
        return without_secrets(self.url) if self.is_chat else self.url
