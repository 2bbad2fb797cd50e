"""Rules that approve proposals in the name of their author, with a cap a day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_country_of_a_place"),
        ("orders", "0015_emergencies"),
        ("suppliers", "0003_price_breaks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="buyingsettings",
            name="is_auto_approval_stopped",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="AutoApprovalRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "value_class",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A: most of the money"), ("B", "B: the middle"), ("C", "C: little money")],
                        default="",
                        max_length=1,
                    ),
                ),
                (
                    "steadiness",
                    models.CharField(
                        blank=True,
                        choices=[("X", "X: steady"), ("Y", "Y: wavering"), ("Z", "Z: erratic")],
                        default="",
                        max_length=1,
                    ),
                ),
                ("order_up_to", models.DecimalField(decimal_places=2, max_digits=14)),
                ("within_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("daily_cap", models.DecimalField(decimal_places=2, max_digits=14)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.category",
                    ),
                ),
                (
                    "location",
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
            ],
        ),
        migrations.CreateModel(
            name="AutoApprovalDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("spent", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("cap", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="orders.autoapprovalrule",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="approval_rule",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.autoapprovalrule",
            ),
        ),
        migrations.AddIndex(
            model_name="purchaseorder",
            index=models.Index(
                condition=models.Q(("approval_rule__isnull", False)),
                fields=["approval_rule", "-id"],
                name="orders_purchase_order_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approval_rule__isnull", True),
                    models.Q(("created_by__isnull", False), ("needs_second", False)),
                    _connector="OR",
                ),
                name="orders_purchase_order_rule_is_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("name",), name="orders_auto_rule_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("daily_cap__gt", 0), ("order_up_to__gt", 0), models.Q(("name", ""), _negated=True)),
                name="orders_auto_rule_amounts_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("within_percent__isnull", True),
                    models.Q(("within_percent__gte", 0), ("within_percent__lte", 500)),
                    _connector="OR",
                ),
                name="orders_auto_rule_percent_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("steadiness__in", ["", "X", "Y", "Z"]), ("value_class__in", ["", "A", "B", "C"])),
                name="orders_auto_rule_classes_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_active", False), ("ended_at__isnull", True), _connector="OR"),
                name="orders_auto_rule_ended_is_off",
            ),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalday",
            constraint=models.UniqueConstraint(fields=("rule", "day"), name="orders_auto_day_once"),
        ),
        migrations.AddConstraint(
            model_name="autoapprovalday",
            constraint=models.CheckConstraint(
                condition=models.Q(("spent__gte", 0), ("spent__lte", models.F("cap"))),
                name="orders_auto_day_within_cap",
            ),
        ),
    ]
