"""Addresses of the pages of `suppliers`."""

from django.urls import path

from suppliers.views import suppliers

app_name = "suppliers"
urlpatterns = [
    path("suppliers/", suppliers.suppliers, name="list"),
]
