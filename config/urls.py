"""All addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config.health import alive, ready
from config.offline import offline_page, offline_worker

# Addresses are tried in this order, so those that tills call all day stand first.
APPS = ("inventory", "orders", "suppliers", "forecasting", "alerts", "imports", "people", "accounts", "jobs", "outbox")

api_urlpatterns = [path("", include(f"{app}.api.urls")) for app in (*APPS, "dashboards")]

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("offline/", offline_page, name="offline_page"),
    path("offline-worker.js", offline_worker, name="offline_worker"),
    path("api/v1/", include((api_urlpatterns, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    # The split view loads its script from an address of ours, so that it lives with the strict content security policy.
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    *(path("", include(f"{app}.urls")) for app in APPS),
    path("", include("dashboards.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
