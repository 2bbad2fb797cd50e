"""Column types that Django does not bring."""

from typing import Any

from django.db import models


class RealField(models.FloatField):
    """A 4-byte float: measurements and forecasts, never the ledger or money."""

    def db_type(self, connection: Any) -> str:
        return "real"
