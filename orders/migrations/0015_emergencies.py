"""Express orders, and what to do about shelves that will be empty before the ordinary delivery comes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_country_of_a_place"),
        ("orders", "0014_defaults_of_orders"),
        ("suppliers", "0004_shares_and_express"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="purchaseorder",
            name="is_express",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="EmergencySettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transfer_cost", models.DecimalField(decimal_places=2, default=5, max_digits=10)),
                ("least_saving", models.DecimalField(decimal_places=2, default=5, max_digits=10)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="orders_emergency_settings_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("transfer_cost__gte", 0), ("least_saving__gte", 0)),
                        name="orders_emergency_settings_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for a decision"),
                            ("approved", "Decided"),
                            ("waited", "Waits for the ordinary delivery"),
                            ("withdrawn", "No longer needed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("runs_out_on", models.DateField()),
                ("relief_on", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("express", "Buy by express"),
                            ("transfer", "Move from another place"),
                            ("wait", "Wait for the ordinary delivery"),
                        ],
                        max_length=10,
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("expected_on", models.DateField()),
                ("stockout_cost", models.DecimalField(decimal_places=2, max_digits=14)),
                ("saving", models.DecimalField(decimal_places=2, max_digits=14)),
                ("ways", models.JSONField()),
                ("reason", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("chosen", models.JSONField(blank=True, null=True)),
                ("quiet_until", models.DateField(blank=True, null=True)),
                ("key", models.CharField(blank=True, max_length=120, null=True, unique=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "purchase_order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.purchaseorder",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.sku",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "emergencies",
                "indexes": [
                    models.Index(
                        condition=models.Q(("quiet_until__isnull", False)),
                        fields=["location", "sku"],
                        name="orders_emergency_quiet",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("location", "sku"),
                        name="orders_emergency_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="orders_emergency_quantity_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "approved", "waited", "withdrawn"])),
                        name="orders_emergency_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "express"), ("source__isnull", True), ("supplier__isnull", False)),
                            models.Q(("kind", "transfer"), ("source__isnull", False), ("supplier__isnull", True)),
                            _connector="OR",
                        ),
                        name="orders_emergency_one_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("purchase_order__isnull", False),
                            ("transfer__isnull", False),
                            _connector="OR",
                        ),
                        name="orders_emergency_approved_has_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waited"), _negated=True),
                            ("quiet_until__isnull", False),
                            _connector="OR",
                        ),
                        name="orders_emergency_waited_has_day",
                    ),
                ],
            },
        ),
    ]
