"""One more answer to "why nothing": it waits for the next truck."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0009_calendar"),
        ("inventory", "0022_size_of_a_sku"),
        ("orders", "0017_shared_outlook"),
        ("suppliers", "0006_truck_of_a_supplier"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reorderlevel",
            name="orders_reorder_level_outcome_known",
        ),
        migrations.AlterField(
            model_name="reorderlevel",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("enough", "There is enough"),
                    ("no_demand", "No demand is expected"),
                    ("no_forecast", "Not enough history for a forecast"),
                    ("no_source", "Nobody supplies it"),
                    ("stopped", "Replenishment is stopped by a rule"),
                    ("snoozed", "Rejected for some days"),
                    ("ending", "It is no longer bought"),
                    ("no_room", "Not even a pack has room"),
                    ("delayed", "It waits for the next truck"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="reorderlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "proposed",
                            "enough",
                            "no_demand",
                            "no_forecast",
                            "no_source",
                            "stopped",
                            "snoozed",
                            "ending",
                            "no_room",
                            "delayed",
                        ],
                    )
                ),
                name="orders_reorder_level_outcome_known",
            ),
        ),
    ]
