"""Addresses of the pages of `forecasting`."""

from django.urls import path

from forecasting.views import accuracy, overrides

app_name = "forecasting"
urlpatterns = [
    path("planning/accuracy/", accuracy.accuracy, name="accuracy"),
    path("planning/overrides/", overrides.overrides, name="overrides"),
    path("planning/overrides/new/", overrides.new_override, name="new_override"),
    path("planning/overrides/preview/", overrides.preview, name="override_preview"),
    path("planning/overrides/<int:pk>/", overrides.override, name="override"),
    path("planning/overrides/<int:pk>/end/", overrides.end, name="end_override"),
]
