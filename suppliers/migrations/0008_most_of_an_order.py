"""The most that a supplier delivers in a line and in an order; so far as much as is asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suppliers", "0007_taken_after_the_cut_off")]

    operations = [
        migrations.AddField(
            model_name="supplier",
            name="maximum_order_value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="supplierterms",
            name="maximum_quantity",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("maximum_order_value__isnull", True),
                    models.Q(
                        ("maximum_order_value__gt", 0),
                        ("maximum_order_value__gte", models.F("minimum_order_value")),
                    ),
                    _connector="OR",
                ),
                name="suppliers_maximum_order_above_minimum",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("maximum_quantity__isnull", True),
                    models.Q(
                        ("maximum_quantity__gte", models.F("minimum_quantity")),
                        ("maximum_quantity__gte", models.F("pack_size")),
                    ),
                    _connector="OR",
                ),
                name="suppliers_terms_maximum_above_least",
            ),
        ),
    ]
