"""The first day whose orders a late one was among; so far the day on which it was written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0006_truck_of_a_supplier"),
    ]

    operations = [
        migrations.AddField(
            model_name="observedleadtime",
            name="taken_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
