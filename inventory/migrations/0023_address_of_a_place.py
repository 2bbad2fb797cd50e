"""A place may say where it is and who takes deliveries in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0022_size_of_a_sku"),
    ]

    operations = [
        migrations.AddField(
            model_name="location",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AddField(
            model_name="location",
            name="contact",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
    ]
