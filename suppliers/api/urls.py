"""Addresses of `suppliers` under /api/v1/."""

from rest_framework.routers import SimpleRouter

from suppliers.api.closures import SupplierClosureViewSet
from suppliers.api.views import SupplierTermsViewSet, SupplierViewSet

router = SimpleRouter()
router.register("suppliers", SupplierViewSet, basename="supplier")
router.register("supplier-terms", SupplierTermsViewSet, basename="supplier-terms")
router.register("supplier-closures", SupplierClosureViewSet, basename="supplier-closure")
urlpatterns = router.urls
