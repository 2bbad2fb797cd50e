"""All addresses."""

from django.urls import include, path
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView

APPS = ("accounts", "jobs", "outbox", "inventory", "suppliers", "forecasting", "orders", "alerts")

api_urlpatterns = [path("", include(f"{app}.api.urls")) for app in (*APPS, "dashboards")]

urlpatterns = [
    path("api/v1/", include((api_urlpatterns, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[]), name="api_schema"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("i18n/catalog.js", JavaScriptCatalog.as_view(), name="javascript_catalog"),
    *(path("", include(f"{app}.urls")) for app in APPS),
    path("", include("dashboards.urls")),
]
