"""Files that were taken in."""

from django.conf import settings
from django.db import models


class ImportRecord(models.Model):
    """One file taken in, whole. A file that was refused leaves no row."""

    kind = models.CharField(max_length=30)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    row_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
