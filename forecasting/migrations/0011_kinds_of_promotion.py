"""A choice says which kinds of promotion its model tells apart, and what each counts for; older ones tell none."""

import django.contrib.postgres.fields
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0010_no_doubled_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="choicerun",
            name="promotion_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=150), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="choicerun",
            name="kind_weights",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=inventory.fields.RealField(), db_default=[], default=list, size=None
            ),
        ),
    ]
