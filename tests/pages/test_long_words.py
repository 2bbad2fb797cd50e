"""What has no place to break, such as the address in a note, stays within a phone's page."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "https://example.com/" + "x" * 280
BODIES = {
    "facts": f'<div class="card"><dl class="facts"><dt>Note</dt><dd>{LONG}</dd></dl></div>',
    "text": f'<div class="page-head"><div class="page-head__text"><h1>Tea</h1><p>“{LONG}”</p></div></div>',
    "crumb": f'<div class="page-head"><div class="page-head__text"><a class="crumb" href="/">{LONG}</a></div></div>',
    "heading": f'<section class="card"><div class="card__head"><div class="grow"><h2>{LONG}</h2></div></div></section>',
    "list": f'<div class="list"><a class="list__row"><span class="list__text"><span>{LONG}</span></span></a></div>',
    "line": f'<ul><li class="line"><div class="line__row"><div class="line__name"><a>{LONG}</a></div></div></li></ul>',
    "arrival": f'<div class="card"><div class="receive"><div class="receive__text"><a>{LONG}</a></div></div></div>',
    "table": f'<table class="table"><tr><td class="cell--main"><a>{LONG}</a><span>{LONG}</span></td></tr></table>',
    "card": f'<section class="card"><p class="card__body small">“{LONG}”</p></section>',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_long_word_breaks(page, live_server, name):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/sign-in/")
    page.evaluate("(html) => (document.querySelector('main').innerHTML = html)", BODIES[name])
    assert page.evaluate("document.documentElement.scrollWidth") == 375
