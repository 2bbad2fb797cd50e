"""Addresses of the pages of `forecasting`."""

from django.urls import URLPattern

app_name = "forecasting"
urlpatterns: list[URLPattern] = []
