"""Addresses of `people` under /api/v1/."""

from rest_framework.routers import SimpleRouter

from people.api.views import PersonViewSet

router = SimpleRouter()
router.register("people", PersonViewSet, basename="person")
urlpatterns = router.urls
