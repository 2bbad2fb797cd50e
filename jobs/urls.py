"""Addresses of the pages of `jobs`."""

from django.urls import path

from jobs.views import runs

app_name = "jobs"
urlpatterns = [
    path("jobs/", runs.jobs, name="list"),
    path("jobs/<int:pk>/", runs.run, name="run"),
    path("jobs/<int:pk>/retry/", runs.retry, name="retry"),
]
