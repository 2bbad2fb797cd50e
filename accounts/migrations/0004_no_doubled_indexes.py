"""Foreign keys by whose column a wider index begins need none of their own, which every row written had to keep."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.index_operations import DropForeignKeyIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0003_password_links"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="idempotencyrecord",
            name="principal",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
