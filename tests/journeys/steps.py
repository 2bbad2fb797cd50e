"""What a person does in the browser, one function for each step."""

from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD

PATIENCE_MS = 30_000


class Person:
    """Somebody signed in with a browser of their own, on a phone or at a desk."""

    def __init__(self, new_context, address, name, *, phone=False):
        size = {"width": 375, "height": 740} if phone else {"width": 1440, "height": 900}
        self.page = new_context(viewport=size, locale="en").new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.address = address
        self.open("/sign-in/")
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.locator("[name=password]")).to_have_count(0)

    def open(self, path):
        self.page.goto(f"{self.address}{path}")

    def sells(self, code, quantity):
        """Scans a code, sets the quantity and posts."""
        self.open("/stock/sell/")
        self.page.locator("#code").fill(code)
        self.page.locator("#code").press("Enter")
        self.page.locator("[name=line_quantity]").fill(str(quantity))
        self.page.locator("#entry-post").click()
        expect(self.page.locator("[name=line_quantity]")).to_have_count(0)

    def sees(self, path, text):
        """Opens a page again and again until the text is there."""
        self._poll(path, lambda: self.page.get_by_text(text).first.is_visible())

    def no_longer_sees(self, path, text):
        self._poll(path, lambda: self.page.get_by_text(text).count() == 0)

    def _poll(self, path, condition):
        for _look in range(120):
            self.open(path)
            if condition():
                return
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{path} never came to show what was waited for: {self.page.inner_text('main')}")
