"""The months of a supplier on a phone: figures stay inside their card, and the bars can still be seen."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils import translation

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = """() => [...document.querySelectorAll(".bars > *")].map((one) => {
  const card = one.closest(".card").getBoundingClientRect(), box = one.getBoundingClientRect();
  return [box.right <= Math.min(card.right, window.innerWidth), one.tagName !== "PROGRESS" || box.width >= 40];
})"""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_figures_of_a_month_stay_inside_the_card(page, live_server, language):
    record = SimpleNamespace(lines=12484, in_time_in_full=11800, otif=Decimal("0.946"), fill=Decimal("0.993"))
    with translation.override(language):
        months = [SimpleNamespace(month=date(2026, 9, 1), record=record)]
        card = render_to_string("dashboards/_supplier_months.html", {"record": SimpleNamespace(months=months)})
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(f"{live_server.url}/sign-in/")
    page.evaluate("(html) => (document.querySelector('main').innerHTML = html)", card)
    assert page.evaluate(WIDTHS) == [[True, True]] * 3
