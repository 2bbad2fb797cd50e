"""Prices as dated rows; those of today begin the history."""

import django.db.models.deletion
from django.db import migrations, models

BEGIN = """
INSERT INTO suppliers_supplierprice (terms_id, price, currency, since)
SELECT terms.id, terms.price, supplier.currency, now()
  FROM suppliers_supplierterms terms JOIN suppliers_supplier supplier ON supplier.id = terms.supplier_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupplierPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("price", models.DecimalField(decimal_places=4, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("since", models.DateTimeField()),
                (
                    "terms",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="suppliers.supplierterms",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["terms", "-since", "-id"], name="suppliers_price_history")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="suppliers_price_not_negative")
                ],
            },
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
