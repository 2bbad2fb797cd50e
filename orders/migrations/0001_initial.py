import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("forecasting", "0001_initial"),
        ("inventory", "0001_initial"),
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("approved", "Approved"),
                            ("sent", "Sent"),
                            ("partly_received", "Partly received"),
                            ("received", "Received"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=16,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("total", models.DecimalField(decimal_places=2, max_digits=14)),
                ("ordered_on", models.DateField()),
                ("expected_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("key", models.CharField(blank=True, max_length=120, null=True, unique=True)),
                (
                    "approved_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="inventory.location",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="suppliers.supplier",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("received", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=14)),
                ("is_closed", models.BooleanField(default=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.purchaseorder"
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.sku"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("received_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="orders.purchaseorder"
                    ),
                ),
                (
                    "posting",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.posting",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_lines",
                        to="orders.purchaseorderline",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.receipt"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReorderLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("computed_on", models.DateField()),
                ("protection_interval_days", inventory.fields.RealField()),
                ("mean_daily_demand", inventory.fields.RealField()),
                ("reorder_point", models.DecimalField(decimal_places=3, max_digits=14)),
                ("order_up_to_level", models.DecimalField(decimal_places=3, max_digits=14)),
                ("safety_stock", models.DecimalField(decimal_places=3, max_digits=14)),
                ("reason", models.JSONField(default=dict)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="forecasting.forecastrun",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.sku",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReplenishmentProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("suggested_quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=14)),
                ("expected_on", models.DateField()),
                ("reason", models.JSONField(default=dict)),
                ("value_at_risk", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "No longer needed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.CharField(blank=True, default="", max_length=300)),
                ("snoozed_until", models.DateField(blank=True, null=True)),
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
                        related_name="proposals",
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
                        related_name="proposals",
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
        ),
        migrations.CreateModel(
            name="PolicyRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cycle_service_level", models.DecimalField(decimal_places=3, default="0.950", max_digits=4)),
                ("review_period_days", models.PositiveSmallIntegerField(default=1)),
                ("lot_days", models.PositiveSmallIntegerField(default=7)),
                ("is_stopped", models.BooleanField(default=False)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.category",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inventory.sku",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sku", "category", "location"), name="orders_policy_rule_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cycle_service_level__gte", "0.500"), ("cycle_service_level__lte", "0.999")
                        ),
                        name="orders_policy_service_level_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_period_days__gte", 1)), name="orders_policy_review_positive"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                condition=models.Q(("state__in", ["approved", "sent", "partly_received"])),
                fields=["location", "expected_on"],
                name="orders_purchase_order_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["approved", "sent", "partly_received", "received", "cancelled"])),
                name="orders_purchase_order_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("total__gte", 0)), name="orders_purchase_order_total_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.UniqueConstraint(fields=("order", "sku"), name="orders_line_sku_once"),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orders_line_quantity_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("received__gte", 0), ("received__lte", models.F("quantity"))),
                name="orders_line_received_within_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.UniqueConstraint(fields=("receipt", "order_line"), name="orders_receipt_line_once"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orders_receipt_line_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="reorderlevel",
            constraint=models.UniqueConstraint(fields=("location", "sku"), name="orders_reorder_level_once"),
        ),
        migrations.AddConstraint(
            model_name="reorderlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("order_up_to_level__gte", models.F("reorder_point"))),
                name="orders_reorder_level_ordered",
            ),
        ),
        migrations.AddIndex(
            model_name="replenishmentproposal",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["supplier", "location"], name="orders_proposal_inbox"
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("sku", "location"), name="orders_proposal_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orders_proposal_quantity_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "approved", "rejected", "withdrawn"])),
                name="orders_proposal_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source__isnull", True), ("supplier__isnull", False)),
                    models.Q(("source__isnull", False), ("supplier__isnull", True)),
                    _connector="OR",
                ),
                name="orders_proposal_one_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="replenishmentproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("purchase_order__isnull", False),
                    ("transfer__isnull", False),
                    _connector="OR",
                ),
                name="orders_proposal_approved_has_document",
            ),
        ),
    ]
