"""Addresses of the pages of `inventory`."""

from django.urls import path

from inventory.views import bins, count_reports, count_sheets, counts, labels, reasons, sending, shelf, skus, styles

app_name = "inventory"
urlpatterns = [
    path("stock/sell/", shelf.sell_goods, name="sell"),
    path("stock/receive/", shelf.receive, name="receive"),
    path("stock/adjust/", shelf.adjust, name="adjust"),
    path("stock/count/", shelf.count, name="count"),
    path("counts/", counts.stock_counts, name="stock_counts"),
    path("counts/new/", counts.count_new, name="count_new"),
    path("counts/due/", counts.counts_due, name="counts_due"),
    path("counts/places/", count_reports.shelf_positions, name="shelf_positions"),
    path("counts/rules/<int:pk>/", count_reports.count_policy, name="count_policy"),
    path("counts/shrinkage/", count_reports.shrinkage, name="shrinkage"),
    path("counts/lines/<int:pk>/", count_sheets.count_line, name="count_line"),
    path("counts/sheets/worker.js", count_sheets.count_worker, name="count_worker"),
    path("counts/sheets/<int:pk>/", count_sheets.count_sheet, name="count_sheet"),
    path("counts/<int:pk>/", counts.stock_count, name="stock_count"),
    path("counts/<int:pk>/submit/", counts.submit, name="count_submit"),
    path("counts/<int:pk>/decide/", counts.decide, name="count_decide"),
    path("counts/<int:pk>/cancel/", counts.cancel, name="count_cancel"),
    path("stock/send/", sending.send, name="send"),
    path("skus/new/", skus.new_sku, name="sku_new"),
    path("skus/variant-fields/", skus.variant_fields, name="variant_fields"),
    path("skus/<int:pk>/edit/", skus.edit_sku, name="sku_edit"),
    path("styles/", styles.styles, name="styles"),
    path("styles/new/", styles.new_style, name="new_style"),
    path("styles/<int:pk>/", styles.style, name="style"),
    path("styles/<int:pk>/edit/", styles.edit_style, name="edit_style"),
    path("styles/<int:pk>/variants/", styles.make_variants, name="make_variants"),
    path("reasons/", reasons.reasons, name="reasons"),
    path("reasons/<int:pk>/", reasons.edit_reason, name="edit_reason"),
    path("places/", bins.bins, name="bins"),
    path("places/bins/", bins.new_bins, name="new_bins"),
    path("places/bins/<int:pk>/", bins.edit_bin, name="edit_bin"),
    path("labels/", labels.labels, name="labels"),
    path("stock/suggestions/", shelf.suggestions, name="suggestions"),
]
