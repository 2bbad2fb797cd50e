"""Addresses of the pages of `imports`."""

from django.urls import path

from imports.views import exports, files, upload

app_name = "imports"
urlpatterns = [
    path("import/", upload.upload, name="upload"),
    path("import/templates/<slug:kind>.<slug:ending>", upload.template, name="template"),
    path("import/first-list/", upload.first_list, name="first_list"),
    path("import/<int:pk>/", files.file, name="file"),
    path("import/<int:pk>/start/", files.start, name="start"),
    path("import/<int:pk>/discard/", files.discard, name="discard"),
    path("export/<slug:name>.<slug:ending>", exports.export, name="export"),
    path("import/<int:pk>/errors.<slug:ending>", files.errors, name="errors"),
]
