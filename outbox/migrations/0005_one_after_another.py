"""An e-mail may wait for an earlier one; those there are wait for none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_chat_formats")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="after_event_id",
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
