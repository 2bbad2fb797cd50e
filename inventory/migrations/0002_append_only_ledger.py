"""The ledger refuses to be changed, whoever asks; the counterparts of every firm and the usual reasons exist from the start."""

from typing import Any

from django.db import migrations, models
from django.db.models.deletion import PROTECT

LEDGER_TABLES = ("inventory_movement", "inventory_posting")

CREATE_FUNCTION = """
CREATE FUNCTION inventory_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % on % is refused. Correct a posting by reversing it.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
CREATE_TRIGGERS = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_refuse_change()
"""
DROP_TRIGGERS = "DROP TRIGGER {table}_no_change ON {table}; DROP TRIGGER {table}_no_truncate ON {table}"

VIRTUAL_LOCATIONS = (
    ("SUPPLIERS", "Suppliers", "supplier"),
    ("CUSTOMERS", "Customers", "customer"),
    ("LOSS", "Loss", "loss"),
    ("PRODUCTION", "Production", "production"),
    ("IN-TRANSIT", "In transit", "in_transit"),
)
REASONS = (
    ("damage", "Damaged"),
    ("theft", "Stolen"),
    ("found", "Found"),
    ("expired", "Expired"),
    ("sample", "Sample or own use"),
    ("other", "Other"),
)


def add_base_data(apps: Any, schema_editor: Any) -> None:
    location, reason = apps.get_model("inventory", "Location"), apps.get_model("inventory", "Reason")
    location.objects.bulk_create(
        [location(code=code, name=name, kind=kind) for code, name, kind in VIRTUAL_LOCATIONS], ignore_conflicts=True
    )
    reason.objects.bulk_create([reason(code=code, name=name) for code, name in REASONS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION inventory_refuse_change()"),
        *(
            migrations.RunSQL(CREATE_TRIGGERS.format(table=table), DROP_TRIGGERS.format(table=table))
            for table in LEDGER_TABLES
        ),
        # Going back leaves the rows: movements may point at them, and coming forward again finds them.
        migrations.RunPython(add_base_data, migrations.RunPython.noop),
        # (posting, line) is unique, so a second index on posting alone would only slow every posting down.
        migrations.AlterField(
            model_name="movement",
            name="posting",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="movements", to="inventory.posting"
            ),
        ),
    ]
