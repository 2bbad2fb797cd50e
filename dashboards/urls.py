"""Addresses of the pages of `dashboards`."""

from django.urls import path

from dashboards.views import guide, home, sku, stock, stockouts, supplier

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("guide/", guide.guide, name="guide"),
    path("stock/", stock.stock, name="stock"),
    path("stockouts/", stockouts.stockouts, name="stockouts"),
    path("suppliers/<int:pk>/", supplier.supplier, name="supplier"),
    path("skus/<int:sku_id>/", sku.sku, name="sku"),
    path("skus/<int:sku_id>/at/<int:location_id>/ledger/", sku.sku_ledger, name="sku_ledger"),
]
