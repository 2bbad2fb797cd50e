"""On a phone the chart of a SKU is moved with one finger, spread with two, and shown whole by a double tap."""

import pytest
from django.urls import reverse

from tests.pages.conftest import PASSWORD, make_user
from tests.pages.test_sku_forecast import foreseen

__all__ = ["foreseen"]
pytestmark = pytest.mark.django_db(transaction=True)

# The first and the last day in sight: a canvas has no text, but the hint beside the pointer names its day.
SHOWN = """
() => {
  const over = document.querySelector("[data-chart] .u-over");
  const box = over.getBoundingClientRect();
  const day = (share) => {
    const spot = { clientX: box.left + share * box.width, clientY: box.top + 90, bubbles: true };
    over.dispatchEvent(new MouseEvent("mousemove", spot));
    return document.querySelector(".chart__tip div").textContent;
  };
  return [day(0.002), day(0.998)].map((text) => Date.parse(text + " UTC") / 86400000);
}
"""


@pytest.fixture
def phone(new_context, live_server, shop, foreseen):
    page = new_context(
        viewport={"width": 375, "height": 740}, has_touch=True, is_mobile=True, locale="en-US"
    ).new_page()
    make_user("mia", "manager")
    page.goto(live_server.url + reverse("dashboards:sku", args=[shop.bread.pk]) + f"?location={shop.here.pk}")
    page.get_by_label("User name").fill("mia")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("[data-chart] .u-over").scroll_into_view_if_needed()
    return page


class Fingers:
    """Puts fingers on the chart, at shares of its width, and takes them off again."""

    def __init__(self, page):
        self.cdp, self.box = page.context.new_cdp_session(page), page.locator("[data-chart] .u-over").bounding_box()

    def send(self, kind, *shares):
        box = self.box
        spots = [{"x": box["x"] + s * box["width"], "y": box["y"] + 100, "id": n} for n, s in enumerate(shares)]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    def drag(self, *ways):
        """Each way is where a finger begins and where it ends."""
        self.send("touchStart", *(way[0] for way in ways))
        for step in range(1, 6):
            self.send("touchMove", *(a + (b - a) * step / 5 for a, b in ways))
        self.send("touchEnd")

    def tap(self):
        self.send("touchStart", 0.5)
        self.send("touchEnd")


def test_one_finger_moves_to_earlier_days_and_keeps_the_span(phone):
    first, last = phone.evaluate(SHOWN)
    Fingers(phone).drag((0.2, 0.7))
    earlier, until = phone.evaluate(SHOWN)
    assert earlier < first - 10
    assert until - earlier == pytest.approx(last - first, abs=2)


def test_two_fingers_spread_the_days_between_them_and_a_double_tap_shows_all(phone):
    first, last = phone.evaluate(SHOWN)
    Fingers(phone).drag((0.4, 0.1), (0.6, 0.9))
    begin, end = phone.evaluate(SHOWN)
    assert first < begin < end < last
    assert end - begin == pytest.approx((last - first) / 4, abs=3)
    finger = Fingers(phone)
    finger.tap()
    finger.tap()
    begin, end = phone.evaluate(SHOWN)
    assert begin < first - 10
    assert end >= last


def test_the_chart_does_not_leave_its_days(phone):
    for _again in range(4):
        Fingers(phone).drag((0.9, 0.1))
    first, last = phone.evaluate(SHOWN)
    Fingers(phone).drag((0.9, 0.1))
    assert phone.evaluate(SHOWN) == pytest.approx([first, last], abs=1)
