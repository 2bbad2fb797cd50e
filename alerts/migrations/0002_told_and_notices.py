import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "alert",
            "turned_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            "alert",
            "told",
            models.CharField(
                choices=[("nothing", "Nothing"), ("open", "Opened"), ("closed", "Closed")],
                default="nothing",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            "alert", models.Index(fields=["location"], condition=Q(told="open"), name="alerts_alert_told_open")
        ),
        migrations.AddIndex(
            "alert", models.Index(fields=["location", "kind", "-closed_at"], name="alerts_alert_closed")
        ),
        migrations.CreateModel(
            name="AlertNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="alerts.alert"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["alert", "user"], name="alerts_notice_once")],
                "indexes": [
                    models.Index(fields=["user"], condition=Q(mailed_at=None), name="alerts_notice_waiting"),
                    models.Index(fields=["user", "-mailed_at"], name="alerts_notice_last"),
                ],
            },
        ),
    ]
