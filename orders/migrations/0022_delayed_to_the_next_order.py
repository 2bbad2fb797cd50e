"""What waits for the next truck may also wait since its supplier delivers no larger order; only its words change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0021_parts_of_proposals")]

    operations = [
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
                    ("delayed", "It waits for the next order"),
                ],
                max_length=12,
            ),
        ),
    ]
