"""Lots: what came together, where it stands, and what of it may not be sold. Old rows are checked by the next migration."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# A lot level or a movement cannot name a lot of another SKU, and the copy of `is_lot_tracked` cannot differ.
REFER = """
ALTER TABLE inventory_lotlevel
    ADD CONSTRAINT inventory_lotlevel_lot_of_sku FOREIGN KEY (lot_id, sku_id) REFERENCES inventory_lot (id, sku_id),
    ADD CONSTRAINT inventory_lotlevel_of_level FOREIGN KEY (sku_id, location_id)
        REFERENCES inventory_stocklevel (sku_id, location_id);
ALTER TABLE inventory_lothold
    ADD CONSTRAINT inventory_lothold_lot_of_sku FOREIGN KEY (lot_id, sku_id) REFERENCES inventory_lot (id, sku_id);
ALTER TABLE inventory_movement
    ADD CONSTRAINT inventory_movement_lot_of_sku FOREIGN KEY (lot_id, sku_id) REFERENCES inventory_lot (id, sku_id)
        NOT VALID;
ALTER TABLE inventory_stocklevel
    ADD CONSTRAINT inventory_level_lot_tracking FOREIGN KEY (sku_id, is_lot_tracked)
        REFERENCES inventory_sku (id, is_lot_tracked) ON UPDATE CASCADE NOT VALID
"""
UNREFER = """
ALTER TABLE inventory_stocklevel DROP CONSTRAINT inventory_level_lot_tracking;
ALTER TABLE inventory_movement DROP CONSTRAINT inventory_movement_lot_of_sku;
ALTER TABLE inventory_lothold DROP CONSTRAINT inventory_lothold_lot_of_sku;
ALTER TABLE inventory_lotlevel
    DROP CONSTRAINT inventory_lotlevel_of_level, DROP CONSTRAINT inventory_lotlevel_lot_of_sku
"""
GUARD = """
CREATE TRIGGER inventory_lothold_no_change BEFORE UPDATE OR DELETE ON inventory_lothold
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_change();
CREATE TRIGGER inventory_lothold_no_truncate BEFORE TRUNCATE ON inventory_lothold
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_refuse_change()
"""
UNGUARD = """
DROP TRIGGER inventory_lothold_no_change ON inventory_lothold;
DROP TRIGGER inventory_lothold_no_truncate ON inventory_lothold
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_find_counted_movements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                ("supplier", models.CharField(blank=True, default="", max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("available", "Available"), ("quarantined", "In quarantine")],
                        default="available",
                        max_length=12,
                    ),
                ),
                ("status_reason", models.CharField(blank=True, default="", max_length=300)),
                ("quarantined_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LotHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change", models.DecimalField(decimal_places=3, max_digits=14)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LotLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_hand", models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ("may_go_negative", models.BooleanField(default=False)),
                ("held_since", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="sku",
            name="is_lot_tracked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="stocklevel",
            name="held",
            field=models.DecimalField(db_default=0, decimal_places=3, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name="stocklevel",
            name="is_lot_tracked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="sku",
            constraint=models.UniqueConstraint(fields=("id", "is_lot_tracked"), name="inventory_sku_lot_tracking"),
        ),
        AddConstraintNotValid(
            model_name="stocklevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__gte", 0), ("may_go_negative", True), _connector="OR"),
                name="inventory_level_held_not_negative",
            ),
        ),
        AddConstraintNotValid(
            model_name="stocklevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__lte", models.F("on_hand")), ("may_go_negative", True), _connector="OR"),
                name="inventory_level_held_within_on_hand",
            ),
        ),
        migrations.AddField(
            model_name="lot",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="inventory.sku"
            ),
        ),
        migrations.AddField(
            model_name="movement",
            name="lot",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="movements",
                to="inventory.lot",
            ),
        ),
        migrations.AddField(
            model_name="lothold",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="lothold",
            name="lot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="inventory.lot"
            ),
        ),
        migrations.AddField(
            model_name="lothold",
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
            model_name="lothold",
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
            model_name="lothold",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.sku"
            ),
        ),
        migrations.AddField(
            model_name="lotlevel",
            name="location",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.location"
            ),
        ),
        migrations.AddField(
            model_name="lotlevel",
            name="lot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="levels",
                to="inventory.lot",
            ),
        ),
        migrations.AddField(
            model_name="lotlevel",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.sku"
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["expires_on"], name="inventory_lot_by_expiry"),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                models.F("sku"), django.db.models.functions.text.Upper("code"), name="inventory_lot_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(fields=("id", "sku"), name="inventory_lot_of_sku"),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True), name="inventory_lot_has_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quarantined_at", None), ("status", "available")),
                    models.Q(("quarantined_at__isnull", False), ("status", "quarantined")),
                    _connector="OR",
                ),
                name="inventory_lot_quarantine_has_a_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="lothold",
            index=models.Index(fields=["location", "sku", "at"], name="inventory_held_series"),
        ),
        migrations.AddConstraint(
            model_name="lothold",
            constraint=models.CheckConstraint(
                condition=models.Q(("change", 0), _negated=True), name="inventory_lot_hold_changes"
            ),
        ),
        migrations.AddIndex(
            model_name="lotlevel",
            index=models.Index(fields=["sku", "location"], name="inventory_lot_level_of_pair"),
        ),
        migrations.AddConstraint(
            model_name="lotlevel",
            constraint=models.UniqueConstraint(fields=("lot", "location"), name="inventory_lot_level_one_per_place"),
        ),
        migrations.AddConstraint(
            model_name="lotlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_hand__gte", 0), ("may_go_negative", True), _connector="OR"),
                name="inventory_lot_level_not_negative",
            ),
        ),
        migrations.RunSQL(REFER, UNREFER),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
