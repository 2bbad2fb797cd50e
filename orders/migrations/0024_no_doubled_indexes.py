"""Foreign keys by whose column a wider index begins need none of their own, which every row written had to keep."""

import django.db.models.deletion
from django.db import migrations, models

from accounts.index_operations import DropForeignKeyIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("inventory", "0024_no_doubled_indexes"),
        ("orders", "0023_where_an_order_goes"),
    ]

    operations = [
        DropForeignKeyIndex(
            model_name="orderrevision",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="revisions",
                to="orders.purchaseorder",
            ),
        ),
        DropForeignKeyIndex(
            model_name="policyrule",
            name="sku",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="inventory.sku",
            ),
        ),
        DropForeignKeyIndex(
            model_name="purchaseorderline",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="orders.purchaseorder",
            ),
        ),
        DropForeignKeyIndex(
            model_name="receiptline",
            name="receipt",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="orders.receipt"
            ),
        ),
        DropForeignKeyIndex(
            model_name="supplierreturnline",
            name="supplier_return",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="orders.supplierreturn",
            ),
        ),
        DropForeignKeyIndex(
            model_name="supplyoffer",
            name="request",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="offers",
                to="orders.supplyrequest",
            ),
        ),
        DropForeignKeyIndex(
            model_name="supplyrequest",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.location"
            ),
        ),
    ]
