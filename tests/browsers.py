"""Browser tests: Playwright drives an installed Chromium; where there is none they are skipped, and said to be."""

import os

import pytest
from playwright.sync_api import expect

from script.lib.browser import MISSING, find_chromium

# A busy machine answers late, which is no fault; what never comes is still one.
expect.set_options(timeout=20_000)

# Chromium as root needs --no-sandbox; the others keep it from calling home, which a test may not do.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}


def skip_without_browser(items):
    """Skip the tests that ask for a browser where there is none; with CI=true that is an error."""
    asking = [item for item in items if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ()))]
    if not asking:
        return
    # Playwright's event loop lives in the test's thread, where Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if find_chromium() is not None:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError("No Chromium was found, and CI=true does not let the browser tests be skipped.")
    for item in asking:
        item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """What a service worker asks for passes by `page.route`; tests of workers say that they want them, by the mark of
    the same name."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": str(find_chromium()), "args": CHROMIUM_FLAGS}
