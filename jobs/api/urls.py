"""Addresses of `jobs` under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from jobs.api.views import JobHealthView, JobRunViewSet

router = SimpleRouter()
router.register("job-runs", JobRunViewSet, basename="job_run")
urlpatterns = [path("jobs/", JobHealthView.as_view(), name="job_health"), *router.urls]
