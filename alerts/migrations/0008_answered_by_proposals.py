"""Alerts know whether a proposal that waits for approval answers them. A constant default rewrites no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0007_no_doubled_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="is_answered",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="alert",
            name="told",
            field=models.CharField(
                choices=[
                    ("nothing", "Nothing"),
                    ("open", "Opened"),
                    ("closed", "Closed"),
                    ("answered", "Answered by a proposal"),
                ],
                default="nothing",
                max_length=8,
            ),
        ),
    ]
