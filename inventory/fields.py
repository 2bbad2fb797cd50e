"""Column types that Django does not bring."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    # Some columns may be null and others not; the field alone knows.
    Floats = models.FloatField[Any, Any]
else:
    Floats = models.FloatField


class RealField(Floats):
    """A 4-byte float: measurements and forecasts, never the ledger or money."""

    def db_type(self, connection: Any) -> str:
        return "real"
