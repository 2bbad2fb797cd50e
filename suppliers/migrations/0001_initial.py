import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inventory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("language", models.CharField(default="en", max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("promised_lead_time_days", models.PositiveSmallIntegerField(default=7)),
                ("minimum_order_value", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minimum_order_value__gte", 0)), name="suppliers_minimum_order_not_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ObservedLeadTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordered_on", models.DateField()),
                ("expected_on", models.DateField()),
                ("received_on", models.DateField()),
                ("source_key", models.CharField(max_length=80, unique=True)),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.sku",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observed_lead_times",
                        to="suppliers.supplier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["supplier", "sku", "received_on"], name="suppliers_lead_time_series")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("received_on__gte", models.F("ordered_on"))),
                        name="suppliers_received_after_ordered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supplier_code", models.CharField(blank=True, default="", max_length=60)),
                ("price", models.DecimalField(decimal_places=4, max_digits=14)),
                ("pack_size", models.DecimalField(decimal_places=3, default=1, max_digits=14)),
                ("minimum_quantity", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ("promised_lead_time_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("priority", models.PositiveSmallIntegerField(default=1)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="inventory.sku"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="suppliers.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "supplier terms",
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "sku"), name="suppliers_terms_once"),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)), name="suppliers_terms_price_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pack_size__gt", 0)), name="suppliers_terms_pack_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_quantity__gte", 0)), name="suppliers_terms_minimum_not_negative"
                    ),
                ],
            },
        ),
    ]
