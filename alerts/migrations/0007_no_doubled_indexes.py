"""Foreign keys by whose column a wider index begins need none of their own, which every row written had to keep."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.index_operations import DropForeignKeyIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("alerts", "0006_drifting_forecasts"),
        ("inventory", "0024_no_doubled_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="alert",
            name="location",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alerts",
                to="inventory.location",
            ),
        ),
        DropForeignKeyIndex(
            model_name="alertnotice",
            name="alert",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="alerts.alert"
            ),
        ),
        DropForeignKeyIndex(
            model_name="alertnotice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
