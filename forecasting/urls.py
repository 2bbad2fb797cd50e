"""Addresses of the pages of `forecasting`."""

from django.urls import path

from forecasting.views import accuracy, calendar, countries, overrides, predecessors

app_name = "forecasting"
urlpatterns = [
    path("planning/calendar/", calendar.calendar, name="calendar"),
    path("planning/calendar/new/", calendar.new_promotion, name="new_promotion"),
    path("planning/calendar/packs/", calendar.packs, name="packs"),
    path("planning/calendar/effects/", calendar.effects, name="effects"),
    path("planning/calendar/countries/", countries.countries, name="countries"),
    path("planning/calendar/<int:pk>/", calendar.promotion, name="promotion"),
    path("planning/calendar/<int:pk>/delete/", calendar.delete, name="delete_promotion"),
    path("planning/accuracy/", accuracy.accuracy, name="accuracy"),
    path("planning/overrides/", overrides.overrides, name="overrides"),
    path("planning/overrides/new/", overrides.new_override, name="new_override"),
    path("planning/overrides/preview/", overrides.preview, name="override_preview"),
    path("planning/overrides/<int:pk>/", overrides.override, name="override"),
    path("planning/overrides/<int:pk>/end/", overrides.end, name="end_override"),
    path("planning/predecessors/<int:pk>/", predecessors.predecessor, name="predecessor"),
    path("planning/predecessors/<int:pk>/drop/", predecessors.drop, name="drop_predecessor"),
]
