"""Tables of imports."""

from imports.models.file_import import FileImport, FilePiece, ImportStage, ImportState

__all__ = ["FileImport", "FilePiece", "ImportStage", "ImportState"]
