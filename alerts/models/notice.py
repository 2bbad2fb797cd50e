"""Who is to hear of an alert by e-mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from alerts.models.alert import Alert


class AlertNotice(models.Model):
    """One person hears of one alert once. Notices wait for the person's next digest."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="notices", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="alerts_notice_once")]
        indexes = [
            models.Index(fields=["user"], condition=Q(mailed_at=None), name="alerts_notice_waiting"),
            # Serves "when did this person last get a digest".
            models.Index(fields=["user", "-mailed_at"], name="alerts_notice_last"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} for {self.user_id}"
