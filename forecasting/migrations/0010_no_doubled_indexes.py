"""Foreign keys by whose column a wider index begins need none of their own, which every row written had to keep."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.index_operations import DropForeignKeyIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("forecasting", "0009_calendar"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="occasioneffect",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="occasions",
                to="forecasting.choicerun",
            ),
        ),
        DropForeignKeyIndex(
            model_name="promotioncategory",
            name="promotion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="categories",
                to="forecasting.promotion",
            ),
        ),
        DropForeignKeyIndex(
            model_name="promotionsku",
            name="promotion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="skus",
                to="forecasting.promotion",
            ),
        ),
    ]
