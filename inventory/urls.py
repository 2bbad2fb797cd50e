"""Addresses of the pages of `inventory`."""

from django.urls import URLPattern

app_name = "inventory"
urlpatterns: list[URLPattern] = []
