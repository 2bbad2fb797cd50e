"""A digest is read on a phone, where nothing may be wider than the screen."""

from alerts.mails import digest_page
from alerts.services.digests import Digest, Row


def test_long_words_break_on_a_narrow_screen(page):
    row = Row("out", "Out of stock", "W" * 300, "$123,456.00", "", "")
    page.set_viewport_size({"width": 375, "height": 800})
    page.set_content(digest_page(Digest("S " * 40, "Out: 1", [row], "", "https://example.com/alerts/")))
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
