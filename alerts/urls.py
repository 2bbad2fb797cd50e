"""Addresses of the pages of `alerts`."""

from django.urls import URLPattern

app_name = "alerts"
urlpatterns: list[URLPattern] = []
