"""Requests that go to all suppliers of a SKU at once; a link opens one of them, or an order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0017_walk_by_place"),
        ("orders", "0012_tolerances_and_returns"),
        ("suppliers", "0002_price_history"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupplyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("wanted_by", models.DateField()),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("taken", "Taken"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="supplierlink",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="supplier_links",
                to="orders.purchaseorder",
            ),
        ),
        migrations.CreateModel(
            name="SupplyOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=14)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("declined", "Cannot"), ("confirmed", "Confirmed")],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="suppliers.supplier"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="supplierlink",
            name="offer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="orders.supplyoffer",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("offer__isnull", True), ("order__isnull", False)),
                    models.Q(("offer__isnull", False), ("order__isnull", True)),
                    _connector="OR",
                ),
                name="orders_supplier_link_opens_one",
            ),
        ),
        migrations.AddField(
            model_name="supplyrequest",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="supplyrequest",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="supplyrequest",
            name="purchase_order",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="supplyrequest",
            name="sku",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.sku"),
        ),
        migrations.AddField(
            model_name="supplyoffer",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="orders.supplyrequest"
            ),
        ),
        migrations.AddIndex(
            model_name="supplyrequest",
            index=models.Index(fields=["location", "-created_at"], name="orders_supply_request_list"),
        ),
        migrations.AddConstraint(
            model_name="supplyrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("sku", "location"), name="orders_supply_request_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orders_supply_request_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "taken", "withdrawn"])),
                name="orders_supply_request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purchase_order__isnull", False), ("state", "taken")),
                    models.Q(models.Q(("state", "taken"), _negated=True), ("purchase_order__isnull", True)),
                    _connector="OR",
                ),
                name="orders_supply_request_taken_has_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyoffer",
            constraint=models.UniqueConstraint(fields=("request", "supplier"), name="orders_supply_offer_once"),
        ),
        migrations.AddConstraint(
            model_name="supplyoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "confirmed")), fields=("request",), name="orders_supply_offer_one_winner"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orders_supply_offer_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplyoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "declined", "confirmed"])),
                name="orders_supply_offer_state_known",
            ),
        ),
    ]
