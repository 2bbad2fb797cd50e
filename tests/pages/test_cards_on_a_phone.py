"""Tables that become cards on a phone: a long figure breaks in its half of the card, and runs into nothing."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
CARD = """<div class="card"><table class="table table--cards"><tbody><tr>
<td class="cell--number" data-label="Used">US$0.00，共 US$600,000.00，已用 US$1,200.00</td>
<td class="cell--number" data-label="Left">US$6,000.00</td></tr></tbody></table></div>"""


def test_a_long_figure_stays_in_its_half_of_the_card(page, live_server):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/sign-in/")
    page.evaluate("(html) => (document.querySelector('main').innerHTML = html)", CARD)
    used = page.locator("td").first
    assert used.evaluate("(cell) => cell.scrollWidth <= cell.clientWidth")
