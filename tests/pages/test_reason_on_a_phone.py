"""Why a number is proposed stays inside its panel on a phone, however long the name of a closing period is."""

import pytest
from django.template import Context, Template

from orders.views.reason_rows import ReasonRow

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [
    ReasonRow(
        "They are closed", "Cold store maintenance of the whole site (Dec 8 – Dec 13)", "from the calendar", False
    ),
    ReasonRow("Price of a unit", "$1.42", "from the terms", is_result=False),
]
SHOW = """([sheet, html]) => new Promise((done) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet, onload: done });
  document.head.append(link);
  document.querySelector("main").innerHTML = html;
})"""
PANEL = """{% for row in lines %}<div class="why__row">
<dt>{{ row.label }}</dt><dd>{{ row.figure }}</dd></div>{% endfor %}"""


def test_a_long_figure_goes_on_below_and_a_short_one_does_not(page, live_server):
    html = Template(PANEL).render(Context({"lines": ROWS}))
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/sign-in/")
    page.evaluate(SHOW, [f"{live_server.url}/static/css/orders.css", html])
    long, short = page.locator("dd").all()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert long.bounding_box()["height"] > 1.5 * short.bounding_box()["height"]
