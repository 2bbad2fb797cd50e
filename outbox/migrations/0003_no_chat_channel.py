from django.db import migrations, models


class Migration(migrations.Migration):
    """No message was ever sent to a chat; the column itself stays as it is."""

    dependencies = [("outbox", "0002_endpoint_health")]

    operations = [
        migrations.AlterField(
            "message",
            "channel",
            models.CharField(choices=[("email", "E-mail"), ("webhook", "Webhook")], max_length=8),
        ),
    ]
