"""Addresses of `suppliers` under /api/v1/."""

from rest_framework.routers import SimpleRouter

from suppliers.api.views import SupplierTermsViewSet, SupplierViewSet

router = SimpleRouter()
router.register("suppliers", SupplierViewSet, basename="supplier")
router.register("supplier-terms", SupplierTermsViewSet, basename="supplier-terms")
urlpatterns = router.urls
