"""Addresses of `inventory` under /api/v1/."""

from django.urls import path

from inventory.api import acts, kits, lists, postings, reservations, stock_count_acts, stock_counts, styles, transfers
from inventory.api import acts, feed, lists, styles, transfers

urlpatterns = [
    path("skus/", lists.SkusView.as_view(), name="skus"),
    path("skus/<int:pk>/", lists.SkuView.as_view(), name="sku"),
    path("categories/", lists.CategoriesView.as_view(), name="categories"),
    path("reasons/", styles.ReasonsView.as_view(), name="reasons"),
    path("styles/", styles.StylesView.as_view(), name="styles"),
    path("styles/<int:pk>/", styles.StyleView.as_view(), name="style"),
    path("styles/<int:pk>/variants/", styles.VariantsView.as_view(), name="style_variants"),
    path("styles/<int:pk>/matrix/", styles.MatrixView.as_view(), name="style_matrix"),
    path("locations/", lists.LocationsView.as_view(), name="locations"),
    path("stock-levels/", lists.LevelsView.as_view(), name="stock_levels"),
    path("movements/", lists.MovementsView.as_view(), name="movements"),
    path("movements/feed/", feed.FeedView.as_view(), name="movement_feed"),
    path("lost-sales/", lists.LostSalesView.as_view(), name="lost_sales"),
    path("stockouts/", lists.StockoutsView.as_view(), name="stockouts"),
    path("sales/", acts.SaleView.as_view(), name="sales"),
    path("returns/", acts.ReturnView.as_view(), name="returns"),
    path("receipts/", acts.ReceiptView.as_view(), name="receipts"),
    path("adjustments/", acts.AdjustmentView.as_view(), name="adjustments"),
    path("counts/", acts.CountView.as_view(), name="counts"),
    path("stock-counts/", stock_counts.StockCountsView.as_view(), name="stock_counts"),
    path("stock-counts/due/", stock_counts.DueView.as_view(), name="stock_counts_due"),
    path("stock-counts/<int:pk>/", stock_counts.StockCountView.as_view(), name="stock_count"),
    path("stock-counts/<int:pk>/lines/", stock_counts.CountLinesView.as_view(), name="stock_count_lines"),
    path("stock-counts/<int:pk>/sheet/", stock_counts.CountSheetView.as_view(), name="stock_count_sheet"),
    path("stock-counts/<int:pk>/entries/", stock_counts.CountEntriesView.as_view(), name="stock_count_entries"),
    path("stock-counts/<int:pk>/submit/", stock_count_acts.SubmitView.as_view(), name="stock_count_submit"),
    path("stock-counts/<int:pk>/approve/", stock_count_acts.ApproveView.as_view(), name="stock_count_approve"),
    path("stock-counts/<int:pk>/dismiss/", stock_count_acts.DismissView.as_view(), name="stock_count_dismiss"),
    path("stock-counts/<int:pk>/recount/", stock_count_acts.RecountView.as_view(), name="stock_count_recount"),
    path("stock-counts/<int:pk>/cancel/", stock_count_acts.CancelCountView.as_view(), name="stock_count_cancel"),
    path("shelf-positions/", stock_counts.ShelfPositionsView.as_view(), name="shelf_positions"),
    path("transfers/", transfers.TransfersView.as_view(), name="transfers"),
    path("transfers/<int:pk>/", transfers.TransferView.as_view(), name="transfer"),
    path("transfers/<int:pk>/ship/", transfers.ShipView.as_view(), name="transfer_ship"),
    path("transfers/<int:pk>/receive/", transfers.ArrivalView.as_view(), name="transfer_receive"),
    path("transfers/<int:pk>/cancel/", transfers.CancelView.as_view(), name="transfer_cancel"),
]
