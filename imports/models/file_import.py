"""Files that people or programs brought, what became of them, and their bytes until these are of no use any more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Not loaded yet")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Loaded")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class ImportStage(models.TextChoices):
    READING = "reading", _("Reading")
    CHECKING = "checking", _("Checking")
    WRITING = "writing", _("Writing")


class FileImport(models.Model):
    """One file: what is in it, how to read it, how far the work is, and how it ended.

    `mapping` is empty (headings speak for themselves) or column name -> place in the file from 0. `encoding` is that of
    the stored bytes. A file of kind `UPLOADED` waits for a person to say "load"; every later state is the work's.
    """

    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.DONE)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    byte_count = models.BigIntegerField(default=0)
    encoding = models.CharField(max_length=12, blank=True, default="")
    mapping = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    stage = models.CharField(max_length=8, choices=ImportStage.choices, blank=True, default="")
    # Of the bytes read while reading, of the steps done afterwards: per cent of the stage.
    stage_percent = models.PositiveSmallIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    # The first errors as [row, column, code, value, hint, heading]; `error_count` counts all.
    errors = models.JSONField(default=list, blank=True)
    error_count = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="imports_state_known"),
            models.CheckConstraint(
                condition=Q(state="done") | Q(changed_count=0), name="imports_changed_only_when_done"
            ),
        ]
        indexes = [
            # Serves "was this file taken in before".
            models.Index(fields=["sha256"], name="imports_by_content"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def is_open(self) -> bool:
        """Work is going on, or about to."""
        return self.state in (ImportState.WAITING, ImportState.RUNNING)


class FilePiece(models.Model):
    """A piece of a file's bytes. Here and not on a disk, since web and workers may stand on different machines."""

    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_import", "number"], name="imports_piece_once")]

    def __str__(self) -> str:
        return f"{self.file_import_id} #{self.number}"
