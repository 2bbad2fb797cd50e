"""Addresses of the pages of `imports`."""

from django.urls import path

from imports.views import upload

app_name = "imports"
urlpatterns = [
    path("import/", upload.upload, name="upload"),
    path("import/templates/<slug:kind>.csv", upload.template, name="template"),
    path("import/first-list/", upload.first_list, name="first_list"),
]
