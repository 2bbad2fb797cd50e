"""Django app: suppliers."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"
