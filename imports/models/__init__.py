"""Tables of imports."""

from imports.models.import_record import ImportRecord

__all__ = ["ImportRecord"]
