"""Addresses of `accounts` under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api.views import ApiKeyViewSet, MeView

router = SimpleRouter()
router.register("api-keys", ApiKeyViewSet, basename="api_key")
urlpatterns = [path("me/", MeView.as_view(), name="me"), *router.urls]
