"""The page of a SKU: levels, reason, ledger, chart, and nothing of other stores."""

import re
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from dashboards.selectors.sku_chart import HISTORY_DAYS
from inventory.models import DemandBlock, Listing, Location, LocationKind, StockLevel
from inventory.services.receiving import receive_goods
from inventory.services.sales import GoodsLine

DAYS = 128


def page_of(client, sku, **query):
    return client.get(reverse("dashboards:sku", args=[sku.pk]), query)


def test_the_levels_of_all_own_stores_stand_there(manager, shop):
    page = page_of(manager, shop.bread)
    assert [(row.location.code, row.on_hand) for row in page.context["rows"]] == [("HERE", 10), ("THERE", 0)]


def test_staff_do_not_see_the_other_store(staff, shop):
    page = page_of(staff, shop.bread)
    assert [row.location.code for row in page.context["rows"]] == ["HERE"]
    assert "There" not in page.content.decode()


def test_another_store_or_none_is_not_found(staff, shop):
    assert page_of(staff, shop.bread, location=shop.there.pk).status_code == 404
    assert page_of(staff, shop.bread, location="x").status_code == 404
    assert staff.get(reverse("dashboards:sku", args=[0])).status_code == 404
    assert staff.get(reverse("dashboards:sku_ledger", args=[shop.bread.pk, shop.there.pk])).status_code == 404


def test_a_place_where_it_is_not_on_sale_is_shown_without_figures(manager, shop):
    Listing.objects.filter(sku=shop.bread, location=shop.there).delete()
    StockLevel.objects.update_or_create(
        sku=shop.bread, location=shop.there, defaults={"on_hand": 3, "updated_at": timezone.now()}
    )
    page = page_of(manager, shop.bread)
    assert (page.status_code, page.context["rows"][1].risk) == (200, None)
    assert "Not on sale" in page.content.decode()


def test_before_the_first_night_it_says_why_nothing_is_ordered(staff, shop):
    assert page_of(staff, shop.bread).context["why"].code == "not_planned"


def test_the_ledger_goes_on_where_the_page_ended(staff, shop):
    for number in range(30):
        lines = [GoodsLine(shop.bread.pk, Decimal(number + 1))]
        receive_goods(location=shop.here, lines=lines, key=f"r{number}", user=None, now=timezone.now())
    first = page_of(staff, shop.bread).context["ledger"]
    address = reverse("dashboards:sku_ledger", args=[shop.bread.pk, shop.here.pk])
    rest = staff.get(address, {"before": first.older}).context["ledger"]
    assert [row.change for row in first.rows] == list(range(30, 5, -1))
    assert [row.change for row in rest.rows] == [5, 4, 3, 2, 1, 10]
    assert rest.older == ""


def test_days_of_the_ledger_name_their_month(staff, shop):
    """11/12 could be read two ways."""
    assert not re.search(r"[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}", page_of(staff, shop.bread).content.decode())


def test_a_cursor_of_nonsense_shows_the_newest(staff, shop):
    assert len(page_of(staff, shop.bread, before="x-y").context["ledger"].rows) == 1


def test_the_chart_has_the_closed_days_of_half_a_year(staff, shop):
    today = timezone.now().date()
    start = today - timedelta(days=today.toordinal() % DAYS)
    DemandBlock.objects.create(
        sku=shop.bread, location=shop.here, starts_on=start - timedelta(days=DAYS), sold=[1] * DAYS, lost=[0] * DAYS,
        in_stock=[1] * DAYS,
    )  # fmt: skip
    chart = page_of(staff, shop.bread).context["chart"]
    first = max(start - timedelta(days=DAYS), today - timedelta(days=HISTORY_DAYS))
    assert chart["days"][0] == first.isoformat()
    assert len(chart["days"]) == sum(chart["sold"]) == (start - first).days
    assert chart["mean"] == []


def test_the_chart_of_a_warehouse_is_that_of_the_stores_it_supplies(manager, shop):
    today = timezone.now().date()
    start = today - timedelta(days=today.toordinal() % DAYS + DAYS)
    for place in (shop.here, shop.there):
        DemandBlock.objects.create(
            sku=shop.bread, location=place, starts_on=start, sold=[2] * DAYS, lost=[0] * DAYS, in_stock=[1] * DAYS
        )
    Location.objects.filter(pk=shop.here.pk).update(kind=LocationKind.WAREHOUSE)
    Location.objects.filter(pk=shop.there.pk).update(supplied_by=shop.here)
    assert set(page_of(manager, shop.bread, location=shop.here.pk).context["chart"]["sold"]) == {4}
    assert set(page_of(manager, shop.bread, location=shop.there.pk).context["chart"]["sold"]) == {2}


def test_htmx_gets_the_part_about_one_store(manager, shop):
    address = reverse("dashboards:sku", args=[shop.bread.pk])
    page = manager.get(address, {"location": shop.there.pk}, headers={"HX-Request": "true"})
    assert b"<html" not in page.content
    assert page.context["place"] == shop.there
