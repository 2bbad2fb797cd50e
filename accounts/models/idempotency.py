"""Answers that were given once and must be given again, not done again."""

from django.conf import settings
from django.db import models


class IdempotencyRecord(models.Model):
    """One API call with an `Idempotency-Key`, written in the same transaction as the effect of the call; or one form of
    a page with its key, whose effect its service knows by the same key."""

    principal = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    response_status = models.PositiveSmallIntegerField()
    response_body = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "route", "key"], name="accounts_idempotency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
