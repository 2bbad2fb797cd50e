"""Links with which a person sets a password of their own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class PasswordLink(models.Model):
    """Good once, until it expires or is taken back. Only the SHA-256 of the token is stored, see
    `accounts.link_tokens`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # Empty when the person asked for it themselves.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="accounts_password_link_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="accounts_password_link_used_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"password link {self.pk} of {self.user_id}"
