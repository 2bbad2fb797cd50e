"""Addresses of the pages of `inventory`."""

from django.urls import path

from inventory.views import sending, shelf, skus

app_name = "inventory"
urlpatterns = [
    path("stock/sell/", shelf.sell_goods, name="sell"),
    path("stock/receive/", shelf.receive, name="receive"),
    path("stock/adjust/", shelf.adjust, name="adjust"),
    path("stock/count/", shelf.count, name="count"),
    path("stock/send/", sending.send, name="send"),
    path("skus/<int:pk>/edit/", skus.edit_sku, name="sku_edit"),
    path("stock/suggestions/", shelf.suggestions, name="suggestions"),
]
