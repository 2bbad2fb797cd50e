"""What customers paid, by SKU and day. The first night after it writes them from the first day of the ledger on."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0025_listing_begins_in_the_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="closedday",
            name="priced_through",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="PriceBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                (
                    "price",
                    django.contrib.postgres.fields.ArrayField(base_field=inventory.fields.RealField(), size=None),
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("starts_on", "sku"), name="inventory_price_block_once"),
                    models.CheckConstraint(condition=models.Q(("price__len", 128)), name="inventory_price_block_whole"),
                ],
            },
        ),
    ]
