"""Foreign keys by whose column a wider index begins need none of their own, which every row written had to keep."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.index_operations import DropForeignKeyIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("jobs", "0002_backoff"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="jobshard",
            name="run",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="shards", to="jobs.jobrun"
            ),
        ),
    ]
