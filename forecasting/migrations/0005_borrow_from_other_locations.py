"""A SKU that is new at one location borrows from the others that sell it."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0004_check_series_states"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="seriesforecast",
            name="forecasting_series_state_known",
        ),
        migrations.AlterField(
            model_name="seriesforecast",
            name="state",
            field=models.SmallIntegerField(
                choices=[
                    (0, "Forecast"),
                    (1, "Borrowed from its category"),
                    (2, "Not enough data"),
                    (3, "Borrowed from its style"),
                    (4, "Borrowed from its predecessor"),
                    (5, "Borrowed from its other locations"),
                ]
            ),
        ),
        AddConstraintNotValid(
            model_name="seriesforecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [0, 1, 2, 3, 4, 5])), name="forecasting_series_state_known"
            ),
        ),
    ]
