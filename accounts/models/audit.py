"""Who did what, when."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One act of a person or job on one object. Rows are only ever added."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    class Meta:
        # Serves the history on an object's page.
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="accounts_audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
