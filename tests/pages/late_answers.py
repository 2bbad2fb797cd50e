"""Answers of the server that a test holds back, as a slow connection does, until it lets them go."""

from playwright.sync_api import expect


class Held:
    """Requests to `address` that wait for `let_go`; those that come after it go through."""

    def __init__(self, page, address):
        self.page, self.address, self.routes, self.is_open = page, address, [], False
        page.route(address, self._hold)

    def _hold(self, route):
        if self.is_open:
            route.continue_()
        else:
            self.routes.append(route)

    def wait_for(self, number):
        """Returns when so many requests wait."""
        for _look in range(400):
            if len(self.routes) >= number:
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"{len(self.routes)} of {number} requests came to {self.address}")

    def let_go(self):
        self.is_open = True
        for route in self.routes:
            route.continue_()


def signed_in_page(page, live_server, client):
    """The page with the session of a test client, without the way through the sign-in."""
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()]
    )
    return page


def asleep(page, address):
    """Opens an address whose scripts are still on their way; `let_go` of the answer brings them."""
    held = Held(page, "**/js/app.js")
    page.goto(address, wait_until="commit")
    held.wait_for(1)
    expect(page.locator("dialog#confirm")).to_be_attached()
    return held
