from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField(
            "webhookendpoint", "previous_secret", models.CharField(blank=True, default="", max_length=100)
        ),
        migrations.AddField("webhookendpoint", "previous_secret_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("webhookendpoint", "failures", models.PositiveIntegerField(default=0)),
        migrations.AddField("webhookendpoint", "failing_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("webhookendpoint", "paused_until", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("webhookendpoint", "event_types", models.JSONField(blank=True, default=list)),
        migrations.AddIndex(
            "message", models.Index(fields=["channel", "target", "-created_at"], name="outbox_message_target")
        ),
    ]
