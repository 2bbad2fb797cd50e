"""How far the work on a file is, told while its one transaction is still open."""

import logging
import time

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from imports.models import ImportStage

logger = logging.getLogger(__name__)

# Short work is over before anybody looks, so nothing is told in the beginning.
FIRST_AFTER_SECONDS, EVERY_SECONDS = 1.0, 0.7
# Told from a connection of its own, so that others see it at once; it hardly waits for anybody.
PATIENCE = "SET lock_timeout = '200ms'"
TELL = """
UPDATE imports_fileimport SET stage = %s, stage_percent = %s, row_count = %s WHERE id = %s AND state = 'running'
"""


class Progress:
    """Notes stage, percentage and rows of one import; without an id it keeps them to itself."""

    def __init__(self, import_id: int | None = None) -> None:
        self._import_id = import_id
        self._next = time.monotonic() + FIRST_AFTER_SECONDS
        self._connection: BaseDatabaseWrapper | None = None
        self.row_count = 0

    def tell(self, stage: ImportStage, part: float, row_count: int | None = None) -> None:
        """`part` of the stage is done (0 to 1)."""
        self.row_count = self.row_count if row_count is None else row_count
        if self._import_id is None or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        try:
            self._write(stage, min(max(int(part * 100), 0), 100))
        except DatabaseError as error:  # The work itself must not fail for a bar that does not move.
            logger.warning("The progress of import %s was not told: %s", self._import_id, error)
            self.close()

    def _write(self, stage: ImportStage, percent: int) -> None:
        is_new = self._connection is None
        self._connection = self._connection or connections.create_connection("default")
        with self._connection.cursor() as cursor:
            if is_new:
                cursor.execute(PATIENCE)
            cursor.execute(TELL, [stage, percent, self.row_count, self._import_id])

    def close(self) -> None:
        """Ends the connection; call it before the import's own row is written."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
