"""Addresses of the pages of `suppliers`."""

from django.urls import path

from suppliers.views import suppliers, terms

app_name = "suppliers"
urlpatterns = [
    path("suppliers/", suppliers.suppliers, name="list"),
    path("skus/<int:sku_id>/terms/new/", terms.new_terms, name="new_terms"),
    path("terms/<int:pk>/", terms.edit_terms, name="terms"),
    path("terms/<int:pk>/end/", terms.end, name="end_terms"),
]
