"""Addresses of `imports` under /api/v1/."""

from django.urls import path

from imports.api import exports, files

urlpatterns = [
    path("imports/", files.ImportsView.as_view(), name="imports"),
    path("imports/<int:pk>/", files.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/errors/", files.ImportErrorsView.as_view(), name="import_errors"),
    path("imports/<int:pk>/errors.<slug:ending>", files.ImportErrorFileView.as_view(), name="import_error_file"),
    path("exports/<slug:name>.<slug:ending>", exports.ExportView.as_view(), name="export"),
]
