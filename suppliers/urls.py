"""Addresses of the pages of `suppliers`."""

from django.urls import path

from suppliers.views import closures, edit, suppliers, terms

app_name = "suppliers"
urlpatterns = [
    path("suppliers/", suppliers.suppliers, name="list"),
    path("suppliers/new/", edit.new, name="new"),
    path("skus/<int:sku_id>/terms/new/", terms.new_terms, name="new_terms"),
    path("terms/<int:pk>/", terms.edit_terms, name="terms"),
    path("terms/<int:pk>/end/", terms.end, name="end_terms"),
    path("suppliers/<int:pk>/edit/", edit.edit, name="edit"),
    path("suppliers/<int:pk>/closures/", closures.closures, name="closures"),
    path("suppliers/<int:pk>/closures/add/", closures.add, name="add_closure"),
    path("suppliers/<int:pk>/closures/offered/", closures.add_offered, name="add_offered"),
    path("suppliers/<int:pk>/closures/<int:closure_id>/", closures.change, name="closure"),
    path("suppliers/<int:pk>/closures/<int:closure_id>/drop/", closures.drop, name="drop_closure"),
]
