"""Addresses of the pages of `alerts`."""

from django.urls import path

from alerts.views import alerts

app_name = "alerts"
urlpatterns = [
    path("alerts/", alerts.alerts, name="list"),
    path("alerts/<int:pk>/acknowledge/", alerts.acknowledge, name="acknowledge"),
    path("alerts/<int:pk>/snooze/", alerts.snooze, name="snooze"),
]
