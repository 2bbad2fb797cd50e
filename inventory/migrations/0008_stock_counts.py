"""Counts as documents, where SKUs lie, how often they are counted, and what of a transfer did not arrive as sent."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0007_guard_reservations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE inventory_count_number", "DROP SEQUENCE inventory_count_number"),
        migrations.CreateModel(
            name="CountCycle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "count_class",
                    models.CharField(choices=[("A", "A"), ("B", "B"), ("C", "C")], default="C", max_length=1),
                ),
                ("demand_value", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("classed_on", models.DateField(blank=True, null=True)),
                ("last_counted_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CountEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField()),
                ("round", models.PositiveSmallIntegerField()),
                ("quantity", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ("place", models.CharField(blank=True, default="", max_length=41)),
                ("counted_at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("is_late", models.BooleanField(default=False)),
                ("is_clock_doubtful", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="CountPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "limit_units",
                    models.DecimalField(blank=True, decimal_places=3, default=20, max_digits=14, null=True),
                ),
                ("limit_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True)),
                (
                    "limit_money",
                    models.DecimalField(blank=True, decimal_places=2, default=50, max_digits=14, null=True),
                ),
                ("recount_by_other", models.BooleanField(default=True)),
                ("is_blind", models.BooleanField(default=True)),
                ("a_days", models.PositiveIntegerField(default=30)),
                ("b_days", models.PositiveIntegerField(default=90)),
                ("c_days", models.PositiveIntegerField(default=180)),
                ("lines_a_day", models.PositiveIntegerField(default=40)),
            ],
        ),
        migrations.CreateModel(
            name="ShelfPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("aisle", models.CharField(max_length=20)),
                ("position", models.CharField(blank=True, default="", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="StockCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("counting", "Being counted"),
                            ("submitted", "To be approved"),
                            ("posted", "Posted"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "Everything"),
                            ("due", "Due for counting"),
                            ("class", "Class"),
                            ("aisle", "Aisle"),
                            ("category", "Category"),
                            ("search", "Search"),
                            ("list", "Chosen SKUs"),
                        ],
                        max_length=10,
                    ),
                ),
                ("scope_text", models.CharField(blank=True, default="", max_length=120)),
                ("is_blind", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StockCountLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To count"),
                            ("pending", "To be approved"),
                            ("posted", "Posted"),
                            ("dismissed", "Left as it was"),
                            ("superseded", "Counted again since"),
                            ("skipped", "Not counted"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("is_planned", models.BooleanField(default=True)),
                ("counted", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ("expected", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ("variance", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ("unit_cost", models.DecimalField(blank=True, decimal_places=4, max_digits=14, null=True)),
                (
                    "hold",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No reason"),
                            ("limit", "Above the limit"),
                            ("unplanned", "Not on the list of this count"),
                            ("places", "Counted at some of its places only"),
                            ("clock", "The clock of the phone was wrong"),
                            ("short", "Less would be left than is reserved or sold since"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("counted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TransferDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("is_surplus", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("noted_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="transferline",
            name="inventory_transfer_received_within",
        ),
        migrations.AddField(
            model_name="transferline",
            name="missing",
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received__gte", 0),
                    ("missing__gte", 0),
                    (
                        "quantity__gte",
                        django.db.models.expressions.CombinedExpression(models.F("received"), "+", models.F("missing")),
                    ),
                ),
                name="inventory_transfer_received_within",
            ),
        ),
        migrations.AddField(
            model_name="countcycle",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="countcycle",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.sku"
            ),
        ),
        migrations.AddField(
            model_name="countentry",
            name="counted_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="countentry",
            name="voids",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="voided_by",
                to="inventory.countentry",
            ),
        ),
        migrations.AddField(
            model_name="countpolicy",
            name="location",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="count_policy", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="shelfposition",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="shelfposition",
            name="sku",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shelf_positions", to="inventory.sku"
            ),
        ),
        migrations.AddField(
            model_name="stockcount",
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
            model_name="stockcount",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stock_counts", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="stockcount",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="countentry",
            name="stock_count",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="entries",
                to="inventory.stockcount",
            ),
        ),
        migrations.AddField(
            model_name="stockcountline",
            name="counted_by",
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
            model_name="stockcountline",
            name="decided_by",
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
            model_name="stockcountline",
            name="posting",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.posting",
            ),
        ),
        migrations.AddField(
            model_name="stockcountline",
            name="sku",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.sku"),
        ),
        migrations.AddField(
            model_name="stockcountline",
            name="stock_count",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="inventory.stockcount",
            ),
        ),
        migrations.AddField(
            model_name="countentry",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="inventory.stockcountline"
            ),
        ),
        migrations.AddField(
            model_name="transferdifference",
            name="line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="differences",
                to="inventory.transferline",
            ),
        ),
        migrations.AddField(
            model_name="transferdifference",
            name="noted_by",
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
            model_name="transferdifference",
            name="posting",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.posting"
            ),
        ),
        migrations.AddField(
            model_name="transferdifference",
            name="reason",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.reason"
            ),
        ),
        migrations.AddField(
            model_name="transferdifference",
            name="transfer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="differences", to="inventory.transfer"
            ),
        ),
        migrations.AddConstraint(
            model_name="countcycle",
            constraint=models.UniqueConstraint(fields=("location", "sku"), name="inventory_count_cycle_once"),
        ),
        migrations.AddConstraint(
            model_name="countcycle",
            constraint=models.CheckConstraint(
                condition=models.Q(("count_class__in", ["A", "B", "C"])), name="inventory_count_class_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="countpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("limit_units__isnull", True), ("limit_units__gte", 0), _connector="OR"),
                    models.Q(("limit_percent__isnull", True), ("limit_percent__gte", 0), _connector="OR"),
                    models.Q(("limit_money__isnull", True), ("limit_money__gte", 0), _connector="OR"),
                ),
                name="inventory_count_policy_limits",
            ),
        ),
        migrations.AddConstraint(
            model_name="countpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("a_days__gte", 1), ("b_days__gte", 1), ("c_days__gte", 1), ("lines_a_day__gte", 1)),
                name="inventory_count_policy_days",
            ),
        ),
        migrations.AddIndex(
            model_name="shelfposition",
            index=models.Index(fields=["location", "aisle", "position"], name="inventory_shelf_walk"),
        ),
        migrations.AddConstraint(
            model_name="shelfposition",
            constraint=models.UniqueConstraint(
                fields=("location", "sku", "aisle", "position"), name="inventory_shelf_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("aisle", ""), _negated=True), name="inventory_shelf_has_aisle"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "counting", "submitted", "posted", "cancelled"])),
                name="inventory_count_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["submitted", "posted"]), _negated=True),
                    ("submitted_at__isnull", False),
                    _connector="OR",
                ),
                name="inventory_count_was_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.UniqueConstraint(fields=("stock_count", "sku"), name="inventory_count_line_once"),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "pending", "posted", "dismissed", "superseded", "skipped"])),
                name="inventory_count_line_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "skipped"]), ("counted__isnull", False), _connector="OR"),
                name="inventory_count_line_was_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("variance__isnull", True),
                    (
                        "variance",
                        django.db.models.expressions.CombinedExpression(models.F("counted"), "-", models.F("expected")),
                    ),
                    _connector="OR",
                ),
                name="inventory_count_line_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted__gte", 0)), name="inventory_count_line_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockcountline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    ("counted_by__isnull", True),
                    models.Q(("decided_by", models.F("counted_by")), _negated=True),
                    _connector="OR",
                ),
                name="inventory_count_line_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="countentry",
            constraint=models.UniqueConstraint(fields=("stock_count", "uid"), name="inventory_count_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="countentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0)), name="inventory_count_entry_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="countentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quantity__isnull", True), ("voids__isnull", False)),
                    models.Q(("quantity__isnull", False), ("voids__isnull", True)),
                    _connector="OR",
                ),
                name="inventory_count_entry_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferdifference",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="inventory_transfer_difference_positive"
            ),
        ),
    ]
