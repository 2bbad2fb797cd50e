"""Limits of approval, who stands in for whom, and what other currencies are worth."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0016_find_expired_lots"),
        ("orders", "0006_supplier_links"),
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("staff", "Store staff"),
                            ("manager", "Manager"),
                            ("purchaser", "Purchaser"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("alone_up_to", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("release_up_to", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="BuyingSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("window_days", models.PositiveSmallIntegerField(default=7)),
                ("proposal_days", models.PositiveSmallIntegerField(default=14)),
                ("approval_days", models.PositiveSmallIntegerField(default=7)),
            ],
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("valid_from", models.DateField()),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
            ],
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="approved_for",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="counted_total",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="decision_note",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="home_total",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="needs_second",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                condition=models.Q(("created_by__isnull", False)),
                fields=["created_by", "supplier", "submitted_at"],
                name="orders_purchase_order_maker",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_second", False),
                    ("state__in", ("draft", "awaiting_approval", "cancelled")),
                    models.Q(
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("created_by")), _negated=True),
                        models.Q(("approved_by", models.F("changed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="orders_purchase_order_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvallimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("alone_up_to__isnull", True), ("alone_up_to__gte", 0), _connector="OR"),
                    models.Q(("release_up_to__isnull", True), ("release_up_to__gte", 0), _connector="OR"),
                ),
                name="orders_approval_limit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="buyingsettings",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="orders_buying_settings_once"),
        ),
        migrations.AddConstraint(
            model_name="buyingsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("window_days__gte", 1), ("proposal_days__gte", 1), ("approval_days__gte", 1)),
                name="orders_buying_settings_days_positive",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="taker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.UniqueConstraint(fields=("currency", "valid_from"), name="orders_exchange_rate_once"),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate__gt", 0)), name="orders_exchange_rate_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="orders_delegation_days_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("taker")), _negated=True), name="orders_delegation_of_two_people"
            ),
        ),
    ]
