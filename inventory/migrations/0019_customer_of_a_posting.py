"""A posting says who bought, beside its note, so that a recall finds them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_country_of_a_place"),
    ]

    operations = [
        # The default is kept in the catalogue of the database: no row is written.
        migrations.AddField(
            model_name="posting",
            name="customer",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
    ]
