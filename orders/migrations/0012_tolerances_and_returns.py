"""How far deliveries may be off, and what goes back to suppliers."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0017_walk_by_place"),
        ("orders", "0011_replays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupplierReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("key", models.CharField(max_length=120, unique=True)),
                ("reason", models.CharField(max_length=300)),
                ("returned_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SupplierReturnLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="purchaseorderline",
            name="orders_line_received_within_ordered",
        ),
        migrations.AddField(
            model_name="buyingsettings",
            name="over_receipt_percent",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=5),
        ),
        migrations.AddField(
            model_name="buyingsettings",
            name="under_receipt_percent",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=5),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="over_allowed",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="returned",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddConstraint(
            model_name="buyingsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("over_receipt_percent__gte", 0),
                    ("over_receipt_percent__lte", 100),
                    ("under_receipt_percent__gte", 0),
                    ("under_receipt_percent__lte", 100),
                ),
                name="orders_buying_settings_percent_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received__gte", 0),
                    (
                        "received__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "+", models.F("over_allowed")
                        ),
                    ),
                ),
                name="orders_line_received_within_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("over_allowed__gte", 0), ("over_allowed__lte", models.F("quantity"))),
                name="orders_line_over_allowed_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned__gte", 0), ("returned__lte", models.F("received"))),
                name="orders_line_returned_within_received",
            ),
        ),
        migrations.AddField(
            model_name="supplierreturn",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="orders.purchaseorder"
            ),
        ),
        migrations.AddField(
            model_name="supplierreturn",
            name="posting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.posting"
            ),
        ),
        migrations.AddField(
            model_name="supplierreturn",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="supplierreturnline",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="return_lines", to="orders.purchaseorderline"
            ),
        ),
        migrations.AddField(
            model_name="supplierreturnline",
            name="supplier_return",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.supplierreturn"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierreturnline",
            constraint=models.UniqueConstraint(
                fields=("supplier_return", "order_line"), name="orders_return_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orders_return_line_positive"
            ),
        ),
    ]
