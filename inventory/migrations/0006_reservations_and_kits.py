"""Stock may be held for somebody, SKUs may be sold together as a kit, and production uses up and makes stock."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_packs_styles_substitutes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KitPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
            ],
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("issued", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Reserved"),
                            ("issued", "Handed over"),
                            ("released", "Released"),
                            ("expired", "Expired"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=120)),
                ("key", models.CharField(blank=True, max_length=200, null=True)),
                ("line", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReservationEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reserved", "Reserved"),
                            ("issued", "Handed over"),
                            ("released", "Released"),
                            ("expired", "Expired"),
                            ("moved", "Moved"),
                        ],
                        max_length=8,
                    ),
                ),
                ("change", models.DecimalField(decimal_places=3, max_digits=14)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="movement",
            name="inventory_movement_kind_known",
        ),
        migrations.AddField(
            model_name="sku",
            name="is_kit",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="movement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("receipt", "Receipt"),
                    ("sale", "Sale"),
                    ("return", "Return"),
                    ("transfer", "Transfer"),
                    ("adjustment", "Adjustment"),
                    ("count", "Count"),
                    ("reversal", "Reversal"),
                    ("consumption", "Used in production"),
                    ("output", "Made"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("receipt", "Receipt"),
                    ("sale", "Sale"),
                    ("return", "Return"),
                    ("transfer", "Transfer"),
                    ("adjustment", "Adjustment"),
                    ("count", "Count"),
                    ("reversal", "Reversal"),
                    ("consumption", "Used in production"),
                    ("output", "Made"),
                ],
                max_length=12,
            ),
        ),
        # The next migration compares the rows that are there, without stopping those who write.
        AddConstraintNotValid(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "opening",
                            "receipt",
                            "sale",
                            "return",
                            "transfer",
                            "adjustment",
                            "count",
                            "reversal",
                            "consumption",
                            "output",
                        ],
                    )
                ),
                name="inventory_movement_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="kitpart",
            name="kit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kit_parts",
                to="inventory.sku",
            ),
        ),
        migrations.AddField(
            model_name="kitpart",
            name="part",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="in_kits", to="inventory.sku"
            ),
        ),
        migrations.AddField(
            model_name="reservation",
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
            model_name="reservation",
            name="kit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.sku",
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reservations", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="reservation",
            name="sku",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reservations",
                to="inventory.sku",
            ),
        ),
        migrations.AddField(
            model_name="reservationevent",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="reservationevent",
            name="posting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.posting",
            ),
        ),
        migrations.AddField(
            model_name="reservationevent",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reservationevent",
            name="reservation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="inventory.reservation"
            ),
        ),
        migrations.AddField(
            model_name="reservationevent",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.sku"
            ),
        ),
        migrations.AddConstraint(
            model_name="kitpart",
            constraint=models.UniqueConstraint(fields=("kit", "part"), name="inventory_kit_part_once"),
        ),
        migrations.AddConstraint(
            model_name="kitpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="inventory_kit_part_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="kitpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("kit", models.F("part")), _negated=True), name="inventory_kit_part_is_another"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["sku", "location"], name="inventory_reservation_open"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["expires_at"], name="inventory_reservation_due"
            ),
        ),
        migrations.AddIndex(
            model_name="reservation",
            index=models.Index(fields=["reference"], name="inventory_reservation_for"),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.UniqueConstraint(fields=("key", "line"), name="inventory_reservation_line_once"),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="inventory_reservation_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("issued__gte", 0), ("issued__lte", models.F("quantity"))),
                name="inventory_reservation_issued_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "issued", "released", "expired"])),
                name="inventory_reservation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issued", models.F("quantity")), ("state", "issued")),
                    models.Q(models.Q(("state", "issued"), _negated=True), ("issued__lt", models.F("quantity"))),
                    _connector="OR",
                ),
                name="inventory_reservation_issued_means_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("state", "pending")),
                    models.Q(models.Q(("state", "pending"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="inventory_reservation_closed_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "expired"), _negated=True), ("expires_at__isnull", False), _connector="OR"
                ),
                name="inventory_reservation_expires_by_a_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="reservationevent",
            index=models.Index(fields=["location", "sku", "at"], name="inventory_reserved_series"),
        ),
        migrations.AddConstraint(
            model_name="reservationevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("change", 0), _negated=True), name="inventory_reservation_event_changes"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservationevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["reserved", "issued", "released", "expired", "moved"])),
                name="inventory_reservation_event_known",
            ),
        ),
    ]
