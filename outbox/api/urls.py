"""Addresses of `outbox` under /api/v1/."""

from rest_framework.routers import SimpleRouter

from outbox.api.views import DeliveryViewSet, EndpointViewSet

router = SimpleRouter()
router.register("webhook-endpoints", EndpointViewSet, basename="webhook_endpoint")
router.register("webhook-deliveries", DeliveryViewSet, basename="webhook_delivery")
urlpatterns = router.urls
