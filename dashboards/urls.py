"""Addresses of the pages of `dashboards`."""

from django.urls import path

from dashboards.views import home

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
]
