"""Operations of migrations on indexes, safe while the shop sells."""

from typing import Any

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AlterField
from django.db.migrations.state import ProjectState


class DropForeignKeyIndex(NotInTransactionMixin, AlterField):
    """Drops the index that Django made of a foreign key, where a wider one begins with the same column; `field` is the
    new one, with `db_index=False`. `AlterField` itself would wait with a lock on the whole table.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        self._drop(app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        # What a broken attempt left would be taken for the index.
        table, column, name = self._drop(app_label, schema_editor, to_state)
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {name} ON {table} ({column})")

    def _drop(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> tuple[str, str, str]:
        """Table, column and name of the index, quoted."""
        model = state.apps.get_model(app_label, self.model_name)
        table, column = model._meta.db_table, model._meta.get_field(self.name).column
        editor: Any = schema_editor
        quoted = [editor.quote_name(part) for part in (table, column, editor._create_index_name(table, [column]))]
        editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted[2]}")
        return quoted[0], quoted[1], quoted[2]
