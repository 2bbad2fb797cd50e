"""With the keyboard alone one walks along the days of a chart, zooms and sees all again."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.pages.conftest import PASSWORD, make_user
from tests.pages.test_accuracy_page import weeks
from tests.pages.test_chart_by_fingers import SHOWN
from tests.pages.test_sku_forecast import foreseen

__all__ = ["foreseen", "weeks"]
pytestmark = pytest.mark.django_db(transaction=True)
DAY = "%a, %b %-d, %Y"


def open_page(page, live_server, path):
    make_user("mia", "manager")
    page.goto(live_server.url + path)
    page.get_by_label("User name").fill("mia")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    chart = page.locator(".uplot")
    chart.focus()
    return chart


def test_arrows_walk_along_the_days_and_keys_zoom(page, live_server, shop, foreseen):
    chart = open_page(page, live_server, reverse("dashboards:sku", args=[shop.bread.pk]) + f"?location={shop.here.pk}")
    first, last = page.evaluate(SHOWN)
    day = page.locator(".chart__tip div").first
    chart.press("End")
    # Fourteen days from today on are forecast.
    expect(day).to_have_text((foreseen + timedelta(days=13)).strftime(DAY))
    chart.press("ArrowLeft")
    expect(day).to_have_text((foreseen + timedelta(days=12)).strftime(DAY))
    chart.press("+")
    begin, end = page.evaluate(SHOWN)
    assert end - begin == pytest.approx((last - first) / 2, abs=2)
    expect(page.locator("[data-chart]")).to_have_role("group")
    chart.press("Home")
    earlier, _until = page.evaluate(SHOWN)
    assert earlier < first
    chart.press("0")
    whole, until = page.evaluate(SHOWN)
    assert whole == pytest.approx(earlier, abs=1)
    assert date.fromordinal(date(1970, 1, 1).toordinal() + round(until)) == foreseen + timedelta(days=13)


def test_the_weeks_of_the_accuracy_page_are_read_by_keys(page, live_server, shop, weeks):
    chart = open_page(page, live_server, reverse("forecasting:accuracy"))
    chart.press("End")
    expect(page.locator(".chart__tip")).to_contain_text("Error of the forecast: 40%")
    chart.press("ArrowLeft")
    expect(page.locator(".chart__tip")).to_contain_text((weeks[1].week_ends_on).strftime("%b %-d"))
    page.keyboard.press("Tab")
    expect(page.locator(".chart__tip")).to_be_hidden()
