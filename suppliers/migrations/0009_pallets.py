"""What a pallet holds, and how much of one may be missing for an order to be rounded up to it; so far none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0008_most_of_an_order")]

    operations = [
        migrations.AddField(
            model_name="supplierterms",
            name="pallet_size",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="supplierterms",
            name="pallet_percent",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="supplierterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pallet_percent", 0),
                    models.Q(("pallet_percent__lte", 99), ("pallet_size__gt", 0), ("pallet_size__isnull", False)),
                    _connector="OR",
                ),
                name="suppliers_terms_pallet_known",
            ),
        ),
    ]
