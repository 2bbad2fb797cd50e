"""What has no place to break, such as the address in a note, stays within a phone's page."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "https://example.com/" + "x" * 280
BODIES = {
    "facts": f'<div class="card"><dl class="facts"><dt>Note</dt><dd>{LONG}</dd></dl></div>',
    "text": f'<div class="page-head"><div class="page-head__text"><h1>Tea</h1><p>“{LONG}”</p></div></div>',
    "card": f'<section class="card"><p class="card__body small">“{LONG}”</p></section>',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_long_word_breaks(page, live_server, name):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/sign-in/")
    page.evaluate("(html) => (document.querySelector('main').innerHTML = html)", BODIES[name])
    assert page.evaluate("document.documentElement.scrollWidth") == 375
