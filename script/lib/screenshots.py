"""Pictures of the demo for the README: a real browser on a running installation."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from script.lib.browser import find_chromium
from script.lib.processes import ROOT

IMAGES = ROOT / "docs" / "images"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# Name of the picture, who looks, the address, the size of the window.
PICTURES: list[tuple[str, str, str, ViewportSize]] = [
    ("stockouts", "manager", "/stockouts/", DESK),
    ("proposals", "purchaser", "/proposals/", DESK),
    ("home-phone", "anna", "/", PHONE),
]


def password_of(username: str) -> str:
    """The demo's password of this login, as the first start noted it."""
    state = Path(os.environ.get("YOUHUO_STATE") or ROOT / ".youhuo")
    logins = json.loads((state / "demo_logins.json").read_text())
    return str(next(login["password"] for login in logins if login["username"] == username))


@contextmanager
def signed_in(browser: Browser, address: str, username: str, size: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="en", color_scheme="light", device_scale_factor=1)
    page = context.new_page()
    page.goto(f"{address}/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password_of(username))
    page.locator("main button[type=submit], form button[type=submit]").last.click()
    page.wait_for_url(f"{address}/")
    yield page
    context.close()


def main(arguments: list[str]) -> int:
    address = arguments[0] if arguments else "http://127.0.0.1:8000"
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=FLAGS)
        for name, username, path, size in PICTURES:
            with signed_in(browser, address, username, size) as page:
                page.goto(f"{address}{path}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=IMAGES / f"{name}.png")
                sys.stdout.write(f"{name}.png\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
