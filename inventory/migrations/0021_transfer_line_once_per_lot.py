"""A SKU stands on a transfer once for each lot, and once without. The index is built while others ship and receive."""

from django.db import migrations, models

NAME = "inventory_transfer_line_once_per_lot"
OLD = "inventory_transfer_line_once"
BUILD = f"""
CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON inventory_transferline (transfer_id, sku_id, lot_id) NULLS NOT DISTINCT
"""
BUILD_OLD = f"CREATE UNIQUE INDEX CONCURRENTLY {OLD} ON inventory_transferline (transfer_id, sku_id)"


def _switch(new: str, old: str) -> str:
    return f"""
    ALTER TABLE inventory_transferline ADD CONSTRAINT {new} UNIQUE USING INDEX {new}, DROP CONSTRAINT {old}
    """


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("inventory", "0020_lots_on_transfer_lines"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE inventory_transferline VALIDATE CONSTRAINT inventory_transferline_lot_of_sku",
            migrations.RunSQL.noop,
        ),
        # Undone in the opposite order, each step has the index that it needs.
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
        migrations.RunSQL(BUILD, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_switch(NAME, OLD), _switch(OLD, NAME))],
            state_operations=[
                migrations.RemoveConstraint(model_name="transferline", name=OLD),
                migrations.AddConstraint(
                    model_name="transferline",
                    constraint=models.UniqueConstraint(
                        fields=["transfer", "sku", "lot"], nulls_distinct=False, name=NAME
                    ),
                ),
            ],
        ),
        migrations.RunSQL(migrations.RunSQL.noop, BUILD_OLD),
    ]
